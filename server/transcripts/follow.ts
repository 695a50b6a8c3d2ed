import { onChange } from "../live.ts";
import type { TranscriptLine } from "../runs/schema.ts";
import { listLinesFrom } from "./queries.ts";

/** What happens to a run that is followed: new lines, something else of it that changed, nothing for a while, its end. */
export type Happening = { kind: "lines"; lines: TranscriptLine[] } | { kind: "changed" | "quiet" | "ended" };

const BATCH = 200;
const QUIET_MS = 15_000;

/**
 * The lines of a run from the number `from` on, each once and in order, those that are there and those that come, until the run has ended and all
 * of them are told. Ends with `signal`, and when the reader may read no more. `isLive` answers whether the run can still change.
 */
export async function* followRun(
  run: string,
  from: number,
  { isLive, mayRead }: { isLive: () => Promise<boolean>; mayRead: () => Promise<boolean> },
  signal: AbortSignal,
): AsyncGenerator<Happening> {
  let next = from;
  let hasChanged = false;
  let bell = Promise.withResolvers<void>();
  const stopListening = await onChange(({ table, run_id }) => {
    if (table !== null && run_id !== run) return;
    hasChanged ||= table !== "transcripts";
    bell.resolve();
  });
  signal.addEventListener("abort", () => bell.resolve(), { once: true });
  try {
    while (!signal.aborted) {
      const heard = bell.promise;
      if (!(await mayRead())) return;
      // Asked before the lines: what a run prints is stored before it is closed.
      const live = await isLive();
      for (;;) {
        const lines = await listLinesFrom(run, next, BATCH);
        next = (lines.at(-1)?.seq ?? next - 1) + 1;
        if (lines.length > 0) yield { kind: "lines", lines };
        if (lines.length < BATCH) break;
      }
      if (hasChanged || !live) yield { kind: "changed" };
      hasChanged = false;
      if (!live) {
        yield { kind: "ended" };
        return;
      }
      if (await isQuiet(heard)) yield { kind: "quiet" };
      bell = Promise.withResolvers<void>();
    }
  } finally {
    stopListening();
  }
}

/** Whether nothing was heard for a while. */
async function isQuiet(heard: Promise<void>): Promise<boolean> {
  const silence = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => silence.resolve(true), QUIET_MS);
  const quiet = await Promise.race([heard.then(() => false), silence.promise]);
  clearTimeout(timer);
  return quiet;
}
