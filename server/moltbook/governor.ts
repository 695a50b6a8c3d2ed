import type { ErrorCode } from "../errors.ts";
import { AppError } from "../errors.ts";
import { describe, log } from "../log.ts";
import type { ToolContext } from "../tool.ts";
import { noteFailure, noteSuccess } from "./account/account.ts";
import type { CallOptions } from "./client.ts";
import type { Failure } from "./failures.ts";
import { failureOf } from "./failures.ts";
import type { LimitClass } from "./limits.ts";
import type { Caller } from "./modes.ts";
import { platformMode } from "./modes.ts";
import type { Admission, Refusal } from "./queries.ts";
import { admit, recordBlock, recordBudget, settleSpent } from "./queries.ts";

/** What a call counts against, and whether it creates content, which is refused while the agent fails its verifications. */
export type Purpose = { classes: [LimitClass, ...LimitClass[]]; creates?: boolean; signal?: AbortSignal | undefined };

type Answered = { upstream: { rateLimit: Failure["rateLimit"] } };

/** How many seconds a refusal holds that does not say. */
const WAIT_S = 60;

/** A write may land as long as its exchange may take, so its slot is held for that long, and then counted from when it has ended. */
const HOLD_S = 35;

/**
 * The gate that every request to Moltbook goes through, in all processes: refused if the account is suspended or frozen, if Moltbook is not
 * to be reached, or if a limit is used up, each time with the seconds to wait; nothing is sent then. From the answer it learns what Moltbook
 * itself says is left, and how the account and Moltbook are. Throws AppErrors whose details have the kind, and what the request throws.
 */
export async function guarded<Answer extends Answered>(
  who: Caller,
  { classes, creates = false, signal }: Purpose,
  request: (options: CallOptions) => Promise<Answer>,
): Promise<Answer> {
  const isRead = classes[0] === "read";
  // What a dry run reads is really read.
  const counted = isRead ? { ...who, mode: platformMode(who) } : who;
  const admission = await admit(counted, classes, isRead ? 0 : HOLD_S, creates);
  if (admission.refusal !== null) throw refused(admission);
  const options = { signal, mayRetry: async () => (await admit(counted, classes, 0, false)).refusal === null };
  try {
    const answer = await request(options);
    await learned(who, classes, admission, answer.upstream.rateLimit).catch(logged);
    return answer;
  } catch (error) {
    await learnedFrom(error, who, classes, admission.stamp).catch(logged);
    throw error;
  }
}

/**
 * One request that only reads, for a tool: counted against the limit of reads, and given up when the caller gives up. A tool that makes two
 * requests calls this twice.
 */
export function reading<Answer extends Answered>(
  { principal, signal }: Pick<ToolContext, "principal" | "signal">,
  request: (options: CallOptions) => Promise<Answer>,
): Promise<Answer> {
  return guarded(principal, { classes: ["read"], signal }, request);
}

async function learned(who: Caller, classes: Purpose["classes"], admission: Admission, left: Failure["rateLimit"]): Promise<void> {
  if (classes[0] !== "read") await settleSpent(who, classes, admission.stamp, true);
  if (admission.trouble) await noteSuccess(who);
  // Only bad news needs writing down: what is left by our own count is in the table already.
  const general = classes.at(-1) ?? classes[0];
  if (left?.remaining !== null && left !== null && left.remaining < SCARCE) await recordBudget(who, general, left);
}

/** Below this many calls left we go by Moltbook's count too: another program may be using the same key. */
const SCARCE = 15;

async function learnedFrom(error: unknown, who: Caller, classes: Purpose["classes"], stamp: string): Promise<void> {
  const failure = failureOf(error);
  const { kind, retryAfterS, status } = failure ?? {};
  if (classes[0] !== "read") await settleSpent(who, classes, stamp, !(status === null && failure?.landed === false));
  if (kind === "rate_limited") await recordBlock(who, classes[0], retryAfterS ?? WAIT_S);
  if (failure) await noteFailure(who, failure);
}

function refused({ refusal, class: limit, seconds }: Refusal): AppError {
  const { code, kind, say } = REFUSALS[refusal];
  const message = limit ? `${LIMIT_REACHED[limit]} Try again in ${seconds} seconds; until then nothing is sent.` : say(seconds ?? 0);
  return new AppError(code, message, { details: { kind, retryAfterS: seconds, landed: false } });
}

type Words = { code: ErrorCode; kind: string; say: (seconds: number) => string };

const REFUSALS: Record<Refusal["refusal"], Words> = {
  suspended: {
    code: "unauthorized",
    kind: "suspended",
    say: (seconds) =>
      `The Moltbook account is suspended for another ${seconds} seconds, so nothing was sent: every attempt can lengthen it. Stop here; the operator has to look into the reason.`,
  },
  unreachable: {
    code: "unavailable",
    kind: "network",
    say: (seconds) =>
      `Moltbook has failed several times in a row, so nothing is sent to it for another ${seconds} seconds. End this heartbeat unless there is something else to do.`,
  },
  frozen: {
    code: "unauthorized",
    kind: "denied",
    say: () => "Writing is frozen until the operator resumes it, so nothing was sent: do not try again. Reading goes on.",
  },
  limit: { code: "unavailable", kind: "rate_limited", say: (seconds) => `Try again in ${seconds} seconds.` },
};

const LIMIT_REACHED: Record<LimitClass, string> = {
  read: "The limit of 60 reads a minute is used up.",
  write: "The limit of 30 writes a minute is used up.",
  post: "One post per 30 minutes is allowed (per 2 hours in an account's first day).",
  comment: "One comment per 20 seconds is allowed, and 50 a day (60 seconds and 20 in an account's first day).",
  vote: "The limit of 30 votes an hour is used up.",
  verify: "The limit of 30 answers to challenges a minute is used up.",
  submolt: "One submolt an hour is allowed (one in an account's first day).",
};

/** What Moltbook has done is done, whether or not its limits could be noted. */
function logged(error: unknown): void {
  log.error("governor.not_recorded", describe(error));
}
