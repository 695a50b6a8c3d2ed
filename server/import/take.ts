import type * as z from "zod";

import { ActionType } from "../actions/schema.ts";
import { actionOf } from "./actions.ts";
import type { Names } from "./agents.ts";
import { blockOf } from "./blocks.ts";
import { callIdOf, callOf } from "./calls.ts";
import type { Days } from "./days.ts";
import { openDays } from "./days.ts";
import { eventOf } from "./events.ts";
import type { Agent } from "./fields.ts";
import { oddityOf, relatedOf } from "./oddities.ts";
import type { Unprepared } from "./prepared.ts";
import { insertPrepared, isPrepared } from "./prepared.ts";
import type { NewPrompt } from "./prompts.ts";
import { promptsOf } from "./prompts.ts";
import type { Tx, Version } from "./queries.ts";
import {
  activatePrompt,
  insertActions,
  insertBlocks,
  insertCalls,
  insertDayRuns,
  insertEvents,
  insertLines,
  insertOddities,
  insertPrompts,
  insertRuns,
} from "./queries.ts";
import type { NewLine, NewRun } from "./runs.ts";
import { linesOf, runOf } from "./runs.ts";
import type { Table } from "./schema.ts";
import { OldAction, OldBlock, OldCall, OldEvent, OldOddity, OldPrompt, OldRun } from "./schema.ts";
import type { Source } from "./source/queries.ts";
import type { Tally } from "./tally.ts";

/** What every step of an import works with. */
export type Work = {
  tx: Tx;
  source: Source;
  names: Names;
  agent: Agent;
  ownNames: string[];
  unprepared: Unprepared;
  /** Tells how many more rows are done. */
  advance: (table: Table, rows: number) => void;
  tally: (table: Table) => Tally;
  /** Notes ids that are new. */
  note: (ids: string[]) => void;
};

/** In the order of their references. Answers what became of the active prompt, which is switched last: its row is one that others wait for. */
export async function takeAll(work: Work): Promise<string | null> {
  const { prompts, activate } = await takePrompts(work);
  const days = openDays(work.names);
  await takeRuns(work, prompts);
  await takeActions(work, days);
  await takeEvents(work);
  await takeCalls(work, days);
  await takeOddities(work);
  await takeBlocks(work);
  return activate();
}

/** Takes prompts; answers our ids of versions by the ids there, and the last step: what to say of the one that was active there. */
async function takePrompts(work: Work): Promise<{ prompts: Map<string, string>; activate: () => Promise<string | null> }> {
  const { tx, agent } = work;
  const tally = work.tally("heartbeat_prompts");
  const olds = (await Array.fromAsync(read(work, "heartbeat_prompts", OldPrompt))).flat();
  const prompts = promptsOf(olds, agent, tally);
  if (prompts.length === 0) return { prompts: new Map(), activate: () => Promise.resolve(null) };
  const { versions, taken } = await insertPrompts(tx, agent.id, prompts);
  tally.add(prompts.length, taken.length);
  work.note(taken);
  const bySha = new Map(versions.map((version) => [version.sha256, version]));
  const ids = prompts.flatMap(({ sha256, old_ids }) => old_ids.map((old) => [old, bySha.get(sha256)?.id ?? ""] as const));
  const active = prompts.findLast(({ is_active }) => is_active);
  return { prompts: new Map(ids), activate: () => switchTo(work, active, bySha.get(active?.sha256 ?? "")) };
}

/** What an agent wrote itself becomes active by a person's decision only, also if it was active there. */
async function switchTo({ tx, agent }: Work, active: NewPrompt | undefined, version: Version | undefined): Promise<string | null> {
  if (!active || !version) return null;
  const isByAgent = active.author.startsWith("agent");
  const which = `The prompt that was active there is version ${version.number} of ${agent.name}`;
  if (!isByAgent && (await activatePrompt(tx, agent.id, version))) return `${which}, and is active.`;
  const why = isByAgent ? "the agent wrote it itself" : "another one is";
  return `${which}. It is not active, because ${why}: read it on the page Prompts, and activate it there.`;
}

async function takeRuns(work: Work, prompts: Map<string, string>): Promise<void> {
  const tally = work.tally("heartbeat_runs");
  for await (const olds of read(work, "heartbeat_runs", OldRun)) {
    const pairs = olds.flatMap((old) => {
      const run = runOf(old, work.names, prompts, tally);
      return run ? [{ old, run }] : [];
    });
    const { taken, renewed } = await insertRuns(
      work.tx,
      pairs.map(({ run }) => run),
    );
    tally.add(pairs.length, taken.length, renewed.length);
    const fresh = new Set([...taken, ...renewed]);
    work.note([...fresh]);
    await storeLines(
      work,
      pairs.filter(({ run }) => fresh.has(run.id)),
    );
  }
}

