import * as z from "zod";

/**
 * Query of every list: ids are UUIDv7, so the id of the last row seen is the cursor and newest comes first. Strict, like every query of the
 * API: a misspelt filter that is ignored answers another question than the one asked.
 */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.uuid().optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** Answer of every list: `next` is the cursor of the following page, null on the last one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}
export type Page<Item> = { items: Item[]; next: string | null };

/** A page out of `limit + 1` rows: the extra row only proves that there is more. */
export function toPage<Item extends { id: string }>(rows: Item[], limit: number): Page<Item> {
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** What a list takes beside its filter: `newer_than` asks for the page just before that row, in place of one after a cursor. */
export type Newer = { newer_than?: string | undefined };

/** The same out of rows that are newer than one, the nearest first. That one comes next. */
export function toNewerPage<Item extends { id: string }>(rows: Item[], limit: number): Page<Item> {
  const items = rows.slice(0, limit).toReversed();
  return { items, next: items.at(-1)?.id ?? null };
}

const Moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** Filters by time of a list: a date means the whole day in UTC, anything else is RFC 3339. Both ends are included. */
export const DateFilter = { date_from: Moment.optional(), date_to: Moment.optional() };

/** Filter by the agent, by its name as the table of agents allows it. */
export const AgentName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/** Filter by a part of a text, in any case. Shorter than three characters no index finds it. */
export const Search = z
  .string()
  .trim()
  .min(3)
  .max(200)
  .regex(/^[^\0]*$/);

/** The ids that a time filter allows: `from` and later, and before `to`. Missing where the filter names no such end. */
export function idRange({ date_from, date_to }: { date_from?: string | undefined; date_to?: string | undefined }): {
  from?: string;
  to?: string;
} {
  return {
    ...(date_from === undefined ? {} : { from: firstIdAt(Date.parse(date_from)) }),
    ...(date_to === undefined ? {} : { to: firstIdAt(Date.parse(date_to) + (date_to.length === 10 ? 86_400_000 : 1)) }),
  };
}

/** The smallest id of a moment in milliseconds: RFC 9562, 5.7 begins an id with them. As `uuid_floor` of the database. */
function firstIdAt(milliseconds: number): string {
  const hex = Math.min(Math.max(0, milliseconds), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** The pattern for `ilike` of texts that hold `search`. */
export function patternOf(search: string): string {
  return `%${search.replaceAll(/[\\%_]/g, "\\$&")}%`;
}
