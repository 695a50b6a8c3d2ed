import * as z from "zod";

import { html } from "./html.ts";
import type { Newer, Page, PageQuery } from "./paging.ts";

/** How many rows a page counts before it says "10,000+"; fewer where each has to be read for a part of its text. */
const MOST = { all: 10_000, searched: 1_000 };

type Shown<Item> = {
  page: Page<Item>;
  filter: Record<string, string | undefined>;
  total: number;
  most: number;
  isFirst: boolean;
  ignored: string[];
};
type List<Filter, Item> = {
  list: (filter: Filter & Newer) => Promise<Page<Item>>;
  count: (filter: Filter, most: number) => Promise<number>;
  view: (props: Shown<Item>) => JSX.Element;
};

/**
 * Answers a list's page at `path`. What of the query `schema` does not know or cannot read is left out and named in `ignored`. An address with
 * fields that a form left empty leads to the one without, and "newer" than what is close to the beginning leads to the beginning.
 */
export async function showList<Filter extends PageQuery, Item>(
  path: string,
  schema: z.ZodType<Filter> & z.ZodObject,
  query: Record<string, unknown>,
  { list, count, view }: List<Filter, Item>,
): Promise<Response> {
  const { given, ignored, hasBlanks } = readable(schema, query);
  const { cursor, newer_than, ...kept } = given;
  if (hasBlanks) return redirect(path, kept);
  const filter = schema.parse({ ...kept, ...(cursor ? { cursor } : {}) });
  const most = kept.search === undefined ? MOST.all : MOST.searched;
  const [page, total] = await Promise.all([list(newer_than ? { ...filter, newer_than } : filter), count(filter, most + 1)]);
  if (newer_than && page.items.length < filter.limit) return redirect(path, kept);
  return html(view({ page, filter: kept, total, most, isFirst: !cursor && !newer_than, ignored }));
}

/** An address may come from a mail program or an old bookmark. */
function readable(schema: z.ZodObject, query: Record<string, unknown>) {
  const { shape } = schema.extend({ newer_than: z.uuid() });
  const filled = Object.entries(query).filter(([, value]) => value !== "");
  const isRead = ([name, value]: [string, unknown]) =>
    Object.hasOwn(shape, name) && (shape[name as "newer_than"] as z.ZodType).safeParse(value).success;
  return {
    given: Object.fromEntries(filled.filter(isRead)) as Record<string, string>,
    ignored: filled.filter((entry) => !isRead(entry)).map(([name]) => name),
    hasBlanks: filled.length < Object.keys(query).length,
  };
}

function redirect(path: string, filter: Record<string, string>): Response {
  const query = new URLSearchParams(filter).toString();
  return new Response(null, { status: 303, headers: { location: query === "" ? path : `${path}?${query}` } });
}
