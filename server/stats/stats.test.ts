import { afterAll, beforeAll, expect, test } from "bun:test";

import { sql } from "../../db/client.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp } from "../../test/app.ts";
import { ensureAgent } from "../agents/queries.ts";
import { claimRun, closeRun, insertSkipped, markStarted } from "../runs/queries.ts";
import type { Mode, RunStatus } from "../runs/schema.ts";
import type { Stats } from "./schema.ts";

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const read = async (query = "") => (await (await app.get(`/api/stats${query}`)).json()) as Stats;

/** A run of ten seconds with these writes on record. */
async function pastRun(mode: Mode, status: RunStatus, cost: number | null, types: string[] = []): Promise<void> {
  const id = Bun.randomUUIDv7();
  const agent = await ensureAgent("counted");
  await claimRun(id, { agentId: agent.id, mode, trigger: "manual", slot: null, runner: "test", command: "test", promptVersionId: null });
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
  expect(await read()).toMatchObject({
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
  expect(await read("?mode=real")).toMatchObject({ mode: "real", total_runs: 1, total_posts: 2, total_cost_usd: 4, total_withheld: 2 });
  expect(await read("?mode=dry_run")).toMatchObject({ total_runs: 0, total_cost_usd: 0 });
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
  const ids = { sandbox: Bun.randomUUIDv7(), real: Bun.randomUUIDv7() };
  for (const mode of ["sandbox", "real"] as const) {
    const claim = {
      agentId: agent.id,
      mode,
      trigger: "manual" as const,
      slot: null,
      runner: "test",
      command: "test",
      promptVersionId: null,
    };
    await claimRun(ids[mode], claim);
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
