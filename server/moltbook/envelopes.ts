import * as z from "zod";

import { isRecord } from "./wire.ts";

/** Which part of a list: how many, and the `next` of the page before. */
export type PageQuery = { limit?: number | undefined; cursor?: string | undefined };

/** A list as every endpoint returns it; `next` is the cursor for the following page, null on the last. */
export type Page<T> = { items: T[]; next: string | null };

const LISTS = ["posts", "comments", "submolts", "notifications", "results", "items", "data"];

/**
 * Reads a list out of whichever envelope it came in: under its noun, under `data`, `results` or `items`, inside an object called `data` or by
 * its noun, or bare. Offset paging becomes a cursor too (`offset:25`), which `pagingQuery` turns back.
 */
export function pageOf<T>(item: z.ZodType<T>, ...nouns: string[]): z.ZodType<Page<T>> {
  return z
    .unknown()
    .optional()
    .transform((body, ctx): Page<T> => {
      const found = findList(body, [...nouns, ...LISTS], ["data", ...nouns]);
      if (!found) return refuse(ctx, [nouns[0] ?? "items"]);
      const read = z.array(item).safeParse(found.list.filter((entry) => !isBlank(entry)));
      if (!read.success) return refuse(ctx, [...found.path, ...(read.error.issues[0]?.path ?? [])]);
      return { items: read.data, next: nextCursor(body) ?? nextCursor(found.holder) };
    });
}

/** True for an item of which the filter left nothing, its bounds being reached; the answer's `withheld` counts it. */
export function isBlank(entry: unknown): boolean {
  if (!isRecord(entry)) return entry === null;
  return "moltbot_filter" in entry && Object.entries(entry).every(([key, value]) => value === null || key === "moltbot_filter");
}

function findList(body: unknown, keys: string[], wrappers: string[]): { list: unknown[]; holder: unknown; path: string[] } | null {
  if (Array.isArray(body)) return { list: body, holder: null, path: [] };
  if (!isRecord(body)) return null;
  const key = keys.find((candidate) => Array.isArray(body[candidate]));
  if (key) return { list: body[key] as unknown[], holder: body, path: [key] };
  for (const wrapper of wrappers) {
    const inner = findList(body[wrapper], keys, wrappers);
    if (inner) return { ...inner, path: [wrapper, ...inner.path] };
  }
  return null;
}

function nextCursor(body: unknown): string | null {
  if (!isRecord(body)) return null;
  const paging = isRecord(body.pagination) ? { ...body, ...body.pagination } : body;
  if (paging.hasMore === false) return null;
  const cursor = paging.nextCursor;
  // A cursor goes to the agent and comes back: printable ASCII and bounded, or the list ends here.
  if (typeof cursor === "string") return /^[\x20-\x7e]{1,1024}$/.test(cursor) ? cursor : null;
  const { offset, limit } = paging;
  const isOffset = paging.hasMore === true && typeof offset === "number" && typeof limit === "number";
  return isOffset ? `offset:${Math.trunc(offset + limit)}` : null;
}

/** The query of a page: its size and the cursor of the page before, in the form that Moltbook understands. */
export function pagingQuery(page: PageQuery): Record<string, string | number | undefined> {
  const offset = /^offset:(\d{1,9})$/.exec(page.cursor ?? "")?.[1];
  return offset === undefined ? { limit: page.limit, cursor: page.cursor } : { limit: page.limit, offset };
}

/** Reads one thing from under its noun, from under `data`, or from an answer that is the thing itself. */
export function oneOf<T>(item: z.ZodType<T>, noun: string): z.ZodType<T> {
  return z
    .unknown()
    .optional()
    .transform((body, ctx): T => {
      const found = findOne(body, noun);
      const read = item.safeParse(found.value);
      if (!read.success) return refuse(ctx, [...found.path, ...(read.error.issues[0]?.path ?? [])]);
      return read.data;
    });
}

function findOne(body: unknown, noun: string): { value: unknown; path: string[] } {
  if (!isRecord(body)) return { value: body, path: [noun] };
  if (isRecord(body[noun])) return { value: body[noun], path: [noun] };
  if (!isRecord(body.data)) return { value: body, path: [] };
  const inner = findOne(body.data, noun);
  return { value: inner.value, path: ["data", ...inner.path] };
}

/** The items of a secondary list that can be read; the others are left out, since the answer is about something else. */
export function readable<T>(item: z.ZodType<T>): z.ZodType<T[]> {
  return z
    .unknown()
    .optional()
    .transform((list) =>
      (Array.isArray(list) ? list : []).flatMap((entry) => {
        const read = item.safeParse(entry);
        return read.success ? [read.data] : [];
      }),
    );
}

function refuse(ctx: z.RefinementCtx, path: PropertyKey[]): never {
  ctx.addIssue({ code: "custom", message: "missing or not of the expected type", path });
  return z.NEVER;
}
