import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";

import postgres from "postgres";

import { sql } from "../../db/client.ts";
import { ownerUrl } from "../../db/testing.ts";
import { detectOdditiesJob } from "../../jobs/detect-oddities.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp } from "../../test/app.ts";
import { verifyChain } from "../audit/verify.ts";
import { insertApiKey } from "../auth/queries.ts";
import type { TestRun } from "../calls/testing.ts";
import { connectAgent, openRun } from "../calls/testing.ts";
import { screen } from "../filter/screen.ts";
import { connectMoltbook } from "../moltbook/connection.ts";
import { openDouble, TEST_KEY } from "../moltbook/testing.ts";
import { runHeartbeat } from "../runs/heartbeat.ts";
import { closeRun } from "../runs/queries.ts";
import { insertOddities } from "./detection/queries.ts";
import type { Oddity, OddityRuleReport } from "./schema.ts";

/** Oddities: what each rule finds in the record, that looking again changes nothing, and the rules as the operator sets them. */
let app: TestApp;
let owner: postgres.Sql;
let writeKey: string;
let agents = 0;

beforeAll(async () => {
  app = await startTestApp();
  owner = postgres(ownerUrl(), { max: 1, onnotice: () => {} });
  writeKey = await insertApiKey("rules", "write");
});
beforeEach(async () => {
  await owner`delete from oddity_rules`;
  await owner`truncate oddities`;
  await owner`truncate issue_tallies, day_tallies`;
});
afterAll(async () => {
  await owner.end();
  await app.stop();
});

async function newRun(): Promise<TestRun> {
  agents += 1;
  return openRun(`odd_${agents}`);
}

const look = (since?: string) =>
  detectOdditiesJob.run({ agent: app.agent, mcpUrl: "", slot: null }, { json: true, ...(since ? { since } : {}) });
const found = async (type: string, run: TestRun) => {
  const answer = await app.get(`/api/security/oddities?oddity_type=${type}&agent_name=${run.agent.name}`);
  return ((await answer.json()) as { items: Oddity[] }).items;
};

type Call = { tool?: string; at?: Date; status?: number; write?: boolean; args?: object; outcome?: string; error?: string | null };

/** A call as it stands on record when it is over. */
async function record(run: TestRun, { tool = "moltbook_home", at = new Date(), status = 200, ...call }: Call = {}): Promise<string> {
  const args = JSON.stringify(call.args ?? { nr: crypto.randomUUID() });
  const [row] = await sql<{ id: string }[]>`
    insert into tool_calls (id, agent_id, run_id, mode, tool, is_write, arguments, arguments_sha256, outcome, error, upstream_status, started_at, finished_at)
    values (observed_id(${at.toISOString()}, encode(sha256(uuid_send(gen_random_uuid())), 'hex')), ${run.agent.id}, ${run.id}, 'sandbox', ${tool},
      ${call.write ?? false}, ${args}::text::jsonb, encode(sha256(convert_to(${args}, 'UTF8')), 'hex'), ${call.outcome ?? "ok"}, ${call.error ?? null},
      ${status}, ${at.toISOString()}, ${at.toISOString()}) returning id`;
  return row?.id ?? "";
}

async function vote(run: TestRun, type: string, target: string, mode = "sandbox"): Promise<string> {
  const call = await record(run, { tool: "moltbook_vote", write: true });
  await sql`
    insert into actions (id, agent_id, run_id, call_id, mode, type, target_kind, target_id, target_author)
    values (${Bun.randomUUIDv7()}, ${run.agent.id}, ${run.id}, ${call}, ${mode}, ${type}, 'post', ${target}, 'kelp')`;
  return call;
}

async function expose(run: TestRun, call: string, band: string, item: string, { delivered = true, at = new Date() } = {}): Promise<void> {
  await sql`
    insert into exposures (id, agent_id, run_id, call_id, seq, kind, item_id, author, field, content_hash, band, score, rules, filter_version, delivered)
    values (${Bun.randomUUIDv7("hex", at)}, ${run.agent.id}, ${run.id}, ${call}, 0, 'post', ${item}, 'kelp', 'content', ${"0".repeat(64)}, ${band}, 0.7,
      '{some-rule}', 'v', ${delivered})`;
}

