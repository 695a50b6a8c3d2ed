import { setTimeout as sleep } from "node:timers/promises";

import { AppError } from "../errors.ts";
import type { FailureKind } from "./failures.ts";
import { failureOf } from "./failures.ts";

const MOST_TRIES = 3;

/** A longer wait than this is for the caller to know of, not to sit through. */
const LONGEST_WAIT_S = 5;

/** What may pass by itself. A time-out is not among them: the caller has waited long enough. */
const PASSING: FailureKind[] = ["rate_limited", "server_error", "network"];

/** Who decides on another try: the caller's signal ends the waiting for it, and `mayRetry` has to answer true just before it is sent. */
type Leave = { signal?: AbortSignal | undefined; mayRetry?: (() => Promise<boolean>) | undefined };

/**
 * Makes a request that only reads, three times at most. It is tried again after a 5xx, a 408, a broken connection, or a 429 that says how long
 * it lasts; never sooner than Moltbook asked for, and not at all when that is more than 5 seconds. The wait doubles from `backoffMs`, less up
 * to half of it by chance, so that clients that failed together do not come back together. What fails for good says how often it was tried.
 */
export async function persistently<T>(attempt: () => Promise<T>, { signal, mayRetry }: Leave, backoffMs: number): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const askedMs = askedWait(error);
      if (askedMs === null || tries === MOST_TRIES || !mayRetry) throw counted(error, tries);
      await sleep(askedMs + backoffMs * 2 ** (tries - 1) * (1 - Math.random() / 2), undefined, { signal }).catch(() => undefined);
      if (signal?.aborted || !(await mayRetry())) throw counted(error, tries);
    }
  }
}

/** The milliseconds that Moltbook wants to be left alone, 0 when it does not say, null when another try makes no sense. */
function askedWait(error: unknown): number | null {
  const { kind, retryAfterS } = failureOf(error) ?? {};
  if (!kind || !PASSING.includes(kind)) return null;
  if (retryAfterS === undefined) return kind === "rate_limited" ? null : 0;
  return retryAfterS <= LONGEST_WAIT_S ? retryAfterS * 1000 : null;
}

function counted(error: unknown, tries: number): unknown {
  if (tries === 1 || !(error instanceof AppError)) return error;
  return new AppError(error.code, `${error.message} Tried ${tries} times.`, { details: { ...error.details, tries }, cause: error });
}
