import type { ToolContext } from "../../tool.ts";
import type { Answer, CallOptions } from "../client.ts";
import { failureOf } from "../failures.ts";
import type { Feature } from "../features.ts";
import { recordFeature } from "../follow-up/queries.ts";
import { reading } from "../governor.ts";

/**
 * A read of a function of Moltbook that comes and goes, for a tool. One that finds it away lets the next call know, which then sends nothing:
 * see `feature` of a tool. Throws what `reading` throws.
 */
export async function readingOffered<Data>(
  feature: Feature,
  context: ToolContext,
  request: (options: CallOptions) => Promise<Answer<Data>>,
): Promise<Answer<Data>> {
  try {
    return await reading(context, request);
  } catch (error) {
    if (failureOf(error)?.kind === "no_such_endpoint") await recordFeature(context.principal, feature, false);
    throw error;
  }
}