const LINES = 2000;

/** In batches of their own: a run's output may be one line, or a hundred thousand empty ones. */
async function storeLines({ tx, unprepared }: Work, runs: { old: OldRun; run: NewRun }[]): Promise<void> {
  let pending: NewLine[] = [];
  for (const { old, run } of runs) {
    for (const line of linesOf(old, run)) {
      if (!isPrepared(unprepared, "transcripts", line)) continue;
      if (pending.push(line) < LINES) continue;
      await insertLines(tx, pending);
      pending = [];
    }
  }
  if (pending.length > 0) await insertLines(tx, pending);
}

async function takeActions(work: Work, days: Days): Promise<void> {
  const types = ActionType.options as readonly string[];
  const map = (old: OldAction, tally: Tally) => actionOf(old, work.names, types, days.runOf, tally);
  await take(work, "heartbeat_actions", OldAction, map, async (tx, actions) => {
    await insertDayRuns(tx, days.takeNew());
    const { taken, foreign } = await insertActions(tx, actions);
    return { taken, refused: { reason: "its run was recorded here by other means, with its actions", ids: foreign } };
  });
}

async function takeEvents(work: Work): Promise<void> {
  const map = (old: OldEvent, tally: Tally) => eventOf(old, work.agent, tally);
  await take(work, "security_events", OldEvent, map, async (_, events) => ({
    taken: await insertPrepared(work, "events", events, insertEvents),
  }));
}

async function takeCalls(work: Work, days: Days): Promise<void> {
  const map = (old: OldCall, tally: Tally) => callOf(old, work.agent, days.runOf, tally);
  await take(work, "tool_calls", OldCall, map, async (tx, calls) => {
    await insertDayRuns(tx, days.takeNew());
    return { taken: await insertPrepared(work, "tool_calls", calls, insertCalls) };
  });
}

async function takeOddities(work: Work): Promise<void> {
  for await (const olds of read(work, "behavior_oddities", OldOddity)) {
    const calls = (await work.source.findCalls([...new Set(olds.flatMap(relatedOf))])).map((row) => OldCall.parse(row));
    const ids = new Map(calls.map((call) => [call.id, callIdOf(call, work.agent)]));
    const map = (old: OldOddity, tally: Tally) => oddityOf(old, work.agent, ids, tally);
    await store(work, "behavior_oddities", olds, map, async (tx, oddities) => ({ taken: await insertOddities(tx, oddities) }));
  }
}

async function takeBlocks(work: Work): Promise<void> {
  const map = (old: OldBlock, tally: Tally) => blockOf(old, work.agent, work.ownNames, tally);
  await take(work, "blocked_authors", OldBlock, map, async (tx, blocks) => {
    const { taken, standing } = await insertBlocks(tx, blocks);
    return { taken, refused: { reason: "its author is blocked here already, or was unblocked since", ids: standing } };
  });
}

type ToNew<Old, New> = (old: Old, tally: Tally) => New | null;
/** Answers the ids of what is new, and which rows the database did not take. */
type Insert<New> = (tx: Tx, rows: New[]) => Promise<{ taken: string[]; refused?: { reason: string; ids: string[] } }>;

async function take<Shape extends z.ZodType, New>(
  work: Work,
  table: Table,
  shape: Shape,
  map: ToNew<z.infer<Shape>, New>,
  insert: Insert<New>,
): Promise<void> {
  for await (const olds of read(work, table, shape)) await store(work, table, olds, map, insert);
}

async function store<Old, New>(work: Work, table: Table, olds: Old[], map: ToNew<Old, New>, insert: Insert<New>): Promise<void> {
  const tally = work.tally(table);
  const rows = olds.flatMap((old) => map(old, tally) ?? []);
  const { taken, refused } = await insert(work.tx, rows);
  for (const id of refused?.ids ?? []) tally.skip(refused?.reason ?? "", id);
  tally.add(rows.length - (refused?.ids.length ?? 0), taken.length);
  work.note(taken);
}

/** Reads a table in batches, and tells how far it is; a table that is missing has none. */
async function* read<Shape extends z.ZodType>({ source, advance }: Work, table: Table, shape: Shape): AsyncIterable<z.infer<Shape>[]> {
  if (!source.tables.includes(table)) return;
  for await (const rows of source.read(table)) {
    yield rows.map((row) => shape.parse(row));
    advance(table, rows.length);
  }
}
