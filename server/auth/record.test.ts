import { afterAll, beforeAll, expect, test } from "bun:test";

import { sql } from "../../db/client.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp } from "../../test/app.ts";
import { buildApp } from "../app.ts";
import { config } from "../config.ts";
import { stopRuns } from "../runs/heartbeat.ts";
import { insertApiKey, insertSession, insertSignInLink } from "./queries.ts";
import { ensureUser } from "./users/queries.ts";

/** Routes that are sent by POST and change nothing. */
const QUESTIONS = ["POST /filter", "POST /api/filter/scan"];

/** Routes whose records are shown where their feature is tested, because it takes more than a request to get there. */
const ELSEWHERE = [
  "POST /api/jobs/:name/run",
  "POST /jobs/:name/run",
  "POST /api/runs/:id/stop",
  "POST /runs/:id/stop",
  "POST /api/security/oddity-rules",
  "POST /security/rules/:type",
  "POST /api/security/triage",
  "POST /api/security/triage/undo",
  "POST /security/triage",
  "POST /security/triage/undo",
  "POST /account/message-requests/:id",
  "POST /api/account/message-requests/:id",
  "POST /api/documents/versions/:id/decide",
  "POST /api/prompts/:id/activate",
  "POST /api/prompts/proposals/:id/decide",
  "POST /documents/:id",
  "POST /prompts/:number/activate",
  "POST /proposals/:id",
];

/**
 * Everything that a person or a program can change, with what is sent and the kind of record that it leaves in the chain under their name. A new
 * route that changes something belongs into one of these lists.
 */
type Change = { kind: string; body?: object | undefined; id?: () => Promise<string>; prepare?: () => Promise<unknown> };
const CHANGES: Record<string, Change> = {
  "POST /account/resume": { kind: "account.resumed", body: { reason: "Looked into it" }, prepare: freeze },
  "POST /api/account/resume": { kind: "account.resumed", body: { reason: "Looked into it" }, prepare: freeze },
  "POST /api/audit/verify": { kind: "audit.verified" },
  "POST /audit/verify": { kind: "audit.verified" },
  "POST /api/security/blocked-authors": { kind: "author.blocked", body: { author: "one", reason: "Sends links" } },
  "POST /api/security/blocked-authors/unblock": { kind: "author.unblocked", body: { author: "one" } },
  "POST /authors": { kind: "author.blocked", body: { author: "two", reason: "Sends links" } },
  "POST /authors/:id/unblock": {
    kind: "author.unblocked",
    id: () => idOf(sql`select id from blocked_authors where author = 'two' and unblocked_at is null`),
  },
  "POST /api/prompts": { kind: "prompt.created", body: { text: "Be kind to crabs.", reason: "Try it" } },
  "POST /prompts": { kind: "prompt.created", body: { text: "Be kind to lobsters.", reason: "Try it" } },
  "POST /api/runs": { kind: "run.recorded", body: { run_id: "outside", started_at: "2026-01-01T00:00:00Z" } },
  "PATCH /api/runs/:id": { kind: "run.recorded", body: { summary: "Read the feed" }, id: async () => "outside" },
  "POST /api/runs/:id/actions": { kind: "actions.recorded", body: { action_type: "upvoted", target_id: "p1" }, id: async () => "outside" },
  "POST /api/jobs/:name/pause": { kind: "job.paused", body: { reason: "Too busy" }, id: async () => "maintain" },
  "POST /api/jobs/:name/resume": { kind: "job.resumed", body: {}, id: async () => "maintain" },
  "POST /jobs/:name/pause": { kind: "job.paused", body: { reason: "Too busy" }, id: async () => "maintain" },
  "POST /jobs/:name/resume": { kind: "job.resumed", id: async () => "maintain" },
  "POST /heartbeats": { kind: "heartbeat.requested", body: { dry_run: "1" } },
  "POST /api/keys": { kind: "key.created", body: { name: "made by API", scope: "read" } },
  "DELETE /api/keys/:id": { kind: "key.revoked", id: () => idOf(sql`select id from api_keys where name = 'made by API'`) },
  "POST /settings/keys": { kind: "key.created", body: { name: "made by hand", scope: "read" } },
  "POST /settings/keys/:id/revoke": { kind: "key.revoked", id: () => idOf(sql`select id from api_keys where name = 'made by hand'`) },
  "POST /api/users": { kind: "user.created", body: { name: "ann" } },
  "POST /api/users/:id/link": { kind: "link.created", body: {}, id: () => userOf("ann") },
  "DELETE /api/users/:id": { kind: "user.disabled", id: () => userOf("ann") },
  "POST /settings/users": { kind: "user.created", body: { name: "bob" } },
  "POST /settings/users/:id/link": { kind: "link.created", id: () => userOf("bob") },
  "POST /settings/users/:id/disable": { kind: "user.disabled", id: () => userOf("bob") },
  "DELETE /api/sessions/:id": { kind: "session.closed", id: sessionOfBob },
  "POST /settings/sessions/:id/end": { kind: "session.closed", id: sessionOfBob },
  "POST /settings/password": { kind: "user.password_set", body: { password: "a long enough one", again: "a long enough one" } },
  "POST /sign-out": { kind: "session.closed" },
  "POST /settings/sessions/end": { kind: "session.closed", prepare: signInAgain },
};