test("the same vote sent twice is one oddity with both calls, and a vote taken back in between is none", async () => {
  const run = await newRun();
  const first = await vote(run, "upvoted", "p1");
  const second = await vote(run, "upvoted", "p1");
  for (const type of ["upvoted", "unvoted", "upvoted"]) await vote(run, type, "p2");
  for (const type of ["upvoted", "downvoted"]) await vote(run, type, "p3");
  for (const type of ["upvoted", "upvoted"]) await vote(run, type, "p4", "dry_run");
  await look();
  const odd = await found("duplicate_vote", run);
  expect(odd).toHaveLength(1);
  expect(odd[0]).toMatchObject({ severity: "medium", run_id: run.id, call_ids: [first, second] });
});

test("looking again changes nothing, and later evidence makes the same oddity grow", async () => {
  const run = await newRun();
  await vote(run, "downvoted", "p1");
  await vote(run, "downvoted", "p1");
  await look();
  const before = await found("duplicate_vote", run);
  const records = await sql`select from audit_log where kind = 'oddity.detected'`;
  expect(JSON.parse((await look()).text)).toMatchObject({ duplicate_vote: 0 });
  expect(await found("duplicate_vote", run)).toEqual(before);
  expect((await sql`select from audit_log where kind = 'oddity.detected'`).count).toBe(records.count);

  await vote(run, "downvoted", "p1");
  await look();
  const after = await found("duplicate_vote", run);
  expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  expect(after[0]?.call_ids).toHaveLength(3);
  expect(await verifyChain()).toMatchObject({ fault: null });
});

test("refused calls are gathered by run, tool and status, and from 500 on they are critical", async () => {
  const run = await newRun();
  for (const status of [403, 403, 503]) await record(run, { tool: "moltbook_comment", status });
  await look();
  const odd = await found("failed_api_call", run);
  expect(odd.map(({ severity, call_ids }) => `${severity} ${call_ids.length}`).toSorted()).toEqual(["critical 1", "medium 2"]);
});

test("a burst that straddles every fixed boundary is found, once, and thirty calls in five minutes are none", async () => {
  const [busy, calm] = [await newRun(), await newRun()];
  const start = Date.now() - 40 * 60_000;
  // 31 calls within 4:40, of which no clock-aligned five minutes need hold more than half.
  for (let nr = 0; nr < 31; nr += 1) await record(busy, { at: new Date(start + nr * 9_300) });
  for (let nr = 0; nr < 60; nr += 1) await record(calm, { at: new Date(start + nr * 10_400) });
  await look();
  await look();
  const odd = await found("excessive_calls", busy);
  expect(odd).toHaveLength(1);
  expect(odd[0]).toMatchObject({ severity: "critical", run_id: busy.id });
  expect(odd[0]?.call_ids).toHaveLength(31);
  expect(await found("excessive_calls", calm)).toEqual([]);

  // The burst goes on: it is still the same one, also for who looks at its end only.
  await record(busy, { at: new Date(start + 31 * 9_300) });
  await look(new Date(start + 30 * 9_300).toISOString());
  const grown = await found("excessive_calls", busy);
  expect(grown.map(({ id }) => id)).toEqual(odd.map(({ id }) => id));
  expect(grown[0]?.call_ids).toHaveLength(32);
}, 30_000);

test("five identical calls in a run are a loop, four are none", async () => {
  const [stuck, patient] = [await newRun(), await newRun()];
  for (let nr = 0; nr < 5; nr += 1) await record(stuck, { tool: "moltbook_get_post", args: { post_id: "p1" } });
  for (let nr = 0; nr < 4; nr += 1) await record(patient, { tool: "moltbook_get_post", args: { post_id: "p1" } });
  await look();
  expect((await found("identical_call_loop", stuck)).map(({ call_ids }) => call_ids.length)).toEqual([5]);
  expect(await found("identical_call_loop", patient)).toEqual([]);
});

