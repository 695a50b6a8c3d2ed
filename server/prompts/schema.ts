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
