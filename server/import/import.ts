import { listOwnNames } from "../authors/queries.ts";
import { refreshFigures } from "../stats/refresh/queries.ts";
import { nameOf, namesOf } from "./agents.ts";
import { momentOf } from "./moment.ts";
import type { Tx } from "./queries.ts";
import { ensureAgents, ensureMonths, finishImport, inImport, listUnprepared } from "./queries.ts";
import type { ImportReport, Table, TableReport } from "./schema.ts";
import { TABLES } from "./schema.ts";
import type { Source } from "./source/queries.ts";
import type { Work } from "./take.ts";
import { takeAll } from "./take.ts";
import type { Tally } from "./tally.ts";
import { openTally } from "./tally.ts";

/** `agentName`: whose all is that names no agent; null: the only agent's that the runs name, or else `fallback`. `progress` hears how many of all rows are done. */
export type ImportOptions = {
  agentName: string | null;
  fallback: string;
  dryRun: boolean;
  progress: (done: number, total: number, table: Table) => void;
};

/**
 * Takes a database of the predecessor's over, whole or not at all, and once: what was taken before is known again by its id. Everything is of the mode
 * `real`, and claimed: nobody here witnessed it. A dry run does the same and undoes it; what belongs into months that have no partitions it only counts,
 * since making them would be seen by others. What is left out, and why, is in the report.
 */
export async function importDatabase(source: Source, { agentName, fallback, dryRun, progress }: ImportOptions): Promise<ImportReport> {
  const found = new Map<Table, number>();
  for (const table of source.tables) found.set(table, await source.count(table));
  const total = [...found.values()].reduce((sum, count) => sum + count, 0);
  const named = [...new Set((await source.agents()).map(nameOf).filter((name) => name !== ""))];
  const name = agentName ?? (named.length === 1 ? named[0] : undefined) ?? fallback;
  const months = await monthsOf(source);
  if (!dryRun) await ensureMonths(months);
  const unprepared = dryRun ? await listUnprepared(months) : new Set<string>();
  const hasher = new Bun.CryptoHasher("sha256");
  const tallies = new Map<Table, Tally>();
  let done = 0;

  const report = async (tx: Tx): Promise<ImportReport> => {
    const { ids, made } = await ensureAgents(tx, [...new Set([name, ...named])]);
    const names = namesOf(name, ids);
    const agent = { id: names.idOf(name), name };
    const work: Work = {
      tx,
      source,
      names,
      agent,
      unprepared,
      ownNames: [name.toLowerCase(), ...(await listOwnNames({ agent_id: agent.id, mode: "real" }, tx))],
      advance: (table, rows) => progress((done += rows), total, table),
      tally: (table) => getOr(tallies, table, () => openTally(table, found.get(table) ?? null)),
      note: (newIds) => newIds.forEach((id) => hasher.update(id)),
    };
    const prompt = await takeAll(work);
    const tables = TABLES.map((table) => work.tally(table).report());
    const digest = hasher.digest("hex");
    if (hasNews(tables)) await finishImport(tx, agent.id, made, bodyOf(tables, digest));
    return { source: source.name, dry_run: dryRun, agent: name, tables, prompt, digest };
  };
  const result = await inImport(report, !dryRun);
  if (!dryRun && hasNews(result.tables)) await refreshFigures();
  return result;
}

/** The first moment seen of every month in which something happened. */
async function monthsOf(source: Source): Promise<string[]> {
  const months = new Map<string, string>();
  for (const table of ["heartbeat_runs", "security_events", "tool_calls"] as const) {
    if (!source.tables.includes(table)) continue;
    for await (const rows of source.readMoments(table)) {
      for (const { timestamp, started_at, created_at } of rows) {
        const at = momentOf(timestamp) ?? momentOf(started_at) ?? momentOf(created_at);
        if (at !== null) months.set(at.toISOString().slice(0, 7), at.toISOString());
      }
    }
  }
  return [...months.values()];
}

function hasNews(tables: TableReport[]): boolean {
  return tables.some(({ taken, renewed }) => taken + renewed > 0);
}

/** Of the chain: how much was taken of each table, and a digest over what. */
function bodyOf(tables: TableReport[], digest: string): Record<string, unknown> {
  const counts = tables
    .filter(({ taken, renewed }) => taken + renewed > 0)
    .map(({ table, taken, renewed }) => [table, taken + renewed] as const);
  return { digest, mode: "real", taken: Object.fromEntries(counts) };
}

function getOr<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
