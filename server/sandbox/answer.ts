import { AppError, type ErrorCode, STATUS } from "../errors.ts";

/** What goes back over HTTP: no body means an empty one. A read that changed the world says so by `kept`, for the journal. */
export type Answer = { status: number; body?: unknown; headers?: Record<string, string>; kept?: boolean };

type Refusal = { answer: Answer; kept: boolean };

const CODES: Record<number, ErrorCode> = {
  401: "unauthorized",
  403: "unauthorized",
  404: "not_found",
  409: "conflict",
  503: "unavailable",
};

/** A refusal in Moltbook's general form: `{success: false, error, hint}`. */
export function refuse(status: number, error: string, hint: string): AppError {
  return refusal({ status, body: { success: false, error, hint } });
}

/** A refusal with a body of its own; `kept` when it changed the world all the same, so that the journal must hold it. */
export function refusal(answer: Answer, kept = false): AppError {
  return new AppError(CODES[answer.status] ?? "invalid", `The sandbox answers ${answer.status}.`, {
    details: { refusal: { answer, kept } satisfies Refusal },
  });
}

/** The refusal that an error carries, or for any other AppError the general form of it; the rest are faults of the sandbox and thrown on. */
export function refusalIn(error: unknown): Refusal {
  if (!(error instanceof AppError)) throw error;
  const refused = error.details["refusal"] as Refusal | undefined;
  return refused ?? { answer: { status: STATUS[error.code], body: { success: false, error: error.message, hint: "" } }, kept: false };
}
