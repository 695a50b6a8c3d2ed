import { AppError } from "../errors.ts";
import { describe, log } from "../log.ts";
import { moltbook } from "../moltbook/connection.ts";
import { guarded } from "../moltbook/governor.ts";
import type { Decided, Owner } from "./queries.ts";
import { claimRequest, confirmRequest, findRequestState, releaseRequest, resumeWriting } from "./queries.ts";

/**
 * Decides a message request: claimed here first, then told to Moltbook. Where Moltbook refuses for certain, the request is open again (or gone,
 * if it was withdrawn) and the error says why; where nobody knows whether Moltbook took it, the decision stands and is not sent again unless
 * Moltbook still lists the request later.
 * Throws AppErrors: `not_found`, `conflict` if it is not open, and whatever Moltbook answers.
 */
export async function decideRequest(owner: Owner, decided: Decided): Promise<void> {
  if (!(await claimRequest(owner, decided))) throw await notOpen(owner, decided.id);
  try {
    await guarded(owner, { classes: ["write"] }, (options) => moltbook().dmDecide(decided.id, decided.decision, options));
  } catch (error) {
    const { kind, landed } = error instanceof AppError ? error.details : {};
    if (landed !== false) throw uncertain(error);
    const isGone = kind === "not_found" || kind === "gone";
    await releaseRequest(owner, decided.id, isGone ? "gone" : "open");
    throw isGone ? new AppError("not_found", "Moltbook does not have this request any more: its sender took it back.") : error;
  }
  await confirmRequest(owner, decided.id);
}

/** Lets the account write again. Throws AppError `conflict` if it was not frozen. */
export async function resume(owner: Owner, resumption: { actor: string; reason: string }): Promise<void> {
  if (!(await resumeWriting(owner, resumption))) throw new AppError("conflict", "Writing was not frozen, or has been resumed already.");
}

async function notOpen(owner: Owner, id: string): Promise<AppError> {
  const state = await findRequestState(owner, id);
  if (state === undefined) return new AppError("not_found", "There is no message request with this id.");
  const what = state === "gone" ? "taken back by its sender" : `${state} already`;
  return new AppError("conflict", `This request was ${what}. Nothing was sent.`);
}

function uncertain(cause: unknown): AppError {
  if (!(cause instanceof AppError)) log.error("message_request.failed", describe(cause));
  const message =
    "Moltbook did not say whether it took this decision, so it is not sent again. If Moltbook still lists the request later, it is open here again.";
  return new AppError("unavailable", message, { cause });
}
