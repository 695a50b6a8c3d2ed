/** The six kinds of failure; each face maps a kind to its own status or wording (see `STATUS` and the faces' error handlers). */
export type ErrorCode = "invalid" | "not_found" | "conflict" | "unauthorized" | "unavailable" | "internal";

/** HTTP status of each kind. */
export const STATUS: Record<ErrorCode, number> = {
  invalid: 422,
  not_found: 404,
  conflict: 409,
  unauthorized: 401,
  unavailable: 503,
  internal: 500,
};

/**
 * An expected failure. Its message is shown to people and to agents, so it says what to do next and never carries
 * a secret or untrusted text. Anything thrown that is not an AppError is `internal` and is masked by every face.
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
};

/** The kind of anything thrown: AppErrors say it themselves, Postgres errors by SQLSTATE, lost connections are `unavailable`, the rest `internal`. */
export function codeOf(error: unknown): ErrorCode {
  if (error instanceof AppError) return error.code;
  const sqlstate = (error as { code?: unknown } | null)?.code;
  if (typeof sqlstate !== "string") return "internal";
  if (sqlstate === "ECONNREFUSED" || sqlstate === "CONNECTION_CLOSED" || sqlstate === "CONNECTION_ENDED" || sqlstate === "57P03")
    return "unavailable";
  return POSTGRES_CODES[sqlstate] ?? "internal";
}
