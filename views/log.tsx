import type { TranscriptLine } from "../server/runs/schema.ts";
import { count, plural } from "./format.ts";
import { Empty } from "./parts.tsx";
import { Lines } from "./transcript.tsx";

/**
 * A part of a run's output. `lines` are the last ones, or those from the number `from` on, or the first that hold `search`; `total` is how many there are
 * in all, `first_error` the number of the first that reports an error.
 */
export type Log = { lines: TranscriptLine[]; total: number; from: number | null; search: string | null; first_error: number | null };

/** Where the lines of a run that is followed live stand; the page's one stream is theirs. */
export const LINES = "log-lines";

/** What the agent's process printed, in a box of its own that stays at its end while lines come. */
export function LogTab({ run, live, log }: { run: string; live: boolean; log: Log }) {
  const { lines, total, from, search } = log;
  const atEnd = from === null && search === null;
  const next = (lines.at(-1)?.seq ?? -1) + 1;
  const stream = {
    "hx-sse:connect": `/runs/${run}/lines?from=${next}`,
    "hx-sse:close": "ended",
    "hx-trigger": "load",
    "hx-swap": "beforeend",
  } as const;
  return (
    <section class="log-tab" aria-labelledby="log-title">
      <h2 id="log-title" class="visually-hidden">
        Log
      </h2>
      <LogTools run={run} log={log} />
      {lines.length === 0 && !(live && atEnd) ? (
        <Empty>{search === null ? "Nothing was printed, or it is no longer kept." : "No line holds this."}</Empty>
      ) : (
        <div class="log-box" tabindex="0" role="region" aria-label="What the agent's process printed" data-log data-live={live && atEnd}>
          <ol class="transcript" id={LINES} {...(live && atEnd ? stream : {})}>
            <Lines lines={lines} run={run} />
          </ol>
        </div>
      )}
      <p class="log-foot">
        <span class="fresh" safe>
          {range(log)}
        </span>
        {total === 0 || search !== null ? null : <Pages run={run} log={log} />}
        <button type="button" data-log-jump hidden>
          Jump to live
        </button>
      </p>
    </section>
  );
}

function LogTools({ run, log: { search, first_error } }: { run: string; log: Log }) {
  return (
    <div class="log-tools">
      <form role="search" action={`/runs/${run}`}>
        <input type="hidden" name="tab" value="log" />
        <label class="visually-hidden" for="log-search">
          Search the log
        </label>
        <input id="log-search" type="search" name="search" maxlength="200" placeholder="Search the log" value={search ?? ""} />
        <button>Search</button>
      </form>
      {first_error === null ? null : (
        <a href={`/runs/${run}?tab=log&from=${Math.max(0, first_error - 5)}#line-${first_error}`}>First error</a>
      )}
      {search === null ? null : <a href={`/runs/${run}?tab=log`}>All lines</a>}
    </div>
  );
}

function Pages({ run, log: { lines, from } }: { run: string; log: Log }) {
  const first = lines[0]?.seq ?? 0;
  const next = (lines.at(-1)?.seq ?? 0) + 1;
  return (
    <>
      {first > 0 ? <a href={`/runs/${run}?tab=log&from=${Math.max(0, first - LOG_LINES)}`}>Earlier</a> : null}
      {from === null ? null : <a href={`/runs/${run}?tab=log&from=${next}`}>Later</a>}
      {from === null ? null : <a href={`/runs/${run}?tab=log`}>The end</a>}
    </>
  );
}

/** How many lines a page of the log has. */
export const LOG_LINES = 300;

function range({ lines, total, search }: Log): string {
  if (search !== null)
    return lines.length < LOG_LINES ? `${plural(lines.length, "line")} found.` : `The first ${count(LOG_LINES)} lines found.`;
  if (lines.length === 0) return plural(total, "line");
  return `Lines ${count(lines[0]?.seq ?? 0)} to ${count(lines.at(-1)?.seq ?? 0)}; ${plural(total, "line")} kept.`;
}
