import { RULES } from "../rules.ts";
import type { FilterContext, ItemKind } from "../schema.ts";
import { verdict } from "../verdict.ts";
import type { Explanation, RuleSummary } from "./schema.ts";

/** UTF-16 units judged again for one page: some two hundred posts, and a few milliseconds, since pages that are followed live are made often. */
const MOST_UNITS = 200_000;

/** The heavy model's vote, where it is switched on; how much it says differs from text to text. */
const HEAVY_MODEL: RuleSummary = {
  id: "transformer",
  family: "transformer",
  weight: null,
  band: null,
  rationale:
    "What the large model says of a text that the rules are unsure of. It is asked only where it is switched on, and not by this page.",
  shadow: false,
};

/** What verdicts name: every rule of the present filter, in its order, and the heavy model. */
export const SUMMARIES: readonly RuleSummary[] = [
  ...RULES.map(({ id, family, weight, band, why, shadow = false }) => ({ id, family, weight, band, rationale: why, shadow })),
  HEAVY_MODEL,
];

const BY_ID = new Map(SUMMARIES.map((rule) => [rule.id, rule]));

/** What is known of a rule; nothing but its id for one of another version. */
export function summaryOf(id: string): RuleSummary {
  return BY_ID.get(id) ?? { id, family: null, weight: null, band: null, rationale: null, shadow: false };
}

/** Judges a text as the filter would, and says by which rules. Nothing of it is stored. */
export function explain(text: string, context: Pick<FilterContext, "kind" | "field" | "author">): Explanation {
  const judged = verdict(text, { source: "explain", ...context });
  return { ...judged, findings: judged.rules.map(summaryOf) };
}

type Kept = { id: string; kind: ItemKind; field: string; author: string | null; text: string | null };

/**
 * Judges texts on record anew, by exposure id, because their places were not kept. The present filter does so, and each text by itself, so that
 * the answer can differ from the verdict on record. Texts that are not kept are left out, and whatever goes beyond the bound of a page.
 */
export function explainKept(exposures: Kept[]): Record<string, Explanation> {
  const explanations: Record<string, Explanation> = {};
  let left = MOST_UNITS;
  for (const { id, text, kind, field, author } of exposures) {
    if (text === null || text.length > left) continue;
    left -= text.length;
    explanations[id] = explain(text, { kind, field, author });
  }
  return explanations;
}
