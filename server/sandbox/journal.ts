import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { dirname } from "node:path";

import * as z from "zod";

import { AppError } from "../errors.ts";

/** The first line: which world the rest belongs to. `epoch` is when it began, RFC 3339. */
const Head = z.object({ seed: z.string(), agent: z.string(), epoch: z.iso.datetime() });
export type Head = z.infer<typeof Head>;

/** An accepted write, or a command of the control (method CONTROL); `agent` is a name, `at` the world's time, RFC 3339. */
const Entry = z.object({
  at: z.iso.datetime(),
  method: z.string(),
  path: z.string(),
  body: z.unknown().optional(),
  agent: z.string().nullable(),
});
export type Entry = z.infer<typeof Entry>;

export type Journal = { head: Head; entries: Entry[]; append: (entry: Entry) => void; close: () => void };

/**
 * Opens the journal (newline-delimited JSON, readable by its owner only), starting it with `head` if there is none.
 * A last line that a crash cut short is removed; any other line that cannot be read is AppError `invalid`, as is a journal of another world.
 */
export function openJournal(path: string, head: Head): Journal {
  mkdirSync(dirname(path), { recursive: true });
  const lines = existsSync(path) ? wholeLines(path) : [];
  const [first, ...rest] = lines.map((line, index) => parseLine(path, line, index === 0 ? Head : Entry, index + 1));
  const written = first as Head | undefined;
  if (written && (written.seed !== head.seed || written.agent !== head.agent))
    throw new AppError("invalid", `${path} belongs to a sandbox with another seed or agent; remove the file to start afresh.`);
  const file = openSync(path, "a", 0o600);
  const write = (line: Head | Entry) => void writeSync(file, `${JSON.stringify(line)}\n`);
  let open = true;
  if (!written) write(head);
  return { head: written ?? head, entries: rest as Entry[], append: write, close };

  function close(): void {
    if (open) closeSync(file);
    open = false;
  }
}

function wholeLines(path: string): string[] {
  const text = readFileSync(path, "utf8");
  const end = text.lastIndexOf("\n") + 1;
  // Otherwise the next line would be glued to the half one and both would be lost.
  if (end < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, end)));
  return text.slice(0, end).split("\n").slice(0, -1);
}

function parseLine(path: string, line: string, schema: z.ZodType<Head | Entry>, number: number): Head | Entry {
  try {
    return schema.parse(JSON.parse(line));
  } catch (error) {
    throw new AppError("invalid", `${path}: line ${number} is no journal entry; repair it, or remove the file to start afresh.`, {
      cause: error,
    });
  }
}
