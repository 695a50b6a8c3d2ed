import { beforeAll, expect, test } from "bun:test";

import { sql } from "../../db/client.ts";
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
let agent: Agent;

beforeAll(async () => {
  agent = await ensureAgent(config.agentName);
  await seedPrompt(agent.id, seedText(agent.name));
});

test("the same year comes out of the same dice, in whatever pieces it is made", () => {
  const setting = { agentId: agent.id, prompts: ["a", "b"], posts: readPosts(), until: UNTIL };
  const whole = livedThrough(FEW, setting, 0, 40);
  const halves = [livedThrough(FEW, setting, 0, 20), livedThrough(FEW, setting, 20, 40)];
  for (const table of Object.keys(whole) as (keyof typeof whole)[]) expect(halves.flatMap((half) => half[table])).toEqual(whole[table]);
});

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
});

test("the job tells what it takes", async () => {
  const job = jobs.find(({ name }) => name === "seed-demo");
  const context = { agent, mcpUrl: "", slot: null };
  await expect(job?.run(context, { scale: "huge" })).rejects.toThrow("--scale is small or large");
  await expect(job?.run(context, { until: "soon" })).rejects.toThrow("no moment in time");
});
