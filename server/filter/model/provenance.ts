import { RULES } from "../rules.ts";
import { judgeBy } from "../verdict.ts";
import { examplesOf, FAMILIES, familyOf, relativesOf, type Row } from "./data.ts";
import { train } from "./train.ts";
import type { Weights } from "./vote.ts";

/** Where weights come from and how well they do: beside the weights, so that nobody has to believe them. */
export type Provenance = {
  step: number;
  bias: number;
  trained_on: Record<string, { licence: string; injection: number; benign: number }>;
  left_out: { slice: string; texts: number; flagged_by_rules: number; flagged: number }[];
};

/**
 * The provenance of weights: what they were trained on, and what the filter flags in each slice of all rows with weights that have seen no text
 * of the row's family (leave one family out), and with no model at all.
 */
export function provenanceOf(weights: Weights, rows: readonly Row[], corpus: readonly { text: string; label: string }[]): Provenance {
  const learned = rows.filter(({ source }) => familyOf(source) !== undefined);
  const judges = new Map<string | undefined, ReturnType<typeof judgeBy>>([[undefined, judgeBy(RULES, weights)]]);
  for (const family of Object.keys(FAMILIES)) {
    const others = learned.filter(({ source }) => familyOf(source) !== family);
    judges.set(family, judgeBy(RULES, others.length === learned.length ? weights : train(examplesOf(others, corpus))));
  }
  const byRules = judgeBy(RULES, null);
  const slices = new Map<string, { slice: string; texts: number; flagged_by_rules: number; flagged: number }>();
  for (const { text, source, slice } of rows) {
    const counts = slices.get(slice) ?? { slice, texts: 0, flagged_by_rules: 0, flagged: 0 };
    slices.set(slice, counts);
    const context = { source, kind: "other", field: "text", author: null } as const;
    const judge = judges.get(relativesOf(source)) as ReturnType<typeof judgeBy>;
    counts.texts += 1;
    if (byRules(text, context).flag) counts.flagged_by_rules += 1;
    if (judge(text, context).flag) counts.flagged += 1;
  }
  return {
    step: weights.step,
    bias: weights.bias,
    trained_on: {
      ...Object.fromEntries(
        Object.entries(FAMILIES).map(([family, { licence }]) => [
          family,
          { licence, ...countsOf(learned.filter(({ source }) => familyOf(source) === family)) },
        ]),
      ),
      corpus: { licence: "MIT, this repository", ...countsOf(corpus) },
    },
    left_out: [...slices.values()].toSorted((one, other) => one.slice.localeCompare(other.slice)),
  };
}

function countsOf(texts: readonly { label: string }[]): { injection: number; benign: number } {
  const injection = texts.filter(({ label }) => label === "injection").length;
  return { injection, benign: texts.length - injection };
}