test("a run that is only told of, and never told to have ended, makes nobody look back for ever", async () => {
  const [loop] = [await newRun()];
  const at = new Date(Date.now() - 20 * 86_400_000);
  await sql`select ensure_partitions(${at.toISOString()}, 1)`;
  for (let nr = 0; nr < 5; nr += 1) await record(loop, { at, tool: "moltbook_get_post", args: { post_id: "p1" } });
  await owner`
    insert into runs (id, agent_id, mode, kind, trigger, external_id, status, outcome, created_at, started_at)
    values (${Bun.randomUUIDv7()}, ${loop.agent.id}, 'real', 'claimed', 'import', 'told once', 'running', 'unknown', ${at.toISOString()}, ${at.toISOString()})`;
  await look();
  expect(await found("identical_call_loop", loop)).toEqual([]);
});

/** Moments one after the other, a millisecond apart: within one the order of two ids is chance. */
function clock(): () => Date {
  let now = Date.now();
  return () => new Date((now += 1));
}

test("a write after a flagged text is graver when it is about that text, and what was not read counts for nothing", async () => {
  const [about, beside, unread] = [await newRun(), await newRun(), await newRun()];
  const next = clock();
  for (const [run, band, delivered] of [
    [about, "redact", true],
    [beside, "mark", true],
    [unread, "withhold", false],
  ] as const)
    await expose(run, await record(run), band, "p1", { delivered, at: next() });
  const comment = (run: TestRun, item: string) =>
    record(run, { tool: "moltbook_comment", write: true, args: { post_id: item, content: "yes" }, at: next() });
  const commented = await comment(about, "p1");
  await comment(beside, "p9");
  await comment(unread, "p1");
  await look();
  expect(await found("write_after_flagged_exposure", about)).toMatchObject([{ severity: "high", call_ids: [commented] }]);
  expect(await found("write_after_flagged_exposure", beside)).toMatchObject([{ severity: "info" }]);
  expect(await found("write_after_flagged_exposure", unread)).toEqual([]);
});

test("writes after flagged texts are counted with the texts before the last of them, and are as grave as the worst pair", async () => {
  const run = await newRun();
  const next = clock();
  const read = await record(run);
  const write = (item: string, outcome = "ok") => record(run, { write: true, args: { post_id: item }, outcome, at: next() });
  const flag = (band: string, item: string) => expose(run, read, band, item, { at: next() });
  await write("p7");
  await flag("redact", "p8");
  const writes = [await write("p7")];
  for (const item of ["p7", "p7", "p9"]) await flag("mark", item);
  writes.push(await write("p9"));
  // What is read after the last write, and refused writes, count for nothing.
  await write("p8", "denied");
  await flag("redact", "p9");
  await look();
  expect(await found("write_after_flagged_exposure", run)).toMatchObject([
    {
      severity: "medium",
      description: "2 writes after 4 flagged texts, about an item or an author among them",
      call_ids: writes,
    },
  ]);
});

test("an unknown tool, a call after the run was closed and a challenge without an answer are found where they happened", async () => {
  const run = await newRun();
  const client = await connectAgent(app.mcpUrl, run.token);
  await client.call("moltbook_read_file", { path: "/etc/passwd" }).catch(() => {});
  await client.close();
  const call = await record(run, { tool: "moltbook_create_post", write: true });
  await sql`
    insert into verifications (id, agent_id, run_id, call_id, mode, code_hash, target_kind, status, answered_at)
    values (${Bun.randomUUIDv7()}, ${run.agent.id}, ${run.id}, ${call}, 'sandbox', sha256('x'), 'post', 'expired', now())`;
  await closeRun(run.id, { status: "timed_out", outcome: null, detail: "It was stopped after 600 s.", exitCode: null, report: null });
  await fetch(app.mcpUrl, { method: "POST", headers: { authorization: `Bearer ${run.token}` }, body: "{}" });
  await look();
  expect(await found("unknown_tool", run)).toMatchObject([{ severity: "medium", run_id: run.id }]);
  expect(await found("call_after_close", run)).toMatchObject([{ severity: "high", run_id: run.id }]);
  expect(await found("verification_abandoned", run)).toMatchObject([{ call_ids: [call] }]);
  expect(await found("run_timed_out", run)).toMatchObject([{ description: "It was stopped after 600 s." }]);
});

