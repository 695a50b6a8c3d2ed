import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { sql } from "../../db/client.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp } from "../../test/app.ts";
import { ensureAgent } from "../agents/queries.ts";
import { buildApp } from "../app.ts";
import { closeRun } from "../runs/queries.ts";
import { claimedRun } from "../runs/testing.ts";
import { mintToken } from "../tokens/queries.ts";
import { TOOL_NAMES } from "../tool.ts";
import { insertApiKey, insertSession } from "./queries.ts";
import type { Role, Scope } from "./schema.ts";
import { ensureUser } from "./users/queries.ts";

/**
 * Who may call what: every route of the app stands here once, in the class of routes that answers the same callers. A new route belongs into
 * `page`, `decision`, `read` or `write`; whatever else it is needs a reason, and its place in `access.ts`.
 */
const ROUTES = {
  /** Anybody. */
  open: ["GET /health", "GET /ready", "GET /sign-in", "GET /sign-in/:token", "POST /sign-in", "GET /static/:file"],
  /** People. */
  page: [
    "GET /agents",
    "GET /jobs",
    "GET /runs/:id/lines",
    "GET /runs/:id/transcript.ndjson",
    "GET /security",
    "GET /security/events/:id",
    "GET /security/oddities/:id",
    "GET /",
    "GET /account",
    "GET /actions",
    "GET /api",
    "GET /audit",
    "GET /audit/:seq",
    "GET /authors",
    "GET /documents",
    "GET /documents/:id",
    "GET /filter",
    "GET /filter/rules/:id",
    "GET /live",
    "GET /prompts",
    "GET /prompts/:number",
    "GET /proposals",
    "GET /proposals/:id",
    "GET /runs",
    "GET /runs/:id",
    "GET /settings",
    "POST /filter",
  ],
  /** People, about themselves. */
  own: ["POST /settings/password", "POST /settings/sessions/:id/end", "POST /settings/sessions/end", "POST /sign-out"],
  /** Operators, at a page. */
  decision: [
    "POST /jobs/:name/pause",
    "POST /jobs/:name/resume",
    "POST /jobs/:name/run",
    "POST /runs/:id/stop",
    "POST /security/rules/:type",
    "POST /security/triage",
    "POST /security/triage/undo",
    "GET /filter/texts/:id",
    "POST /account/message-requests/:id",
    "POST /account/resume",
    "POST /audit/verify",
    "POST /authors",
    "POST /authors/:id/unblock",
    "POST /documents/:id",
    "POST /heartbeats",
    "POST /prompts",
    "POST /prompts/:number/activate",
    "POST /proposals/:id",
    "POST /settings/keys",
    "POST /settings/keys/:id/revoke",
    "POST /settings/users",
    "POST /settings/users/:id/disable",
    "POST /settings/users/:id/link",
  ],
  /** People, and programs that may read. */
  read: [
    "GET /api/agents",
    "GET /api/jobs",
    "GET /api/security/events",
    "GET /api/security/events/:id",
    "GET /api/security/issues",
    "GET /api/security/issues/:issue",
    "GET /api/security/oddities",
    "GET /api/security/oddities/:id",
    "GET /api/security/oddity-rules",
    "GET /api/security/stats",
    "GET /api/security/timeline",
    "GET /api/account",
    "GET /api/account/message-requests",
    "GET /api/actions",
    "GET /api/audit",
    "GET /api/audit/export",
    "GET /api/audit/head",
    "GET /api/documents",
    "GET /api/documents/versions",
    "GET /api/documents/versions/:id",
    "GET /api/filter/rules",
    "GET /api/filter/rules/:id/hits",
    "GET /api/openapi.json",
    "GET /api/prompts",
    "GET /api/prompts/:id",
    "GET /api/prompts/:id/diff",
    "GET /api/prompts/activations",
    "GET /api/prompts/active",
    "GET /api/prompts/proposals",
    "GET /api/prompts/proposals/:id",
    "GET /api/prompts/active/text",
    "GET /api/runs",
    "GET /api/runs/:id",
    "GET /api/runs/:id/actions",
    "GET /api/runs/:id/claims",
    "GET /api/runs/:id/evidence",
    "GET /api/runs/:id/transcript",
    "GET /api/health",
    "GET /api/security/blocked-authors",
    "GET /api/security/tool-calls",
    "GET /api/security/tool-calls/:id",
    "GET /api/stats",
    "GET /api/stats/timeline",
    "POST /api/filter/scan",
  ],
  /** Operators, and programs that may write. */
  write: [
    "POST /api/jobs/:name/pause",
    "POST /api/jobs/:name/resume",
    "POST /api/jobs/:name/run",
    "POST /api/runs/:id/stop",
    "POST /api/security/oddity-rules",
    "POST /api/security/triage",
    "POST /api/security/triage/undo",
    "POST /api/account/message-requests/:id",
    "POST /api/account/resume",
    "POST /api/audit/verify",
    "POST /api/documents/versions/:id/decide",
    "POST /api/prompts",
    "POST /api/prompts/:id/activate",
    "POST /api/prompts/proposals/:id/decide",
    "POST /api/security/blocked-authors",
    "POST /api/security/blocked-authors/unblock",
  ],
  /** Operators, and programs that may write or report runs. */
  ingest: ["PATCH /api/runs/:id", "POST /api/runs", "POST /api/runs/:id/actions"],
  /** Operators themselves, and no program. */
  personal: [
    "DELETE /api/keys/:id",
    "DELETE /api/sessions/:id",
    "DELETE /api/users/:id",
    "GET /api/keys",
    "GET /api/sessions",
    "GET /api/users",
    "POST /api/keys",
    "POST /api/users",
    "POST /api/users/:id/link",
  ],
  /** Agents, by the token of a run that is going on. */
  mcp: ["ALL /mcp"],
};
type Kind = keyof typeof ROUTES;

