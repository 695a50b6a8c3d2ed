import * as z from "zod";

import { PageQuery } from "../../paging.ts";
import { PromptText, Reason } from "../schema.ts";

/**
 * One thing that was looked at when an agent proposed a change. `hit`: it speaks for a closer look. `items` may be words of the agent's or of
 * strangers, so they are untrusted.
 */
export const Check = z.object({
  name: z.enum(["filter", "size", "links", "tools", "safety", "dropped_rules", "taint", "echo", "rejected_before"]),
  hit: z.boolean(),
  items: z.array(z.string()),
});
export type Check = z.infer<typeof Check>;

export const ProposalStatus = z.enum(["open", "approved", "rejected", "superseded", "expired"]);
export type ProposalStatus = z.infer<typeof ProposalStatus>;

/** A change that an agent wants of its prompt, as lists show it. `version_number` is the version that came of it; `hits` counts what speaks against it. */
export const ProposalSummary = z.object({
  id: z.uuid(),
  run_id: z.uuid(),
  call_id: z.uuid(),
  reason: z.string(),
  status: ProposalStatus,
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  decided_at: z.iso.datetime().nullable(),
  decided_by: z.string().nullable(),
  decision_reason: z.string().nullable(),
  parent_number: z.int().nullable(),
  version_number: z.int().nullable(),
  hits: z.int(),
});
export type ProposalSummary = z.infer<typeof ProposalSummary>;

/** The same with both texts and what was checked; `is_stale` when another version than the one it was made for is active now. */
export const PromptProposal = ProposalSummary.extend({
  text: z.string(),
  parent_text: z.string(),
  is_stale: z.boolean(),
  evidence: z.array(Check),
});
export type PromptProposal = z.infer<typeof PromptProposal>;

export const ProposalFilter = PageQuery.extend({ status: ProposalStatus.optional() });
export type ProposalFilter = z.infer<typeof ProposalFilter>;

/** `text` with `approve_edited` only: what becomes active in place of what was proposed. */
export const Decision = z
  .strictObject({ decision: z.enum(["approve", "approve_edited", "reject"]), reason: Reason, text: PromptText.optional() })
  .refine(({ decision, text }) => decision !== "approve_edited" || text !== undefined, "An edited approval needs its text.");
export type Decision = z.infer<typeof Decision>;
