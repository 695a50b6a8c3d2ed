import { redactText } from "../redact.ts";
import { insertTranscript } from "./queries.ts";

const FLUSH_MS = 200;
const HEAD_LIMIT = 4 * 1024 * 1024;
const TAIL_LINES = 200;

type Entry = { seq: number; stream: "stdout" | "stderr" | "gap"; line: string };

/**
 * Writes a run's output to the database as it comes, in small batches, with secrets masked. Beyond 4 MiB only the last 200 lines are
 * kept, after a gap that says how many are missing.
 */
export function openTranscript(run: { id: string; agentId: string }) {
  let seq = 0;
  let written = 0;
  let skipped = 0;
  let pending: Entry[] = [];
  let tail: Entry[] = [];
  let flushing = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function add(stream: "stdout" | "stderr", text: string): void {
    const entry = { seq: seq++, stream, line: redactText(text.replaceAll("\u0000", "\ufffd")) };
    written += entry.line.length;
    if (written > HEAD_LIMIT) {
      tail.push(entry);
      if (tail.length > TAIL_LINES) {
        tail.shift();
        skipped += 1;
      }
      return;
    }
    pending.push(entry);
    timer ??= setTimeout(flush, FLUSH_MS);
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const batch = pending;
    pending = [];
    if (batch.length > 0) flushing = flushing.then(() => insertTranscript(run, batch));
    return flushing;
  }

  /** Writes what is left. Rejects if any line could not be stored. */
  async function close(): Promise<void> {
    if (skipped > 0) pending.push({ seq: (tail[0]?.seq ?? 1) - 1, stream: "gap", line: `${skipped} lines left out` });
    pending.push(...tail);
    tail = [];
    await flush();
  }

  return { add, close };
}
