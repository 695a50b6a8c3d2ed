import * as z from "zod";

/** One immutable version of an agent's prompt. `sha256` is of the UTF-8 text. */
export const PromptVersion = z.object({
  id: z.uuid(),
  agent_id: z.uuid(),
  number: z.int(),
  text: z.string(),
  sha256: z.string(),
  author: z.string(),
  reason: z.string(),
  parent_id: z.uuid().nullable(),
  created_at: z.iso.datetime(),
  activated_at: z.iso.datetime().nullable(),
});
export type PromptVersion = z.infer<typeof PromptVersion>;

/** What an agent wants its prompt to be, with the text that it was made for. */
export const PromptProposal = z.object({
  id: z.uuid(),
  run_id: z.uuid(),
  call_id: z.uuid(),
  text: z.string(),
  reason: z.string(),
  status: z.enum(["open", "approved", "rejected", "superseded", "expired"]),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  decided_at: z.iso.datetime().nullable(),
  decision_reason: z.string().nullable(),
  parent_number: z.int().nullable(),
  parent_text: z.string(),
  is_stale: z.boolean(),
});
export type PromptProposal = z.infer<typeof PromptProposal>;