let app: TestApp;
let session: string;

beforeAll(async () => {
  app = await startTestApp();
  await signInAgain();
});
afterAll(async () => {
  await stopRuns();
  await app.stop();
});

async function signInAgain(): Promise<void> {
  session = await insertSession((await ensureUser({ name: "olga", role: "operator" }, "test")).id);
}

async function freeze(): Promise<void> {
  await sql`
    insert into moltbook_accounts (agent_id, mode, frozen_at, frozen_because) values (${app.agent.id}, ${config.mode}, now(), null)
    on conflict (agent_id, mode) do update set frozen_at = now(), frozen_because = null`;
}

async function idOf(query: PromiseLike<readonly unknown[]>): Promise<string> {
  const [row] = (await query) as { id: string }[];
  return row?.id ?? "";
}

function userOf(name: string): Promise<string> {
  return idOf(sql`select id from users where name = ${name}`);
}

async function sessionOfBob(): Promise<string> {
  const { id } = await ensureUser({ name: "robert", role: "viewer" }, "test");
  await insertSession(id);
  return idOf(sql`select id from sessions where user_id = ${id} order by id desc limit 1`);
}

async function send(route: string, { body, id }: Change, who: Record<string, string>): Promise<Response> {
  const [method = "", path = ""] = route.split(" ");
  return fetch(app.url + path.replace(/:(id|name)/, (await id?.()) ?? ""), {
    method,
    redirect: "manual",
    headers: { ...who, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

/** The kinds of records that were appended after a number, under a name. */
async function kindsSince(seq: number, actor: string): Promise<string[]> {
  const rows = await sql<{ kind: string }[]>`
    select kind from audit_log where seq > ${seq} and body::jsonb ->> 'actor' = ${actor} order by seq`;
  return rows.map(({ kind }) => kind);
}

async function lastSeq(): Promise<number> {
  const [row] = await sql<{ seq: number }[]>`select max(seq)::int as seq from audit_log`;
  return row?.seq ?? 0;
}

test("every route that changes something stands in one of the lists", () => {
  const { routes } = buildApp(() => "");
  const changing = routes
    .filter(({ method, path }) => !["GET", "ALL"].includes(method) && path !== "/sign-in")
    .map(({ method, path }) => `${method} ${path}`);
  expect([...QUESTIONS, ...ELSEWHERE, ...Object.keys(CHANGES)].toSorted()).toEqual(changing.toSorted());
});

test.each(Object.entries(CHANGES))("what an operator does stands in the chain under their name: %s", async (route, change) => {
  await change.prepare?.();
  const before = await lastSeq();
  const answer = await send(route, change, { cookie: `moltbot_session=${session}`, origin: app.url });
  expect({ status: answer.status, isDone: answer.status < 400, kinds: await kindsSince(before, "operator:olga") }).toEqual({
    status: answer.status,
    isDone: true,
    kinds: expect.arrayContaining([change.kind]),
  });
  if (change.kind === "session.closed" && !route.includes(":id")) await signInAgain();
});

test("what a program does stands there under its key's name", async () => {
  const who = { authorization: `Bearer ${await insertApiKey("the blocker", "write")}` };
  for (const [route, change] of Object.entries(CHANGES).filter(([each]) => each.includes("/api/security/blocked-authors"))) {
    const before = await lastSeq();
    expect((await send(route, change, who)).status).toBeLessThan(300);
    expect(await kindsSince(before, "key:the blocker")).toEqual([change.kind]);
  }
});

test("who came in, and how, stands there too", async () => {
  const before = await lastSeq();
  await fetch(`${app.url}/sign-in/${await insertSignInLink({ name: "olga", role: "operator" }, "operator:olga")}`, { redirect: "manual" });
  // A run that was asked for before may still be ending.
  const rows = await sql<{ kind: string; body: string }[]>`
    select kind, body from audit_log where seq > ${before} and kind in ('link.created', 'session.opened') order by seq`;
  expect(rows.map(({ kind }) => kind)).toEqual(["link.created", "session.opened"]);
  expect(JSON.parse(rows[1]?.body ?? "")).toMatchObject({ by: "link", user_id: await userOf("olga") });
});
