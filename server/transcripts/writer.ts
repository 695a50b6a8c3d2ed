import { describe, log } from "../log.ts";
import { redactText } from "../redact.ts";
import type { TranscriptLine } from "../runs/schema.ts";
import { insertTranscript } from "./queries.ts";

const FLUSH_MS = 200;
const BATCH = 500;
/** What is kept from the beginning and from the end, in lines and in characters. */
const HEAD = { lines: 20_000, size: 4 * 1024 * 1024 };
const TAIL = { lines: 200, size: 1024 * 1024 };

/**
 * Writes a run's output to the database as it comes, in small batches, with secrets masked. Of an output beyond 20 000 lines or 4 MiB only
 * the last 200 lines (at most 1 MiB) are kept in addition, after a gap that says how many are missing.
 */
export function openTranscript(run: { id: string; agentId: string }) {
  let seq = 0;
  let headSize = 0;
  let tailSize = 0;
  let skipped = 0;
  let lost = 0;
  let pending: TranscriptLine[] = [];
  const tail: TranscriptLine[] = [];
  let flushing = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function add(stream: "stdout" | "stderr", text: string): void {
    const entry = { seq, stream, line: redactText(text.replaceAll("\u0000", "\ufffd")) };
    seq += 1;
    headSize += entry.line.length;
    if (seq > HEAD.lines || headSize > HEAD.size) return addToTail(entry);
    pending.push(entry);
    timer ??= setTimeout(flush, FLUSH_MS);
  }

  function addToTail(entry: TranscriptLine): void {
    tail.push(entry);
    tailSize += entry.line.length;
    while (tail.length > TAIL.lines || tailSize > TAIL.size) {
      tailSize -= tail.shift()?.line.length ?? 0;
      skipped += 1;
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    for (const lines = pending.splice(0); lines.length > 0;) {
      const batch = lines.splice(0, BATCH);
      flushing = flushing.then(() => store(batch));
    }
    return flushing;
  }

  /** Lines that cannot be stored are counted and left out: the run is more than its transcript. */
  async function store(batch: TranscriptLine[]): Promise<void> {
    try {
      await insertTranscript(run, batch);
    } catch (error) {
      lost += batch.length;
      log.error("transcript.not_stored", { run: run.id, lines: batch.length, ...describe(error) });
    }
  }

  /** Writes what is left, with the gaps. */
  async function close(): Promise<void> {
    if (skipped > 0) pending.push({ seq: (tail[0]?.seq ?? seq) - 1, stream: "gap", line: `${skipped} lines left out` });
    pending = pending.concat(tail.splice(0));
    await flush();
    if (lost > 0) await store([{ seq, stream: "gap", line: `${lost} lines could not be stored` }]);
  }

  return { add, close };
}
