import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import postgres from "postgres";

import { sql } from "../../db/client.ts";
import { ownerUrl } from "../../db/testing.ts";
import { retention } from "../../jobs/retention.ts";
import { fire } from "../../jobs/schedule.ts";
import type { Agent } from "../agents/queries.ts";
import { ensureAgent } from "../agents/queries.ts";
import { verifyChain } from "../audit/verify.ts";

const owner = postgres(ownerUrl(), { max: 1, onnotice: () => {} });
const DAY = 86_400_000;
let agent: Agent;

setDefaultTimeout(30_000);
beforeAll(async () => {
  agent = await ensureAgent("keeper");
  await owner`select ensure_partitions(now() - interval '500 days', 3)`;
});
beforeEach(async () => {
  await owner`select ensure_partitions(now() - interval '500 days', 3)`;
  await owner`truncate transcripts, exposures, tool_calls, events, filter_inputs, triage, issue_tallies, oddities, run_tokens, runs cascade`;
});
afterAll(() => owner.end());

const idAt = (daysAgo: number) => Bun.randomUUIDv7("hex", Date.now() - daysAgo * DAY);
const HASH = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex");

async function run(daysAgo: number, status = "succeeded", kind = "heartbeat"): Promise<string> {
  const id = idAt(daysAgo);
  await owner`
    insert into runs (id, agent_id, mode, kind, trigger, status, started_at, finished_at)
    values (${id}, ${agent.id}, 'sandbox', ${kind}, 'manual', ${status}, now(), case when ${status}::text = 'succeeded' then now() end)`;
  return id;
}

/** A line of a transcript, a piece of prose that was read, with its text, a call, and an event. */
async function record(runId: string, daysAgo: number, severity = "info"): Promise<string> {
  const text = `read ${daysAgo} days ago by ${runId}`;
  await owner`insert into transcripts (id, agent_id, run_id, seq, stream, line) values (${idAt(daysAgo)}, ${agent.id}, ${runId}, 0, 'stdout', 'a line')`;
  await owner`
    insert into exposures (id, agent_id, run_id, call_id, seq, kind, field, content_hash, band, score, rules, filter_version, delivered)
    values (${idAt(daysAgo)}, ${agent.id}, ${runId}, ${idAt(daysAgo)}, 0, 'post', 'content', ${HASH(text)}, 'allow', 0, '{}', 'v', true)`;
  await owner`
    insert into filter_inputs (agent_id, content_hash, text, created_at)
    values (${agent.id}, ${HASH(text)}, ${text}, ${new Date(Date.now() - daysAgo * DAY).toISOString()})`;
  await owner`
    insert into tool_calls (id, agent_id, run_id, mode, tool, is_write, arguments, arguments_sha256)
    values (${idAt(daysAgo)}, ${agent.id}, ${runId}, 'sandbox', 'moltbook_home', false, '{}', ${HASH("{}")})`;
  await owner`
    insert into events (id, agent_id, run_id, mode, type, severity, title, fingerprint)
    values (${idAt(daysAgo)}, ${agent.id}, ${runId}, 'sandbox', ${`seen_${severity}`}, ${severity}, 'Seen', ${HASH(text)})`;
  return text;
}

async function counts() {
  const [row] = await sql`
    select (select count(*)::int from transcripts) as transcripts, (select count(*)::int from exposures) as exposures,
      (select count(*)::int from filter_inputs) as texts, (select count(*)::int from tool_calls) as calls, (select count(*)::int from events) as events`;
  return row;
}

const command = (options: Record<string, boolean>) => retention.run({ agent, mcpUrl: "", slot: null }, options);
async function audited(): Promise<Record<string, unknown>[]> {
  const rows = await sql<{ kind: string; body: string }[]>`select kind, body from audit_log where kind like 'retention.%' order by seq`;
  return rows.map(({ kind, body }) => ({ ...(JSON.parse(body) as Record<string, unknown>), kind }));
}

test("each class goes when its time is over, and not before; from the command line only with --apply", async () => {
  for (const daysAgo of [1, 70, 150, 450]) await record(await run(daysAgo), daysAgo);
  const before = (await audited()).length;
  const plan = JSON.parse((await command({ json: true })).text) as { applied: boolean; dropped: { class: string; rows: number }[] };
  expect(plan.applied).toBe(false);
  expect((await command({})).text).toContain("would be dropped (--apply does it)");
  expect(await counts()).toEqual({ transcripts: 4, exposures: 4, texts: 4, calls: 4, events: 4 });

  const result = await command({ apply: true });
  expect(result.text).toContain("and 2 texts were dropped.");
  expect(await counts()).toEqual({ transcripts: 1, exposures: 2, texts: 2, calls: 3, events: 3 });
  const records = (await audited()).slice(before);
  const dropped = records.filter(({ kind, rows }) => kind === "retention.dropped" && rows === 1);
  expect(dropped.map((each) => String(each.class)).toSorted()).toEqual(
    ["events", "exposures", "exposures", "tool_calls", "transcripts", "transcripts", "transcripts"].toSorted(),
  );
  for (const { first_id, last_id } of dropped) expect([first_id, typeof first_id]).toEqual([last_id, "string"]);
  expect(records.at(-1)).toEqual({ kind: "retention.deleted", class: "filter_inputs", rows: 2 });
  expect(await verifyChain()).toMatchObject({ fault: null });
  expect(await sql`select from runs`).toHaveLength(4);
  expect(JSON.parse((await command({ json: true })).text)).toEqual({ applied: false, dropped: [], kept: [], texts: 0 });
});

