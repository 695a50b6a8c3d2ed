import * as z from "zod";

import { AgentName, DateFilter, PageQuery } from "../paging.ts";
import { Mode } from "../runs/schema.ts";
import { Severity, SeverityFilter } from "../security/schema.ts";
import { ODDITY_TYPES } from "./rules.ts";

/**
 * Something in what an agent did that is not as it should be. Found again with more evidence it is the same one, and its `call_ids` grow (to at
 * most 200). `created_at` is the moment of the first call that belongs to it, `updated_at` when it was last found to have grown.
 */
export const Oddity = z.object({
  id: z.uuid(),
  agent_id: z.uuid(),
  run_id: z.uuid().nullable(),
  mode: Mode.nullable(),
  type: z.string(),
  severity: Severity,
  description: z.string(),
  call_ids: z.array(z.uuid()),
  issue: z.uuid(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export type Oddity = z.infer<typeof Oddity>;

export const OddityFilter = PageQuery.extend({
  oddity_type: z
    .string()
    .regex(/^[a-z_]{1,64}$/)
    .optional(),
  severity: SeverityFilter,
  state: z.enum(["open", "acknowledged", "muted", "resolved", "regressed"]).optional(),
  agent_name: AgentName.optional(),
  run_id: z.uuid().optional(),
  mode: Mode.optional(),
  ...DateFilter,
});
export type OddityFilter = z.infer<typeof OddityFilter>;

const OddityType = z.enum(ODDITY_TYPES);

/** A rule as it is in force. `threshold` is null where nothing is counted; `found` is how many oddities it has found in the last 30 days. */
export const OddityRuleReport = z.object({
  type: OddityType,
  title: z.string(),
  explanation: z.string(),
  sample: z.string(),
  severity: Severity,
  enabled: z.boolean(),
  threshold: z.int().nullable(),
  default_threshold: z.int().nullable(),
  most: z.int().nullable(),
  counts: z.string().nullable(),
  found: z.int(),
  changed_by: z.string().nullable(),
  changed_at: z.iso.datetime().nullable(),
});
export type OddityRuleReport = z.infer<typeof OddityRuleReport>;

export const OddityRuleReports = z.object({ items: z.array(OddityRuleReport), next: z.null() });

/** What to change about a rule; a null threshold brings back its own. */
export const RuleChange = z.strictObject({
  type: OddityType,
  enabled: z.boolean().optional(),
  threshold: z.int().min(1).max(10_000).nullable().optional(),
});
export type RuleChange = z.infer<typeof RuleChange>;
