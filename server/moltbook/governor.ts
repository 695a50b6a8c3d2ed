import { AppError } from "../errors.ts";
import type { Principal } from "../tokens/queries.ts";
import type { Failure } from "./failures.ts";
import { failureOf } from "./failures.ts";
import type { LimitClass } from "./queries.ts";
import { findBlock, recordBlock, recordBudget } from "./queries.ts";

/**
 * Lets a call to Moltbook through only if Moltbook has not told us to wait, and learns from its answer: what is left of the limit, or, from a
 * refusal, how long to stay away. `classes` go from the most specific to the most general. The refusal names the seconds to wait.
 */
export async function guarded<Answer extends { upstream: { rateLimit: Failure["rateLimit"] } }>(
  who: Principal,
  classes: [LimitClass, ...LimitClass[]],
  call: () => Promise<Answer>,
): Promise<Answer> {
  const until = await findBlock(who, classes);
  if (until) {
    const seconds = Math.max(1, Math.ceil((Date.parse(until) - Date.now()) / 1000));
    throw new AppError(
      "unavailable",
      `Moltbook's limit for this is used up. Try again in ${seconds} seconds; until then nothing is sent.`,
      {
        details: { kind: "rate_limited", retryAfterS: seconds },
      },
    );
  }
  try {
    const answer = await call();
    if (answer.upstream.rateLimit) await recordBudget(who, classes[0], answer.upstream.rateLimit);
    return answer;
  } catch (error) {
    const failure = failureOf(error);
    if (failure?.kind === "rate_limited" && failure.retryAfterS) await recordBlock(who, classes[0], failure.retryAfterS);
    throw error;
  }
}
