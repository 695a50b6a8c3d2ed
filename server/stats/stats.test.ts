import { afterAll, beforeAll, expect, test } from "bun:test";

import postgres from "postgres";
import type * as z from "zod";

import { sql } from "../../db/client.ts";
import { ownerUrl } from "../../db/testing.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp } from "../../test/app.ts";
import { ensureAgent } from "../agents/queries.ts";
import { closeRun, insertSkipped, markStarted } from "../runs/queries.ts";
import type { Mode, RunStatus } from "../runs/schema.ts";
import { claimedRun } from "../runs/testing.ts";
import { refreshFigures } from "./refresh/queries.ts";
import type { Stats, Timeline } from "./schema.ts";

let app: TestApp;
let owner: postgres.Sql;

beforeAll(async () => {
  app = await startTestApp();
  owner = postgres(ownerUrl(), { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await app.stop();
  await owner.end();
});

const read = async (query = "") => (await (await app.get(`/api/stats${query}`)).json()) as Stats;

/** A run of ten seconds with these writes on record. */
async function pastRun(mode: Mode, status: RunStatus, cost: number | null, types: string[] = []): Promise<void> {
  const agent = await ensureAgent("counted");
  const id = await claimedRun(agent.id, { mode });
  await markStarted(id, 1);
  await sql`
    insert into tool_calls (id, agent_id, run_id, mode, tool, is_write, arguments, arguments_sha256, outcome, finished_at, withheld)
    values (${Bun.randomUUIDv7()}, ${agent.id}, ${id}, ${mode}, 'moltbook_home', false, '{}', ${"0".repeat(64)}, 'ok', now(), 2)`;
  for (const type of types) {
    const [name = "", outcome = "done"] = type.split(":");
    await sql`insert into actions (id, agent_id, run_id, mode, type, status) values (${Bun.randomUUIDv7()}, ${agent.id}, ${id}, ${mode}, ${name}, ${outcome})`;
  }
  const none = { model: null, client_version: null, session_id: null, input_tokens: null, output_tokens: null, cache_read_tokens: null };
  const report = { ...none, cache_creation_tokens: null, turns: null, summary: null, cost_usd: cost };
  await closeRun(id, { status, outcome: null, detail: null, exitCode: 0, report });
  await sql`update runs set started_at = finished_at - interval '10 seconds' where id = ${id}`;
}

test("before anything has happened every figure is zero, and says how fresh it is", async () => {
  const { fresh_at, ...figures } = await read();
  expect(Math.abs(Date.now() - Date.parse(fresh_at))).toBeLessThan(60_000);
  expect(figures).toEqual({
    mode: "sandbox",
    total_runs: 0,
    successful_runs: 0,
    failed_runs: 0,
    total_actions: 0,
    total_upvotes: 0,
    total_comments: 0,
    total_posts: 0,
    total_subscriptions: 0,
    total_calls: 0,
    total_withheld: 0,
    total_cost_usd: 0,
    avg_duration_seconds: null,
    last_run_at: null,
  });
});

test("figures count what is on record, one mode at a time; skipped runs and failed actions are none", async () => {
  await pastRun("sandbox", "succeeded", 0.25, [
    "upvoted",
    "upvoted:failed",
    "commented",
    "replied:pending_verification",
    "posted",
    "browsed",
  ]);
  await pastRun("sandbox", "timed_out", 0.5, ["subscribed"]);
  await pastRun("sandbox", "cancelled", null);
  await pastRun("real", "succeeded", 4, ["posted", "posted"]);
  const agent = await ensureAgent("counted");
  await insertSkipped({ agentId: agent.id, mode: "sandbox", trigger: "manual", slot: null, promptVersionId: null }, "overlap", "Skipped.");
  expect(await read("?mode=sandbox")).toMatchObject({
    mode: "sandbox",
    total_runs: 3,
    successful_runs: 1,
    failed_runs: 1,
    total_actions: 6,
    total_upvotes: 1,
    total_comments: 2,
    total_posts: 1,
    total_subscriptions: 1,
    total_calls: 3,
    total_withheld: 6,
    total_cost_usd: 0.75,
    avg_duration_seconds: 10,
    last_run_at: expect.any(String),
  });
  expect(await read()).toMatchObject({ mode: "real", total_runs: 1, total_posts: 2, total_cost_usd: 4, total_withheld: 2 });
  expect(await read("?mode=dry_run")).toMatchObject({ total_runs: 0, total_cost_usd: 0 });
});

/** An id of a moment, as records of the past have them. */
const idAt = (at: string) => Bun.randomUUIDv7("hex", Date.parse(at));
const dayBack = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

/** A run of a past day with a call and an action, as an import writes it. */
async function oldRun(
  at: string,
  over: { status?: string; type?: string; cost?: number } = {},
): Promise<{ run: string; call: string; action: string }> {
  const ids = { run: idAt(at), call: idAt(at), action: idAt(at) };
  const { id: agent } = await ensureAgent("of_old");
  await sql`select ensure_partitions(${at}::timestamptz, 0)`;
  await sql`
    insert into runs (id, agent_id, mode, kind, trigger, status, cost_usd, started_at, finished_at)
    values (${ids.run}, ${agent}, 'dry_run', 'claimed', 'import', ${over.status ?? "succeeded"}, ${over.cost ?? 0.5}, ${at}, ${at}::timestamptz + interval '30 seconds')`;
  await sql`
    insert into tool_calls (id, agent_id, run_id, mode, tool, is_write, arguments, arguments_sha256, withheld)
    values (${ids.call}, ${agent}, ${ids.run}, 'dry_run', 'moltbook_home', false, '{}', ${"0".repeat(64)}, 1)`;
  await sql`
    insert into actions (id, agent_id, run_id, mode, source, type) values (${ids.action}, ${agent}, ${ids.run}, 'dry_run', 'claimed', ${over.type ?? "upvoted"})`;
  return ids;
}

/** The same figures by counting every record. */
async function recount(): Promise<Partial<Stats>> {
  const [row] = await sql<Stats[]>`
    select r.*, a.*, c.* from (
      select count(*)::int as total_runs, count(*) filter (where status = 'succeeded')::int as successful_runs,
        count(*) filter (where status in ('failed', 'timed_out') or (status = 'lost' and kind = 'heartbeat'))::int as failed_runs, coalesce(sum(cost_usd), 0)::float8 as total_cost_usd,
        avg(extract(epoch from finished_at - started_at)) filter (where status = 'succeeded' or kind = 'claimed')::float8 as avg_duration_seconds, max(started_at) as last_run_at
      from runs where mode = 'dry_run' and kind <> 'ad_hoc' and status <> 'skipped'
    ) r, (
      select count(*)::int as total_actions, count(*) filter (where type = 'upvoted')::int as total_upvotes,
        count(*) filter (where type in ('commented', 'replied'))::int as total_comments, count(*) filter (where type = 'posted')::int as total_posts
      from actions where mode = 'dry_run' and (status <> 'failed' or source = 'claimed')
    ) a, (
      select count(*)::int as total_calls, coalesce(sum(withheld), 0)::int as total_withheld from tool_calls where mode = 'dry_run'
    ) c`;
  return row ?? {};
}
const counted = () => sql<{ day: string; withheld: number }[]>`
  select to_char(day, 'YYYY-MM-DD') as day, withheld from daily_figures where mode = 'dry_run' order by day`;

test("totals are those of the records, whether their days were counted before, since, or not at all", async () => {
  const agrees = async () => expect(await read("?mode=dry_run")).toMatchObject(await recount());
  const first = await oldRun(`${dayBack(40)}T10:00:00Z`);
  await oldRun(`${dayBack(40)}T23:59:59.999Z`, { status: "failed", type: "posted" });
  await oldRun(`${dayBack(39)}T00:00:00Z`, { type: "replied" });
  await pastRun("dry_run", "succeeded", 0.25, ["commented"]);
  await agrees();
  await refreshFigures();
  expect([...(await counted())]).toEqual([
    { day: dayBack(40), withheld: 2 },
    { day: dayBack(39), withheld: 1 },
  ]);
  await agrees();

  // Records of days that were counted: an older one than all, one between, and changes of what is there.
  await oldRun(`${dayBack(400)}T12:00:00Z`, { type: "subscribed" });
  await oldRun(`${dayBack(20)}T12:00:00Z`);
  await sql`update actions set status = 'failed' where id = ${first.action}`;
  await sql`update runs set status = 'lost' where id = ${first.run}`;
  await sql`update tool_calls set outcome = 'ok', finished_at = now(), withheld = 5 where id = ${first.call}`;
  await agrees();
  await refreshFigures();
  await agrees();
  expect((await sql`select from stale_figures where day < (now() - interval '1 day')::date`).count).toBe(0);
  const before = [...(await counted())];
  expect(await refreshFigures()).toBe(0);
  expect([...(await counted())]).toEqual(before);
});

test("days that are named are counted again, and figures outlive the calls that retention dropped", async () => {
  const day = dayBack(40);
  await owner`alter table tool_calls disable trigger tool_calls_figures`;
  await owner`delete from tool_calls where mode = 'dry_run' and id < uuid_floor((${day}::date + 1)::timestamptz) and id >= uuid_floor(${day}::timestamptz)`;
  await owner`update runs set cost_usd = 9 where mode = 'dry_run' and id < uuid_floor((${day}::date + 1)::timestamptz) and id >= uuid_floor(${day}::timestamptz)`;
  await owner`alter table tool_calls enable trigger tool_calls_figures`;
  expect(await refreshFigures({ from: day, to: day })).toBe(1);
  expect((await counted()).find((row) => row.day === day)).toEqual({ day, withheld: 6 });
});

test("a record of a past day that is still being written holds up neither a count nor the audit chain, and is not lost", async () => {
  const at = `${dayBack(39)}T08:00:00Z`;
  const [run] = await sql<{ id: string; agent_id: string }[]>`select id, agent_id from runs where mode = 'dry_run' limit 1`;
  const { id = "", agent_id = "" } = run ?? {};
  await owner.begin(async (tx) => {
    await tx`insert into actions (id, agent_id, run_id, mode, type) values (${idAt(at)}, ${agent_id}, ${id}, 'dry_run', 'posted')`;
    await sql`
      with action as (insert into actions (id, agent_id, run_id, mode, type) values (${idAt(at)}, ${agent_id}, ${id}, 'dry_run', 'posted') returning 1)
      select append_audit(${agent_id}, 'test.acted', '{}') from action`;
    await refreshFigures();
  });
  expect(await read("?mode=dry_run")).toMatchObject({ total_posts: (await recount()).total_posts ?? -1 });
  expect(await refreshFigures()).toBeGreaterThan(0);
  expect(await read("?mode=dry_run")).toMatchObject({ total_posts: (await recount()).total_posts ?? -1 });
});

test("the timeline has every day of the time asked for, in UTC, oldest first", async () => {
  const timeline = async (query: string) => (await (await app.get(`/api/stats/timeline${query}`)).json()) as z.infer<typeof Timeline>;
  const { mode, items, next } = await timeline("?mode=dry_run&days=41");
  expect([mode, next, items.length, items[0]?.date, items.at(-1)?.date]).toEqual(["dry_run", null, 41, dayBack(40), dayBack(0)]);
  expect(items[0]).toEqual({ date: dayBack(40), runs: 2, actions: 2, upvotes: 1, comments: 0, posts: 1, failed: 1, cost_usd: 18 });
  expect(items[2]).toEqual({ date: dayBack(38), runs: 0, actions: 0, upvotes: 0, comments: 0, posts: 0, failed: 0, cost_usd: 0 });
  expect(items.at(-1)).toMatchObject({ runs: 1, comments: 1, cost_usd: 0.25 });
  expect((await timeline("")).mode).toBe("real");
  for (const days of ["0", "366", "x"]) expect((await app.get(`/api/stats/timeline?days=${days}`)).status).toBe(422);
});

test("a mode that is none is refused", async () => {
  expect((await app.get("/api/stats?mode=all")).status).toBe(422);
});

test("the overview answers, as a page and as the part of it that refreshes itself", async () => {
  const page = await app.get("/");
  const part = await app.get("/", { headers: { "hx-request": "true", "hx-request-type": "partial" } });
  expect([page.status, part.status]).toEqual([200, 200]);
  expect([(await page.text()).includes("<html"), (await part.text()).includes("<html")]).toEqual([true, false]);
  expect(page.headers.get("vary")).toContain("HX-Request-Type");
});

test("the overview shows the runs and actions of its own mode and agent only", async () => {
  const agent = await ensureAgent(app.agent.name);
  const ids = { sandbox: "", real: "" };
  for (const mode of ["sandbox", "real"] as const) {
    ids[mode] = await claimedRun(agent.id, { mode });
    await sql`
      insert into actions (id, agent_id, run_id, mode, type, target_title)
      values (${Bun.randomUUIDv7()}, ${agent.id}, ${ids[mode]}, ${mode}, 'posted', ${`Written in ${mode} mode`})`;
    await closeRun(ids[mode], { status: "succeeded", outcome: null, detail: null, exitCode: 0, report: null });
  }
  const page = await (await app.get("/")).text();
  expect(page).toContain(`/runs/${ids.sandbox}`);
  expect(page).toContain("Written in sandbox mode");
  expect(page).not.toContain(ids.real);
  expect(page).not.toContain("Written in real mode");
});
