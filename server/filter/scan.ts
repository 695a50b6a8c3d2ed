import * as z from "zod";

import { verdict } from "./verdict.ts";

/** Longest line read (UTF-16 units), so that memory stays bounded. */
const MAX_LINE = 4_000_000;

const Line = z.object({ id: z.union([z.string(), z.number()]), text: z.string() });

/**
 * Scans JSON lines `{"id","text"}` and writes, in order, one line `{"id","score","flag","band","rules"}` for each, or `{"id":null,"error"}` for
 * one that cannot be read. Blank lines count for nothing. Memory does not grow with the input.
 */
export async function scan(
  input: ReadableStream<Uint8Array>,
  write: (line: string) => void | Promise<void>,
): Promise<{ lines: number; flagged: number; bad: number }> {
  const counts = { lines: 0, flagged: 0, bad: 0 };
  for await (const line of linesOf(input)) {
    counts.lines += 1;
    const read = readLine(line);
    if (typeof read === "string") {
      counts.bad += 1;
      await write(JSON.stringify({ id: null, error: read }));
    } else {
      const { score, flag, band, rules } = verdict(read.text, { source: "scan", kind: "other", field: "text", author: null });
      if (flag) counts.flagged += 1;
      await write(JSON.stringify({ id: read.id, score, flag, band, rules }));
    }
  }
  return counts;
}

/** The lines of a stream that are not blank; null stands for one beyond the limit, of which nothing is kept. */
async function* linesOf(input: ReadableStream<Uint8Array>): AsyncGenerator<string | null> {
  const decoder = new TextDecoder();
  let line: string | null = "";
  for await (const chunk of input) {
    const [first = "", ...others] = decoder.decode(chunk, { stream: true }).split("\n");
    line = joined(line, first);
    for (const next of others) {
      if (line?.trim() !== "") yield line;
      line = next;
    }
  }
  line = joined(line, decoder.decode());
  if (line?.trim() !== "") yield line;
}

function joined(line: string | null, more: string): string | null {
  return line === null || line.length + more.length > MAX_LINE ? null : line + more;
}

/** The line's id and text, or what is wrong with it, without a word of it. */
function readLine(line: string | null): z.infer<typeof Line> | string {
  if (line === null) return `the line is longer than ${MAX_LINE} characters`;
  try {
    const parsed = Line.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : "the line needs an id (string or number) and a text (string)";
  } catch {
    return "the line is not JSON";
  }
}
