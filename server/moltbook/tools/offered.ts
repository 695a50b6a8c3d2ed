import { AppError } from "../../errors.ts";
import type { ToolContext } from "../../tool.ts";
import type { Answer, CallOptions } from "../client.ts";
import { failureOf } from "../failures.ts";
import type { Feature } from "../features.ts";
import { findFeature, recordFeature } from "../follow-up/queries.ts";
import { reading } from "../governor.ts";

/**
 * A read of a function of Moltbook that comes and goes, for a tool. While it is known to be away nothing is sent and the agent is told so; a
 * read that finds it away lets the next one know. Throws `not_found` then, and what `reading` throws.
 */
export async function readingOffered<Data>(
  feature: Feature,
  context: ToolContext,
  request: (options: CallOptions) => Promise<Answer<Data>>,
): Promise<Answer<Data>> {
  const { principal } = context;
  if ((await findFeature(principal, feature)) === false) {
    const message = "Moltbook does not offer this at present. It is looked for again once a day; go on without it.";
    throw new AppError("not_found", message, { details: { kind: "no_such_endpoint", landed: false } });
  }
  try {
    return await reading(context, request);
  } catch (error) {
    if (failureOf(error)?.kind === "no_such_endpoint") await recordFeature(principal, feature, false);
    throw error;
  }
}
