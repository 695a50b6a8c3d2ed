import { refuse } from "./answer.ts";

/** One page of a list: `total` counts the whole list. */
export type Page<T> = { items: T[]; total: number; limit: number; offset: number; hasMore: boolean; nextCursor: string | null };

/** `at` is the time that the first page was ranked at, so that time-dependent orders stay still while someone pages. */
type Cursor = { at: number; rank: number; id: string };

/** The whole number of a query parameter within its bounds; anything else counts as the default. */
export function limitOf(query: URLSearchParams, fallback: number, most: number): number {
  const value = Number(query.get("limit") ?? Number.NaN);
  return Number.isInteger(value) && value >= 1 ? Math.min(value, most) : fallback;
}

/**
 * One page, highest rank first. With a cursor it goes on behind the item the cursor names, by rank and id and not by position, so
 * what is written meanwhile makes no page skip anything; `offset` is the older way. A cursor that nobody handed out is refused with 400.
 */
export function pageOf<T extends { id: string }>(
  items: T[],
  rankAt: (item: T, at: number) => number,
  options: { query: URLSearchParams; limit: number; at: number },
): Page<T> {
  const cursor = readCursor(options.query.get("cursor"));
  const at = cursor?.at ?? options.at;
  const ranked = items.map((item) => ({ item, id: item.id, rank: rankAt(item, at) })).toSorted(byRank);
  const offset = offsetOf(options.query);
  const rest = cursor ? ranked.filter((entry) => byRank(entry, cursor) > 0) : ranked.slice(offset);
  const page = rest.slice(0, options.limit);
  const last = page.at(-1);
  const hasMore = rest.length > page.length;
  return {
    items: page.map((entry) => entry.item),
    total: items.length,
    limit: options.limit,
    offset,
    hasMore,
    nextCursor: hasMore && last ? writeCursor({ at, rank: last.rank, id: last.id }) : null,
  };
}

function byRank(left: { rank: number; id: string }, right: { rank: number; id: string }): number {
  if (left.rank !== right.rank) return right.rank - left.rank;
  if (left.id === right.id) return 0;
  return left.id < right.id ? 1 : -1;
}

function offsetOf(query: URLSearchParams): number {
  const value = Number(query.get("offset") ?? 0);
  return Number.isInteger(value) && value > 0 ? value : 0;
}

function writeCursor(cursor: Cursor): string {
  return Buffer.from(`${cursor.at}|${cursor.rank}|${cursor.id}`).toString("base64url");
}

function readCursor(text: string | null): Cursor | null {
  if (text === null || text === "") return null;
  const [at, rank, id, ...rest] = Buffer.from(text.slice(0, 200), "base64url").toString("utf8").split("|");
  const cursor = { at: Number(at), rank: Number(rank), id: id ?? "" };
  if (rest.length > 0 || !rank || !cursor.id || !Number.isFinite(cursor.at) || !Number.isFinite(cursor.rank))
    throw refuse(400, "Invalid cursor", "Use the next_cursor of the page before, unchanged");
  return cursor;
}
