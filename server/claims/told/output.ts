import { redactText } from "../../redact.ts";
import { linesOf } from "../../runs/process.ts";
import type { TranscriptLine } from "../../runs/schema.ts";
import type { StreamState } from "../../runs/stream.ts";
import { newStream, readLine } from "../../runs/stream.ts";
import type { ToolUses } from "./tool-uses.ts";
import { newToolUses, noteToolUse } from "./tool-uses.ts";

/** What is kept of an output's beginning and of its end, and of one line, in characters. Together 200 000, as the predecessor kept. */
const HEAD = 100_000;
const TAIL = 99_000;
const LONGEST_LINE = 20_000;
/** A pretty-printed result is one JSON value over many lines. */
const LONGEST_RESULT = 64 * 1024;

/** An output that was printed elsewhere. `text` is what was kept of it, and `sha256` is of all of it. */
export type Output = {
  lines: TranscriptLine[];
  text: string;
  sha256: string;
  stream: StreamState;
  uses: ToolUses;
  firstError: string | null;
};

/**
 * Reads an output once, in bounded memory: stream-json is taken in line by line, of anything the first and the last hundred thousand characters
 * are kept, with a line that says how many lines are missing between them. Secrets are masked in what is kept.
 */
export async function readOutput(bytes: ReadableStream<Uint8Array>): Promise<Output> {
  const output = openOutput();
  for await (const line of linesOf(bytes, new Promise(() => {}), 0)) output.add(line);
  return output.end();
}

/** The same for lines that come one by one. */
export function openOutput() {
  const hasher = new Bun.CryptoHasher("sha256");
  const stream = newStream();
  const uses = newToolUses();
  const keep = openKeep();
  let firstError: string | null = null;

  function add(line: string): void {
    hasher.update(`${line}\n`);
    readLine(stream, line, []);
    noteToolUse(uses, line);
    if (!line.startsWith("{")) firstError ??= errorIn(line);
    keep.add(line.replace(/\r$/, ""));
  }

  function end(): Output {
    const lines = keep.lines();
    const text = lines.map(({ line }) => line).join("\n");
    if (!stream.ended && text.startsWith("{") && text.length <= LONGEST_RESULT) readLine(stream, compact(text), []);
    return { lines, text, sha256: hasher.digest("hex"), stream, uses, firstError };
  }

  return { add, end };
}

/** The predecessor's recorder looked for "ERROR"; others write "Error:" first. */
function errorIn(line: string): string | null {
  return /\bERROR\b|^\s{0,20}(?:API )?Error\b/.test(line) ? redactText(line.trim()).slice(0, 5000) : null;
}

function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return "";
  }
}

/** Keeps the beginning and the end of a sequence of lines. */
function openKeep() {
  const head: TranscriptLine[] = [];
  let tail: TranscriptLine[] = [];
  let [seq, headSize, tailSize, skipped] = [0, 0, 0, 0];

  function add(text: string): void {
    const line = redactText(
      text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)} … ${text.length - LONGEST_LINE} more characters` : text,
    );
    const entry: TranscriptLine = { seq, stream: "stdout", line };
    seq += 1;
    if (tail.length === 0 && headSize + line.length < HEAD) {
      headSize += line.length + 1;
      head.push(entry);
      return;
    }
    tail.push(entry);
    tailSize += line.length + 1;
    // Not at each line, since what is left has to be moved.
    if (tailSize > 2 * TAIL) shorten();
  }

  function shorten(): void {
    let drop = 0;
    while (tailSize > TAIL && drop < tail.length - 1) {
      tailSize -= (tail[drop]?.line.length ?? 0) + 1;
      drop += 1;
    }
    skipped += drop;
    tail = tail.slice(drop);
  }

  function lines(): TranscriptLine[] {
    shorten();
    const gap: TranscriptLine[] = skipped > 0 ? [{ seq: (tail[0]?.seq ?? seq) - 1, stream: "gap", line: `${skipped} lines left out` }] : [];
    return [...head, ...gap, ...tail];
  }

  return { add, lines };
}