test("a call that Moltbook itself fails is found by a real call", async () => {
  const run = await newRun();
  using _ = openPretended();
  const client = await connectAgent(app.mcpUrl, run.token);
  await client.call("moltbook_get_submolt", { submolt_name: "general" });
  await client.close();
  await look();
  expect(await found("failed_api_call", run)).toMatchObject([
    { severity: "medium", description: "1 call of moltbook_get_submolt answered with 404" },
  ]);
});

function openPretended() {
  const double = openDouble(() => Response.json({ success: false, error: "Not found" }, { status: 404 }));
  connectMoltbook({ baseUrl: double.baseUrl, apiKey: TEST_KEY, screen });
  return {
    [Symbol.dispose]() {
      double[Symbol.dispose]();
      connectMoltbook({ baseUrl: app.sandbox.url, apiKey: app.sandbox.apiKey, screen });
    },
  };
}

test("a heartbeat is looked through as soon as it has ended", async () => {
  const id = await runHeartbeat({ agent: app.agent, trigger: "manual", slot: null, mcpUrl: app.mcpUrl });
  const { items } = (await (await app.get(`/api/security/oddities?run_id=${id}`)).json()) as { items: Oddity[] };
  // The sandbox's feed is hostile, and its agent writes all the same.
  expect(items.map(({ type }) => type)).toContain("write_after_flagged_exposure");
}, 60_000);

test("what is found elsewhere is recorded once, and grows", async () => {
  const run = await newRun();
  const [one, two] = [await record(run), await record(run)];
  const odd = {
    agentId: run.agent.id,
    runId: run.id,
    mode: "sandbox" as const,
    severity: "medium" as const,
    description: "It says that it posted.",
    callIds: [one],
    fingerprint: { run: run.id, claim: 1 },
    at: new Date(),
  };
  expect(await insertOddities("claim_mismatch", [odd])).toBe(1);
  expect(await insertOddities("claim_mismatch", [odd])).toBe(0);
  expect(await insertOddities("claim_mismatch", [{ ...odd, callIds: [two] }])).toBe(0);
  expect(await found("claim_mismatch", run)).toMatchObject([{ call_ids: [one, two] }]);
  const [claimed] = await found("claim_mismatch", run);
  expect(await (await app.get(`/api/security/oddities/${claimed?.id}`)).json()).toMatchObject({ type: "claim_mismatch", mode: "sandbox" });
});

test("a rule that is off finds nothing, a moved threshold counts, and both changes are in the chain", async () => {
  const run = await newRun();
  const change = (body: object, key = writeKey) =>
    fetch(`${app.url}/api/security/oddity-rules`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    });
  expect((await change({ type: "failed_api_call", enabled: false }, app.apiKey)).status).not.toBe(200);
  const answer = await change({ type: "failed_api_call", enabled: false });
  expect(answer.status).toBe(200);
  expect((await change({ type: "identical_call_loop", threshold: 3 })).status).toBe(200);
  expect((await change({ type: "no_such_rule", enabled: false })).status).toBe(422);
  await record(run, { status: 500 });
  for (let nr = 0; nr < 3; nr += 1) await record(run, { args: { same: true } });
  await look();
  const odd = {
    agentId: run.agent.id,
    runId: run.id,
    mode: null,
    severity: "low" as const,
    description: "",
    callIds: [],
    fingerprint: 1,
    at: new Date(),
  };
  await change({ type: "claim_mismatch", enabled: false });
  expect(await insertOddities("claim_mismatch", [odd])).toBe(0);
  expect(await found("failed_api_call", run)).toEqual([]);
  expect(await found("identical_call_loop", run)).toHaveLength(1);
  const rules = (await (await app.get("/api/security/oddity-rules")).json()) as { items: OddityRuleReport[] };
  const loop = rules.items.find(({ type }) => type === "identical_call_loop");
  expect(loop).toMatchObject({ threshold: 3, default_threshold: 5, changed_by: "key:rules" });
  expect(loop?.found).toBeGreaterThanOrEqual(1);
  expect((await sql`select from audit_log where kind = 'oddity_rule.changed'`).count).toBe(3);

  // By the page's form, without a script.
  const form = new URLSearchParams({ enabled: "true" });
  expect((await app.get("/security/rules/failed_api_call", { method: "POST", body: form })).status).toBe(303);
  await look();
  expect(await found("failed_api_call", run)).toHaveLength(1);
});
