import type { ErrorCode } from "../errors.ts";
import { AppError } from "../errors.ts";
import type { Exposure } from "../filter/schema.ts";

/** Why a call to Moltbook failed, and the AppError code that each reason has. */
const CODES = {
  rate_limited: "unavailable",
  suspended: "unauthorized",
  unauthorized: "unauthorized",
  unclaimed: "unauthorized",
  forbidden: "unauthorized",
  captcha: "unauthorized",
  not_found: "not_found",
  no_such_endpoint: "not_found",
  conflict: "conflict",
  gone: "not_found",
  invalid: "invalid",
  incorrect_answer: "invalid",
  redirect: "unavailable",
  upstream_shape: "unavailable",
  too_large: "unavailable",
  timeout: "unavailable",
  network: "unavailable",
  outcome_unknown: "unavailable",
  server_error: "unavailable",
} as const satisfies Record<string, ErrorCode>;

export type FailureKind = keyof typeof CODES;

/** What Moltbook says of its limits in the X-RateLimit headers; `resetAt` is RFC 3339 UTC. */
export type RateLimit = { limit: number | null; remaining: number | null; resetAt: string | null };

/**
 * The details of every AppError that the client throws. `status` is null where no answer came. `landed` tells whether a write took
 * effect: false for certain not (and for every read), true for certain, null when nobody can say, so that it must not be repeated.
 * `retryAfterS` is in seconds, `resetAt` RFC 3339 UTC; `hint` has passed the filter. `exposures` are those of the error's own body. `tries` says
 * how often a read was sent, if more than once; all else is then of the last try.
 */
export type Failure = {
  kind: FailureKind;
  status: number | null;
  method: string;
  path: string;
  landed: boolean | null;
  retryAfterS?: number | undefined;
  resetAt?: string | undefined;
  hint?: string | undefined;
  rateLimit: RateLimit | null;
  exposures: Exposure[];
  tries?: number | undefined;
};

/** An AppError for a failed call: its code follows from the kind. */
export function failure(message: string, details: Failure): AppError {
  return new AppError(CODES[details.kind], message, { details });
}

/** The details of a failed call to Moltbook, or null for any other error. */
export function failureOf(error: unknown): Failure | null {
  if (!(error instanceof AppError)) return null;
  const kind = error.details.kind;
  return typeof kind === "string" && kind in CODES ? (error.details as Failure) : null;
}
