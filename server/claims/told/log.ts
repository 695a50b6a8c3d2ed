import { momentOf } from "../../import/moment.ts";
import type { Output } from "./output.ts";
import { openOutput } from "./output.ts";

/** A run as a runner's log tells it. `finishedAt` null: the log does not say. */
export type LoggedRun = {
  runId: string | null;
  runNumber: number | null;
  startedAt: Date;
  finishedAt: Date | null;
  exitCode: number | null;
  status: "completed" | "failed" | "lost";
  output: Output;
};

/** What a line of a runner's log may be; anything else belongs to the output of the run that it stands in. */
type Mark = { kind: "start"; at: Date } | { kind: "end"; at: Date | null; failed: boolean } | { kind: "code" } | null;

const LONGEST_MARK = 300;
const TIME =
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?|[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d (?:[A-Z]{1,5} )?\d{4}|\b1\d{9}\b/;
const HEARTBEAT = /\b(?:heartbeat|run)\b/i;
const START = /\b(?:start(?:s|ed|ing)?|begin(?:s|ning)?|began)\b/i;
const END = /\b(?:finish(?:ed|es)?|complete[ds]?|ended|ends|done|failed|exit(?:s|ed)?|stopped)\b/i;
const CODE =
  /\bexit(?:ed)?(?: with)?(?: code| status)?\s{0,3}[:=]?\s{0,3}\(?(\d{1,3})\b|\b(?:code|status|rc)\s{0,3}[:=]\s{0,3}(\d{1,3})\b/i;
const CODE_ALONE =
  /^[^A-Za-z]{0,60}(?:claude |heartbeat |process )?exit(?:ed)?(?: with)?(?: code| status)?\s{0,3}[:=]?\s{0,3}\d{1,3}\W{0,10}$/i;
const RUN_ID = /\brun[ _-]?id\s{0,3}[:=]\s{0,3}([\w.:-]{1,200})/i;
const RUN_NUMBER = /\b(?:heartbeat|run)\s{0,3}(?:no\.?|number)?\s{0,3}#?(\d{1,6})\b/i;

/**
 * The runs of a runner's log, in order and one at a time: a line with a time, the word "heartbeat" (or "run") and "start" begins one, one with
 * "finish", "complete", "failed" or "exit code" ends it. A run that the next one interrupts, or the end of the log, is lost, unless it told
 * its exit code.
 */
export async function* runsIn(lines: AsyncIterable<string>): AsyncGenerator<LoggedRun> {
  let run: (Omit<LoggedRun, "output"> & { output: ReturnType<typeof openOutput> }) | null = null;
  let hasOutput = false;
  for await (const line of lines) {
    const mark = markIn(line);
    if (mark?.kind === "start") {
      hasOutput = false;
      if (run) yield { ...run, output: run.output.end() };
      const runNumber = Number(RUN_NUMBER.exec(line.replace(TIME, ""))?.[1] ?? Number.NaN);
      run = {
        runId: null,
        runNumber: Number.isNaN(runNumber) ? null : runNumber,
        startedAt: mark.at,
        finishedAt: null,
        exitCode: null,
        status: "lost",
        output: openOutput(),
      };
    }
    if (!run) continue;
    // Before its output: what an agent prints does not say which run it is.
    if (!hasOutput) run.runId ??= line.length <= LONGEST_MARK ? (RUN_ID.exec(line)?.[1] ?? null) : null;
    if (mark?.kind === "end" || mark?.kind === "code") {
      const code = CODE.exec(line);
      if (code) run.exitCode = Number(code[1] ?? code[2]);
      if (run.exitCode !== null) run.status = run.exitCode === 0 ? "completed" : "failed";
    }
    if (mark === null) {
      run.output.add(line);
      hasOutput ||= line.trim() !== "" && !RUN_ID.test(line);
    }
    if (mark?.kind !== "end") continue;
    run.finishedAt = mark.at && mark.at >= run.startedAt ? mark.at : null;
    run.status = mark.failed || (run.exitCode ?? 0) !== 0 ? "failed" : "completed";
    yield { ...run, output: run.output.end() };
    run = null;
  }
  if (run) yield { ...run, output: run.output.end() };
}

function markIn(line: string): Mark {
  if (line.length > LONGEST_MARK || line.startsWith("{")) return null;
  if (CODE_ALONE.test(line)) return { kind: "code" };
  if (!HEARTBEAT.test(line)) return null;
  const at = momentOf(TIME.exec(line)?.[0] ?? "");
  // A start may say of itself that the last one has finished, and an end that it began: the first word counts.
  const [start, end] = [START.exec(line)?.index ?? Infinity, END.exec(line)?.index ?? Infinity];
  if (start < end) return at ? { kind: "start", at } : null;
  return end < Infinity && (at !== null || CODE.test(line)) ? { kind: "end", at, failed: /\bfailed\b/i.test(line) } : null;
}
