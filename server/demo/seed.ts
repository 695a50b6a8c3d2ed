import { type Agent } from "../agents/queries.ts";
import { AppError } from "../errors.ts";
import { compactTallies } from "../issues/queries.ts";
import { refreshFigures } from "../stats/refresh/queries.ts";
import { livedThrough, type Rows, type Scale } from "./life.ts";
import { atOnce, copyRows, ensureYearBefore, findPromptIds, hasDemo, insertTexts, recordDemo } from "./queries.ts";
import { readPosts } from "./reading.ts";

/** Runs that are made and copied at once: bounds the memory. */
const RUNS_AT_ONCE = 500;

/** Rows that were made, by table. */
export type Counts = Record<keyof Rows, number>;

/**
 * Gives an agent a year of life up to a moment (Unix milliseconds): runs, calls, exposures, actions and events, made by dice that always fall the
 * same way. `progress` hears after each step how many runs of all are there. Answers the counts, or null if the agent has a demo already. All of it
 * is there in the end, or nothing: throws AppError `unavailable` with the reason when Postgres breaks off.
 */
export async function seedDemo(
  agent: Agent,
  scale: Scale,
  until: number,
  progress: (done: number, all: number) => void,
): Promise<Counts | null> {
  if (await hasDemo(agent.id)) return null;
  const posts = readPosts();
  await ensureYearBefore(until);
  const setting = { agentId: agent.id, prompts: await findPromptIds(agent.id), posts, until };
  const counts: Counts = { runs: 0, tool_calls: 0, exposures: 0, actions: 0, events: 0 };
  const texts = posts.flatMap(({ preview, thread }) => [...preview, ...thread]);
  const live = atOnce(async (tx) => {
    await insertTexts(tx, agent.id, texts);
    for (let from = 0; from < scale.runs; from += RUNS_AT_ONCE) {
      const rows = livedThrough(scale, setting, from, Math.min(scale.runs, from + RUNS_AT_ONCE));
      await copyRows(tx, rows);
      for (const table of Object.keys(counts) as (keyof Counts)[]) counts[table] += rows[table].length;
      progress(counts.runs, scale.runs);
    }
    await recordDemo(tx, agent.id, counts);
  });
  await live.catch(explain);
  await refreshFigures();
  await compactTallies();
  return counts;
}

function explain(cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new AppError("unavailable", `Postgres broke off: ${reason}. Nothing of the demo was kept. Put that right, and start again.`, {
    cause,
  });
}
