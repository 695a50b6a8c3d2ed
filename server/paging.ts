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