/** What each caller is told by a class of routes: `in`, 401 (who are you?), 403 (not you), or `door`: the way to the sign-in page. */
type Answer = "in" | "door" | 401 | 403;
const MAY: Record<string, Partial<Record<Kind, Answer>>> = {
  operator: { page: "in", own: "in", decision: "in", read: "in", write: "in", ingest: "in", personal: "in" },
  viewer: { page: "in", own: "in", decision: 403, read: "in", write: 403, ingest: 403, personal: 403 },
  "read key": { read: "in", write: 403, ingest: 403, personal: 403 },
  "write key": { read: "in", write: "in", ingest: "in", personal: 403 },
  "ingest key": { read: 403, write: 403, ingest: "in", personal: 403 },
  "run token": { mcp: "in" },
};
/** Those whom nothing opens any more, or never did. */
const NOBODY = [
  "stranger",
  "revoked key",
  "expired key",
  "ended session",
  "idle session",
  "expired session",
  "disabled user",
  "revoked run token",
  "expired run token",
  "token of a closed run",
  "run token as a cookie",
  "key as a cookie",
  "session as a key",
];

let app: TestApp;
let credentials: Record<string, Record<string, string>>;

beforeAll(async () => {
  app = await startTestApp();
  credentials = await makeCredentials();
});
afterAll(() => app.stop());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const cookie = (token: string) => ({ cookie: `moltbot_session=${token}`, origin: app.url });

async function sessionOf(role: Role, name: string): Promise<string> {
  return insertSession((await ensureUser({ name, role }, "test")).id);
}

