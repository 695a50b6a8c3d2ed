/** The seven kinds of failure; each face maps a kind to its own status or wording (see `STATUS` and the faces' error handlers). */
export type ErrorCode = "invalid" | "not_found" | "conflict" | "unauthorized" | "forbidden" | "unavailable" | "internal";

/** HTTP status of each kind. */
export const STATUS: Record<ErrorCode, number> = {
  invalid: 422,
  not_found: 404,
  conflict: 409,
  unauthorized: 401,
  forbidden: 403,
  unavailable: 503,
  internal: 500,
};

/**
 * An expected failure. Its message is shown to people and to agents, so it says what to do next and never carries
 * a secret or untrusted text; `details` stay inside, but for what stands under `shown`. Anything thrown that is not an AppError is `internal` and is masked by every face.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: { details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Postgres error classes that are the caller's fault, by SQLSTATE (Postgres manual, appendix A). */
const POSTGRES_CODES: Record<string, ErrorCode> = {
  "23505": "conflict",
  "23503": "invalid",
  "23514": "invalid",
  "22P02": "invalid",
  "22003": "invalid",
  "22021": "invalid",
};

/** What says that the database is away for now, in the words of sockets, of the driver, and of Postgres itself (55000: it takes no connections). */
const AWAY = [
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "53300",
  "55000",
  "57P01",
  "57P02",
  "57P03",
];

/** The kind of anything thrown: AppErrors say it themselves, Postgres errors by SQLSTATE, lost connections are `unavailable`, the rest `internal`. */
export function codeOf(error: unknown): ErrorCode {
  if (error instanceof AppError) return error.code;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== "string") return "internal";
  return AWAY.includes(code) ? "unavailable" : (POSTGRES_CODES[code] ?? "internal");
}