test("the schedule applies it", async () => {
  await record(await run(150), 150);
  expect(await fire(retention, { agent, mcpUrl: "" }, new Date("2031-01-01T03:47:00Z"))).toBe("ran");
  expect(await counts()).toMatchObject({ transcripts: 0, exposures: 0, texts: 0, calls: 1 });
});

test("a text that is still referred to stays, however old it is", async () => {
  const old = await record(await run(150), 150);
  const later = await run(2);
  await owner`
    insert into exposures (id, agent_id, run_id, call_id, seq, kind, field, content_hash, band, score, rules, filter_version, delivered)
    values (${idAt(2)}, ${agent.id}, ${later}, ${idAt(2)}, 0, 'post', 'content', ${HASH(old)}, 'allow', 0, '{}', 'v', true)`;
  await command({ apply: true });
  expect(await counts()).toMatchObject({ exposures: 1, texts: 1 });
});

test("evidence of an issue that is bad stays until somebody has resolved it", async () => {
  await record(await run(150), 150, "critical");
  const first = await command({ apply: true });
  expect(first.text).toContain("stays: it is evidence of an open issue");
  expect(await counts()).toEqual({ transcripts: 1, exposures: 1, texts: 1, calls: 1, events: 1 });
  const [issue] = await sql<{ issue: string; severity: string }[]>`select issue, severity from issues`;
  await owner`
    insert into triage (id, agent_id, issue, state, severity, batch, decided_by)
    values (${Bun.randomUUIDv7()}, ${agent.id}, ${issue?.issue ?? ""}, 'resolved', 'critical', ${Bun.randomUUIDv7()}, 'operator')`;
  await command({ apply: true });
  expect(await counts()).toMatchObject({ transcripts: 0, exposures: 0, texts: 0, calls: 1, events: 1 });
});

test("the calls of an open oddity stay, though it is of no run or of several", async () => {
  const [one, other] = [await run(450), await run(450)];
  for (const id of [one, other]) await record(id, 450);
  const calls = await sql<{ id: string }[]>`select id from tool_calls order by run_id`;
  const [odd] = await owner<{ issue: string }[]>`
    insert into oddities (id, agent_id, run_id, mode, type, severity, description, call_ids, fingerprint)
    values (${idAt(450)}, ${agent.id}, null, 'sandbox', 'duplicate_vote', 'critical', 'Twice', ${calls.map(({ id }) => id)}::uuid[], ${HASH("odd")})
    returning issue`;
  expect((await command({ apply: true })).text).toContain("stays: it is evidence of an open issue");
  expect(await counts()).toMatchObject({ transcripts: 2, exposures: 2, texts: 2, calls: 2 });
  await owner`
    insert into triage (id, agent_id, issue, state, severity, batch, decided_by)
    values (${Bun.randomUUIDv7()}, ${agent.id}, ${odd?.issue ?? ""}, 'resolved', 'critical', ${Bun.randomUUIDv7()}, 'operator')`;
  await command({ apply: true });
  expect(await counts()).toMatchObject({ transcripts: 0, exposures: 0, texts: 0, calls: 0 });
});

test("a month of a run that goes on stays", async () => {
  await record(await run(150, "running"), 150);
  expect((await command({ apply: true })).text).toContain("stays: a run of it goes on");
  expect(await counts()).toMatchObject({ transcripts: 1, exposures: 1, texts: 1 });
});

test("a run that was only told of, and never told to have ended, keeps no month", async () => {
  await record(await run(150, "running", "claimed"), 150);
  await command({ apply: true });
  expect(await counts()).toMatchObject({ transcripts: 0, exposures: 0, texts: 0 });
});

test("the app can drop nothing but by that function, and nothing young or foreign by it", async () => {
  const month = new Date().toISOString().slice(0, 7).replace("-", "");
  for (const name of [`transcripts_${month}`, "audit_log", "runs", "transcripts", 'x"; drop table runs; --']) {
    const [row] = await sql<{ dropped: boolean }[]>`select drop_expired_partition(${name}) as dropped`;
    expect([name, row?.dropped]).toEqual([name, false]);
  }
  await expect(sql`drop table ${sql(`transcripts_${month}`)}`.then(() => "dropped")).rejects.toThrow("must be owner");
  await expect(sql`delete from transcripts`.then(() => "deleted")).rejects.toThrow("permission denied");
});
