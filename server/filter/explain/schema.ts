import * as z from "zod";

import { CallExposure } from "../../calls/schema.ts";
import { PageQuery } from "../../paging.ts";
import { Band, ItemKind, Verdict } from "../schema.ts";

/** Longest text that is judged on request, in UTF-16 units: Moltbook's own limit for a post. */
const LONGEST = 40_000;

/** A text to be judged, and what it is to be judged as. */
export const ScanRequest = z.strictObject({
  text: z
    .string("Enter a text to judge.")
    .min(1, "Enter a text to judge.")
    .max(LONGEST, `The text is longer than ${LONGEST.toLocaleString("en-US")} characters. Judge it in parts.`),
  kind: ItemKind.default("other"),
  author: z.string().max(100).optional(),
});
export type ScanRequest = z.infer<typeof ScanRequest>;

/**
 * A rule, for people: `weight` (0 to 1) is how much a hit says on its own, `band` the least that a hit leads to, `rationale` why the rule is
 * there. One in the `shadow` only reports. A model's vote has no weight and no band of its own. All is null for an id that the record knows and the present filter does not: a rule
 * of another version.
 */
export const RuleSummary = z.object({
  id: z.string(),
  family: z.string().nullable(),
  weight: z.number().min(0).max(1).nullable(),
  band: Band.nullable(),
  rationale: z.string().nullable(),
  shadow: z.boolean(),
});
export type RuleSummary = z.infer<typeof RuleSummary>;

/** A verdict together with the rules that led to it, in the order of `rules`. */
export const Explanation = Verdict.extend({ findings: z.array(RuleSummary) });
export type Explanation = z.infer<typeof Explanation>;

/** A rule and how many texts it hit since `since`, each time that they were read in runs of the installation's mode. */
export const RuleReport = RuleSummary.extend({ hits: z.int().min(0) });
export type RuleReport = z.infer<typeof RuleReport>;

/** All rules, those with the most hits first; always one page. */
export const RuleReports = z.object({
  version: z.string(),
  since: z.iso.datetime(),
  items: z.array(RuleReport),
  next: z.null(),
});
export type RuleReports = z.infer<typeof RuleReports>;

/** One text that a run brought, and the verdict on record. */
export const RuleHit = CallExposure.extend({ run_id: z.uuid(), delivered: z.boolean(), seen_at: z.iso.datetime() });
export type RuleHit = z.infer<typeof RuleHit>;

export const RuleId = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "A rule's id has lower-case letters, digits and hyphens."),
});

export const HitFilter = PageQuery.extend({ limit: PageQuery.shape.limit.default(50) });
export type HitFilter = z.infer<typeof HitFilter>;
