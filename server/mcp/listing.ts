import { describe, log } from "../log.ts";
import type { Feature } from "../moltbook/features.ts";
import { listMissingFeatures } from "../moltbook/queries.ts";
import { moltbookTools } from "../moltbook/tools.ts";
import { promptTools } from "../prompts/tools.ts";
import type { Principal } from "../tokens/queries.ts";
import { schemaOf } from "../tool-schema.ts";
import { TOOL_NAMES } from "../tool.ts";

/** Every tool, in the order of `TOOL_NAMES`. */
export const tools = [...moltbookTools, ...promptTools].toSorted(
  (one, other) => TOOL_NAMES.indexOf(one.name) - TOOL_NAMES.indexOf(other.name),
);

/** The tools as tools/list gives them, and the function of Moltbook that each needs. Made once: schemas are dear. */
const LISTED = tools.map(({ name, title, description, input, output, annotations, feature }) => ({
  feature,
  entry: { name, title, description, inputSchema: schemaOf(input, "input"), outputSchema: schemaOf(output, "output"), annotations },
}));

/** The tools that a principal's policy allows, in their fixed order. What Moltbook does not offer at present says so. */
export async function listTools(principal: Principal) {
  const missing = await listMissingFeatures(principal).catch(unmarked);
  return LISTED.filter(({ entry }) => principal.policy.tools.includes(entry.name)).map(({ entry, feature }) =>
    feature && missing.has(feature) ? { ...entry, description: `${entry.description} Not available on Moltbook at present.` } : entry,
  );
}

/** A list without the marks is better than none: the call itself will say it. */
function unmarked(error: unknown): Map<Feature, string> {
  log.error("mcp.features_not_read", describe(error));
  return new Map();
}
