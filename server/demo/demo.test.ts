import { afterAll, beforeAll, expect, test } from "bun:test";

import postgres from "postgres";

import { sql } from "../../db/client.ts";
import { ownerUrl } from "../../db/testing.ts";
import { jobs } from "../../jobs/index.ts";
import { type Agent, ensureAgent } from "../agents/queries.ts";
import { verifyChain } from "../audit/verify.ts";
import { config } from "../config.ts";
import { seedPrompt } from "../prompts/queries.ts";
import { seedText } from "../prompts/seed.ts";
import { livedThrough, SCALES } from "./life.ts";
import { readPosts } from "./reading.ts";
import { seedDemo } from "./seed.ts";

const UNTIL = Date.parse("2026-06-30T00:00:00Z");
const FEW = { ...SCALES.large, runs: 300 };
const owner = postgres(ownerUrl(), { max: 1, onnotice: () => {} });
let agent: Agent;

beforeAll(async () => {
  agent = await ensureAgent(config.agentName);
  await seedPrompt(agent.id, seedText(agent.name));
});

afterAll(() => owner.end());

test("the same year comes out of the same dice, in whatever pieces it is made", () => {
  const setting = { agentId: agent.id, prompts: ["a", "b"], posts: readPosts(), until: UNTIL };
  const whole = livedThrough(FEW, setting, 0, 40);
  const halves = [livedThrough(FEW, setting, 0, 20), livedThrough(FEW, setting, 20, 40)];
  for (const table of Object.keys(whole) as (keyof typeof whole)[]) expect(halves.flatMap((half) => half[table])).toEqual(whole[table]);
});

const REFUSED = "raise exception 'not such a row' using errcode = '23514'";
const FULL = "raise exception 'could not extend file: No space left on device' using errcode = '53100'";
const GONE = "perform pg_terminate_backend(pg_backend_pid())";

test.each([
  ["refuses a row at once", 20, "before insert on runs for each row", REFUSED, "not such a row"],
  [
    "refuses a row of the second step",
    510,
    "before insert on runs for each row when (new.id > uuid_floor('2026-06-28'))",
    REFUSED,
    "not such a row",
  ],
  ["refuses what it was given when it has all of it", 20, "after insert on actions for each statement", REFUSED, "not such a row"],
  ["has no room left when it has all of it", 20, "after insert on events for each statement", FULL, "No space left on device"],
  ["goes away in the middle", 20, "before insert on tool_calls for each row", GONE, /terminating connection|CONNECTION_CLOSED/],
  ["goes away at the end", 20, "after insert on actions for each statement", GONE, /terminating connection|CONNECTION_CLOSED/],
])(
  "a Postgres that %s ends it with the reason, and nothing of it is kept",
  async (_, runs, when, body, reason) => {
    await owner.unsafe(`create function fail() returns trigger language plpgsql security definer as $$ begin ${body}; return new; end $$`);
    await owner.unsafe(`create trigger zz_fail ${when} execute function fail()`);
    try {
      const failed = seedDemo(agent, { ...FEW, runs }, UNTIL, () => {});
      await expect(failed).rejects.toMatchObject({ code: "unavailable", message: expect.stringMatching(reason) });
    } finally {
      await owner`drop function fail cascade`;
    }
    for (const table of ["runs", "tool_calls", "exposures", "actions", "events", "filter_inputs", "day_tallies"])
      expect([table, (await sql`select from ${sql(table)} limit 1`).count]).toEqual([table, 0]);
  },
  30_000,
);

test("a year is on record, whole and in order, and is not made twice", async () => {
  const steps: number[] = [];
  const counts = await seedDemo(agent, FEW, UNTIL, (done) => steps.push(done));
  expect(steps.at(-1)).toBe(300);
  const [found] = await sql`
    select (select count(*)::int from runs) as runs, (select count(*)::int from tool_calls) as tool_calls,
      (select count(*)::int from exposures) as exposures, (select count(*)::int from actions) as actions, (select count(*)::int from events) as events`;
  expect(found).toEqual(counts as NonNullable<typeof counts>);
  const [stray] = await sql`
    select count(*)::int as calls from tool_calls c join runs r on r.id = c.run_id where c.started_at not between r.started_at and r.finished_at`;
  expect(stray?.calls).toBe(0);
  const [unread] = await sql`
    select count(*)::int as texts from exposures e where not exists (select from filter_inputs i where i.content_hash = e.content_hash)`;
  expect(unread?.texts).toBe(0);
  expect((await verifyChain()).fault).toBeNull();
  expect(await seedDemo(agent, FEW, UNTIL, () => {})).toBeNull();
}, 30_000);

test("the job tells what it takes", async () => {
  const job = jobs.find(({ name }) => name === "seed-demo");
  const context = { agent, mcpUrl: "", slot: null };
  await expect(job?.run(context, { scale: "huge" })).rejects.toThrow("--scale is small or large");
  for (const until of ["soon", "0900-01-01T00:00:00Z", "+275760-01-01T00:00:00Z", new Date(Date.now() + 86_400_000).toISOString()])
    await expect(job?.run(context, { until })).rejects.toThrow("--until is no moment of the last ten years");
});
