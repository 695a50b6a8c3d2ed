import * as z from "zod";

import { AppError } from "../../errors.ts";
import { fence } from "../../filter/fence.ts";

/** Most bytes of JSON in an answer, and most items of a list in it: what lies beyond comes with the next call. */
const MOST_BYTES = 24 * 1024;
const MOST_ITEMS = 100;

/**
 * What every list says of itself. `truncated`: there was no room for all of it. `withheld`: items that the filter kept back, which exist but may
 * not be seen.
 */
export const Paging = { withheld: z.int(), truncated: z.boolean().optional(), next_cursor: z.string().optional() };

/** How many items of a list to ask Moltbook for. */
export const Limit = z.int().min(1).max(50).default(15);

/** A list goes on behind `skip` items of the page of Moltbook's that `cursor` names, at the item that `mark` is made of. */
export type Place = { skip: number; mark: string | null; cursor: string | undefined };

/** Where a list goes on. A long cursor looks like prose and so comes fenced; an agent may send it back with its fence. */
export const Cursor = z
  .string()
  .transform((cursor, ctx) => placeOf(cursor.replace(/^<untrusted-[0-9a-f]{8}>|<\/untrusted-[0-9a-f]{8}>$/g, "")) ?? refuse(ctx))
  .optional();

function placeOf(cursor: string): Place | null {
  if (!/^[\x20-\x7e]{1,1100}$/.test(cursor)) return null;
  if (!cursor.startsWith("skip:")) return { skip: 0, mark: null, cursor };
  const [, skip, mark = null, rest] = /^skip:(?:0|(\d{1,6})\.([0-9a-f]{1,8}))\|(.*)$/.exec(cursor) ?? [];
  return rest === undefined ? null : { skip: Number(skip ?? 0), mark, cursor: rest === "" ? undefined : rest };
}

function refuse(ctx: z.RefinementCtx): never {
  const message = "take next_cursor of the answer before, unchanged, with the same arguments; or leave it out to begin anew";
  ctx.addIssue({ code: "custom", message });
  return z.NEVER;
}

/**
 * One of Moltbook's pages, as it came: `id` tells an item from the others, `show` makes of some of them what the agent sees, `beside` is what
 * else the answer holds. `withheld` counts what the filter kept back in the whole page.
 */
type Found<Raw, Item> = {
  page: { items: Raw[]; next: string | null };
  withheld: number;
  place: Place | undefined;
  id: (raw: Raw) => string;
  show: (raws: Raw[]) => Item[] | Promise<Item[]>;
  beside?: object;
};

/** The part of a list that one answer has room for. */
type Part<Item> = { items: Item[]; withheld: number; truncated?: boolean; next_cursor?: string };

/**
 * Cuts a page of Moltbook's to what fits into an answer, whole items only and at least one. What is left out comes with `next_cursor`, which
 * names the page and the first item of it that was left out; it is found again though others have come or gone before it. Throws `conflict`
 * where it has gone itself.
 */
export async function partOf<Raw extends { notice?: string | undefined }, Item>(found: Found<Raw, Item>): Promise<Part<Item>> {
  const { page, place, id, show, beside = {} } = found;
  const start = startOf(page.items.map(id), place);
  const shown = await show(page.items.slice(start, start + MOST_ITEMS));
  const cursor = place?.cursor ?? "";
  const next = page.next?.startsWith("skip:") ? `skip:0|${page.next}` : page.next;
  const longest = Math.max(bytesOf(next), bytesOf(`skip:999999.ffffffff|${cursor}`));
  const items = within(roomBeside(beside) - longest, shown, 1);
  const end = start + items.length;
  const left = page.items[end];
  return {
    items,
    withheld: withheldIn(page.items.slice(start, end)) + (start === 0 ? found.withheld - withheldIn(page.items) : 0),
    ...(left ? { truncated: true, next_cursor: `skip:${end}.${markOf(id(left))}|${cursor}` } : next ? { next_cursor: next } : {}),
  };
}

function startOf(ids: string[], place: Place | undefined): number {
  if (!place?.mark) return 0;
  const isLeft = (id: string | undefined) => id !== undefined && markOf(id) === place.mark;
  const start = isLeft(ids[place.skip]) ? place.skip : ids.findIndex(isLeft);
  if (start >= 0) return start;
  throw new AppError("conflict", "The list has changed, and what this cursor goes on with is gone from it. Call again without a cursor.");
}

function markOf(id: string): string {
  return Bun.hash.crc32(id).toString(16);
}

/** How many bytes an answer has left for a list and its cursor, when it holds `beside` too. */
export function roomBeside(beside: object): number {
  return MOST_BYTES - bytesOf({ ...beside, truncated: true, next_cursor: "", withheld: 999_999 }) - 50;
}

/** The first items, as many as fit into `room` bytes and at least so many. */
export function within<Item>(room: number, items: Item[], least = 0): Item[] {
  let left = room;
  const end = items.findIndex((item, index) => (left -= bytesOf(item) + 1) < 0 && index >= least);
  return end < 0 ? items : items.slice(0, end);
}

/** Bytes of a value's JSON as it is sent, fences included. What no text can hold is counted as JSON escapes it, which is longer than what replaces it. */
function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(fence(value, "00000000")) ?? "");
}

/** Items that came empty. Those of which nothing at all is left are in no list; the first part of a page counts them. */
function withheldIn(raws: { notice?: string | undefined }[]): number {
  return raws.filter(({ notice }) => notice?.startsWith("withheld")).length;
}