async function makeCredentials(): Promise<Record<string, Record<string, string>>> {
  const key = (scope: Scope, name: string) => insertApiKey(name, scope);
  const [operator, viewer, ended, idle, expired, disabled] = [
    await sessionOf("operator", "olga"),
    await sessionOf("viewer", "vera"),
    await sessionOf("operator", "ended"),
    await sessionOf("operator", "idle"),
    await sessionOf("operator", "late"),
    await sessionOf("operator", "disabled"),
  ];
  const [read, write, ingest, revokedKey, expiredKey] = [
    await key("read", "reader"),
    await key("write", "writer"),
    await key("ingest", "reporter"),
    await key("write", "revoked"),
    await key("write", "expired"),
  ];
  const [token, revoked, old, closed] = [await runToken(), await runToken(), await runToken(), await runToken()];
  await sql`delete from sessions using users u where user_id = u.id and u.name = 'ended'`;
  await sql`update sessions s set last_used_at = now() - interval '8 days' from users u where s.user_id = u.id and u.name = 'idle'`;
  await sql`update sessions s set expires_at = now() - interval '1 second' from users u where s.user_id = u.id and u.name = 'late'`;
  await sql`update users set disabled_at = now() where name = 'disabled'`;
  await sql`update api_keys set revoked_at = now() where name = 'revoked'`;
  await sql`update api_keys set created_at = now() - interval '2 days', expires_at = now() - interval '1 second' where name = 'expired'`;
  await sql`update run_tokens set revoked_at = now() where run_id = ${revoked.run}`;
  await sql`update run_tokens set expires_at = now() - interval '1 second' where run_id = ${old.run}`;
  await closeRun(closed.run, { status: "succeeded", outcome: null, detail: null, exitCode: 0, report: null });
  return {
    stranger: {},
    operator: cookie(operator),
    viewer: cookie(viewer),
    "read key": bearer(read),
    "write key": bearer(write),
    "ingest key": bearer(ingest),
    "run token": bearer(token.token),
    "revoked key": bearer(revokedKey),
    "expired key": bearer(expiredKey),
    "ended session": cookie(ended),
    "idle session": cookie(idle),
    "expired session": cookie(expired),
    "disabled user": cookie(disabled),
    "revoked run token": bearer(revoked.token),
    "expired run token": bearer(old.token),
    "token of a closed run": bearer(closed.token),
    "run token as a cookie": cookie(token.token),
    "key as a cookie": cookie(write),
    "session as a key": bearer(operator),
  };
}

/** The token of a run that is going on, of an agent of its own: one has no second run at a time. */
async function runToken(): Promise<{ run: string; token: string }> {
  const agentId = (await ensureAgent(`agent_${crypto.randomUUID()}`)).id;
  const run = await claimedRun(agentId);
  return { run, token: await mintToken({ id: run, agentId }, { tools: [...TOOL_NAMES] }, 600) };
}

const ID = "01890000-0000-7000-8000-000000000000";

/**
 * How a route answers a caller. What is sent makes no sense anywhere, so nothing that is let in gets beyond the reading of it; 401, 403 and the
 * way to the sign-in page come before that.
 */
async function answerOf(route: string, headers: Record<string, string>): Promise<Answer | undefined> {
  const [method = "", path = ""] = route.replace("ALL", "POST").split(" ");
  const isChange = method !== "GET";
  const answer = await fetch(app.url + path.replace(/:(seq|number)/, "1").replace(/:[a-z_]+/g, ID), {
    method,
    redirect: "manual",
    headers: { ...headers, ...(isChange ? { "content-type": "application/json" } : {}) },
    ...(isChange ? { body: "[]" } : {}),
  });
  await answer.body?.cancel();
  if (answer.status === 401 || answer.status === 403) return answer.status;
  const isDoor = answer.status === 303 && answer.headers.get("location") === "/sign-in" && answer.headers.get("set-cookie") === null;
  return isDoor ? "door" : answer.status < 500 ? "in" : undefined;
}

/** What nobody in particular is told by a route. */
function answerToNobody(kind: Kind, route: string): Answer {
  if (kind === "open") return "in";
  return route.startsWith("GET ") && !route.startsWith("GET /api/") ? "door" : 401;
}

test("every route of the app stands in the table, once", () => {
  const { routes } = buildApp(() => "");
  const known = Object.values(ROUTES).flat();
  expect(known.toSorted()).toEqual([...new Set(routes.map(({ method, path }) => `${method} ${path}`))].toSorted());
});

describe.each(Object.keys(ROUTES) as Kind[])("a route of the class %s", (kind) => {
  test.each([...Object.keys(MAY), ...NOBODY])("answers as the table says to: %s", async (caller) => {
    // Nobody has that link: the page of the door says 401 by itself.
    const routes = ROUTES[kind].filter((route) => route !== "GET /sign-in/:token");
    const answers = await Promise.all(routes.map(async (route) => [route, await answerOf(route, await credentialsFor(kind, caller))]));
    expect(answers).toEqual(routes.map((route) => [route, MAY[caller]?.[kind] ?? answerToNobody(kind, route)]));
  });
});

let leavers = 0;

/** Who signs out needs a session to spend, and nobody beside them whose sessions they end. */
async function credentialsFor(kind: Kind, caller: string): Promise<Record<string, string>> {
  if (kind === "own" && (caller === "operator" || caller === "viewer")) return cookie(await sessionOf(caller, `${caller}_${leavers++}`));
  return credentials[caller] ?? {};
}
