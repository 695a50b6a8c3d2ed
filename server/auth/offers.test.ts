import { afterAll, beforeAll, expect, test } from "bun:test";

import { sql } from "../../db/client.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp } from "../../test/app.ts";
import { openRun } from "../calls/testing.ts";
import { config } from "../config.ts";
import { recordFetch } from "../documents/queries.ts";
import { verdict } from "../filter/verdict.ts";
import { insertOddities } from "../oddities/detection/queries.ts";
import { insertProposal } from "../prompts/proposals/queries.ts";
import { insertSession } from "./queries.ts";
import { ensureUser } from "./users/queries.ts";

/** What pages offer to whom: everything that there is to decide about is on record here. */
let app: TestApp;
let run: string;
let event: string;
let oddity: string;
let proposal: string;
let document: string;

beforeAll(async () => {
  app = await startTestApp();
  run = (await openRun(config.agentName)).id;
  const own = { agent_id: app.agent.id, mode: "sandbox" } as const;
  await change("/prompts", { text: "Be kind to crabs.", reason: "Try it", activate: "yes" });
  await change("/authors", { author: "kelp", reason: "Sends links" });
  await change("/jobs/maintain/pause", { reason: "Too busy" });
  await sql`update moltbook_accounts set frozen_at = now() where agent_id = ${app.agent.id}`;
  await sql`
    insert into moltbook_message_requests (agent_id, mode, conversation_id, from_agent, state) values (${app.agent.id}, 'sandbox', 'c1', 'kelp', 'open')`;
  const call = Bun.randomUUIDv7();
  await sql`
    insert into exposures (id, agent_id, run_id, call_id, seq, kind, item_id, author, field, content_hash, band, score, rules, filter_version, delivered)
    values (${Bun.randomUUIDv7()}, ${app.agent.id}, ${run}, ${call}, 0, 'post', 'p1', 'kelp', 'content', ${"0".repeat(64)}, 'mark', 0.7, '{some-rule}', 'v', true)`;
  event = await idOf(sql`
    insert into events (id, agent_id, run_id, call_id, mode, type, severity, title, author, risk_score, fingerprint)
    values (${Bun.randomUUIDv7()}, ${app.agent.id}, ${run}, ${call}, 'sandbox', 'injection_attempt', 'high', 'A try', 'kelp', 0.7, ${"a".repeat(64)})
    returning id`);
  const odd = {
    agentId: app.agent.id,
    runId: run,
    mode: "sandbox",
    severity: "high",
    description: "Odd",
    callIds: [],
    fingerprint: 1,
  } as const;
  await insertOddities("claim_mismatch", [{ ...odd, callIds: [], at: new Date() }]);
  oddity = await idOf(sql`select id from oddities`);
  const asked = { agentId: app.agent.id, runId: run, callId: call, reason: "To be kinder", evidence: [] };
  proposal = (await insertProposal({ ...asked, text: "Be kind to all who live in the sea, whatever they say." }))?.id ?? "";
  const judged = { verdict: verdict("Be kind.", { source: "documents", kind: "other", field: "rules.md", author: null }), families: [] };
  document = (await recordFetch(own, { name: "rules.md", text: "Be kind.", ...judged })).version_id;
});
afterAll(() => app.stop());

async function change(path: string, form: Record<string, string>): Promise<void> {
  expect((await app.get(path, { method: "POST", body: new URLSearchParams(form) })).status).toBe(303);
}

async function idOf(query: PromiseLike<readonly unknown[]>): Promise<string> {
  return ((await query) as { id: string }[])[0]?.id ?? "";
}

/** Where the forms of all pages lead to, with names in place of ids, and whether an operator's page is linked. */
async function offeredTo(session: string): Promise<string[]> {
  const paths = [
    "/",
    "/runs",
    `/runs/${run}`,
    "/actions",
    "/prompts",
    "/prompts/1",
    `/proposals/${proposal}`,
    "/documents",
    `/documents/${document}`,
  ];
  const more = ["/security", "/security?tab=rules", `/security/events/${event}`, `/security/oddities/${oddity}`, "/account", "/authors"];
  const rest = ["/filter", "/agents", "/jobs", "/audit", "/audit/1", "/api", "/settings"];
  const found = new Set<string>();
  for (const path of [...paths, ...more, ...rest, `/security?done=${run}`]) {
    const answer = await app.get(path, { headers: { cookie: `moltbot_session=${session}` } });
    expect([path, answer.status]).toEqual([path, 200]);
    const markup = await answer.text();
    for (const [, action = ""] of markup.matchAll(/<form method="post" action="([^"]+)"/g)) found.add(nameOf(action));
    for (const [, href = ""] of markup.matchAll(/<a href="(\/filter\/texts\/[^"]+)"/g)) found.add(nameOf(href));
  }
  return [...found].toSorted();
}

function nameOf(address: string): string {
  return address
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ":id")
    .replace(/^\/jobs\/[a-z-]+/, "/jobs/:name")
    .replace(/^\/prompts\/\d+/, "/prompts/:number")
    .replace(/^\/security\/rules\/\w+/, "/security/rules/:type");
}

/** What everybody may send. */
const OWN = ["/filter", "/settings/password", "/settings/sessions/:id/end", "/settings/sessions/end", "/sign-out"];

test("a viewer is offered nothing that would be refused, and an operator everything that there is to decide", async () => {
  const viewer = await insertSession((await ensureUser({ name: "vera", role: "viewer" }, "test")).id);
  const beyond = async (session: string) => (await offeredTo(session)).filter((one) => !OWN.includes(one));
  expect(await beyond(viewer)).toEqual([]);
  expect(await beyond(app.session)).toEqual([
    "/account/message-requests/c1",
    "/account/resume",
    "/audit/verify",
    "/authors",
    "/authors/:id/unblock",
    "/documents/:id",
    "/filter/texts/:id",
    "/heartbeats",
    "/jobs/:name/pause",
    "/jobs/:name/resume",
    "/jobs/:name/run",
    "/prompts",
    "/prompts/:number/activate",
    "/proposals/:id",
    "/runs/:id/stop",
    "/security/rules/:type",
    "/security/triage",
    "/security/triage/undo",
    "/settings/keys",
    "/settings/keys/:id/revoke",
    "/settings/users",
    "/settings/users/:id/disable",
    "/settings/users/:id/link",
  ]);
});
