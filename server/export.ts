import * as z from "zod";

import { describe, log } from "./log.ts";
import type { Page } from "./paging.ts";

const TYPES = { ndjson: "application/x-ndjson", csv: "text/csv; charset=utf-8; header=present" };
const ROWS = 100;
const utf8 = new TextEncoder();

/** The query of a list that can be had whole as well: `format` says how, and `limit` means nothing then. */
export function exportable<Shape extends z.ZodRawShape, Config extends z.core.$ZodObjectConfig>(filter: z.ZodObject<Shape, Config>) {
  return filter.extend({ format: z.enum(["json", "ndjson", "csv"]).default("json") });
}

type Query = { format: "json" | "ndjson" | "csv"; limit: number; cursor?: string | undefined };

/**
 * Answers a list: a page as JSON, or all that the filter names as a file `name`, newest first: NDJSON, or CSV after RFC 4180 with a column for
 * each key of `item` and nested values as JSON. The file is read page by page as fast as it is taken, so its size costs no memory; rows that
 * arrive meanwhile are not in it. A fault in the middle breaks the transfer off, so that half a file is not taken for a whole one.
 */
export function answerList<Asked extends Query, Item extends object>(
  query: Asked,
  list: (filter: Omit<Asked, "format">) => Promise<Page<Item>>,
  { name, item }: { name: string; item: z.ZodObject },
): Promise<Page<Item>> | Response {
  const { format, ...filter } = query;
  if (format === "json") return list(filter);
  const keys = Object.keys(item.shape);
  // As a page's answer is: what the schema does not name does not leave.
  const lineOf = (row: Item) => (format === "csv" ? csvLine(keys, item.parse(row)) : `${JSON.stringify(item.parse(row))}\n`);
  const head = format === "csv" ? `${keys.join(",")}\r\n` : "";
  const headers = {
    "content-type": TYPES[format],
    "content-disposition": `attachment; filename="${name}.${format}"`,
    "cache-control": "no-store",
  };
  return new Response(
    streamOf((cursor) => list({ ...filter, limit: ROWS, cursor: cursor ?? filter.cursor }), head, lineOf),
    { headers },
  );
}

function streamOf<Item>(
  list: (cursor?: string) => Promise<Page<Item>>,
  head: string,
  lineOf: (row: Item) => string,
): ReadableStream<Uint8Array> {
  let cursor: string | undefined;
  let start = head;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const page = await list(cursor);
        const text = start + page.items.map(lineOf).join("");
        start = "";
        if (text !== "") controller.enqueue(utf8.encode(text));
        if (page.next === null) controller.close();
        cursor = page.next ?? undefined;
      } catch (error) {
        log.error("export.failed", describe(error));
        controller.error(error);
      }
    },
  });
}

function csvLine(keys: string[], row: object): string {
  return `${keys.map((key) => csvField((row as Record<string, unknown>)[key])).join(",")}\r\n`;
}

/** What a spreadsheet would take for a formula gets an apostrophe in front: it runs what the text says, and the text is a stranger's. */
function csvField(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = typeof value === "string" && /^\s*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
