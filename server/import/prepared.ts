import type { Tx } from "./queries.ts";

/** Partitions that a dry run does without, by name: tool_calls_202611. An import has made them all. */
export type Unprepared = Set<string>;
type Parent = "tool_calls" | "events" | "transcripts";
type Row = { id: string };

/** Inserts rows; answers the ids of those that are new. What has no partition to be in is not on record, so it is new: a dry run only counts it. */
export async function insertPrepared<New extends Row>(
  { tx, unprepared }: { tx: Tx; unprepared: Unprepared },
  parent: Parent,
  rows: New[],
  insert: (tx: Tx, rows: New[]) => Promise<string[]>,
): Promise<string[]> {
  if (unprepared.size === 0) return insert(tx, rows);
  const prepared = rows.filter((row) => isPrepared(unprepared, parent, row));
  const known = new Set(prepared.map(({ id }) => id));
  for (const id of await insert(tx, prepared)) known.delete(id);
  return [...new Set(rows.map(({ id }) => id))].filter((id) => !known.has(id));
}

/** Whether the partition is there that is for an id, by the month in it: the first 48 bits of a UUIDv7 are Unix time in milliseconds (RFC 9562, 5.7). */
export function isPrepared(unprepared: Unprepared, parent: Parent, { id }: Row): boolean {
  if (unprepared.size === 0) return true;
  const month = new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toISOString().slice(0, 7);
  return !unprepared.has(`${parent}_${month.replace("-", "")}`);
}
