import { AppError } from "../errors.ts";
import { describe, log } from "../log.ts";
import type { Principal } from "../tokens/queries.ts";
import type { ToolContext } from "../tool.ts";
import type { CallOptions } from "./endpoints.ts";
import type { Failure } from "./failures.ts";
import { failureOf } from "./failures.ts";
import type { LimitClass } from "./queries.ts";
import { findBlock, recordBlock, recordBudget } from "./queries.ts";

/** How many seconds a refusal holds that does not say: one for too many requests, and a suspension. */
const WAIT_S = { rate_limited: 60, suspended: 3600 };

/**
 * Lets a call to Moltbook through only if Moltbook has not told us to wait, and learns from its answer: what is left of the limit, or, from a
 * refusal, how long to stay away. `classes` go from the most specific to the most general. The refusal names the seconds to wait.
 */
export async function guarded<Answer extends { upstream: { rateLimit: Failure["rateLimit"] } }>(
  who: Principal,
  classes: [LimitClass, ...LimitClass[]],
  call: () => Promise<Answer>,
): Promise<Answer> {
  const block = await findBlock(who, [...classes, "account"]);
  if (block) throw blocked(block);
  try {
    const answer = await call();
    if (answer.upstream.rateLimit) await recordBudget(who, classes[0], answer.upstream.rateLimit).catch(logged);
    return answer;
  } catch (error) {
    const { kind, retryAfterS } = failureOf(error) ?? {};
    if (kind === "rate_limited") await recordBlock(who, classes[0], retryAfterS ?? WAIT_S[kind]).catch(logged);
    if (kind === "suspended") await recordBlock(who, "account", retryAfterS ?? WAIT_S[kind]).catch(logged);
    throw error;
  }
}

/**
 * One request that only reads, for a tool: counted against the limit of reads, and given up when the caller gives up. A tool that makes two
 * requests calls this twice.
 */
export function reading<Answer extends { upstream: { rateLimit: Failure["rateLimit"] } }>(
  { principal, signal }: ToolContext,
  request: (options: CallOptions) => Promise<Answer>,
): Promise<Answer> {
  return guarded(principal, ["read"], () => request({ signal }));
}

function blocked(block: { class: LimitClass; seconds: number }): AppError {
  const { seconds: retryAfterS } = block;
  if (block.class === "account") {
    return new AppError(
      "unauthorized",
      `The Moltbook account is suspended for another ${retryAfterS} seconds, so nothing was sent: every attempt can lengthen it. Stop here; the operator has to look into the reason.`,
      { details: { kind: "suspended", retryAfterS, landed: false } },
    );
  }
  return new AppError(
    "unavailable",
    `Moltbook's limit for this is used up. Try again in ${retryAfterS} seconds; until then nothing is sent.`,
    { details: { kind: "rate_limited", retryAfterS, landed: false } },
  );
}

/** What Moltbook has done is done, whether or not its limits could be noted. */
function logged(error: unknown): void {
  log.error("governor.not_recorded", describe(error));
}
