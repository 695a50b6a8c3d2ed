import * as z from "zod";

import { PageQuery } from "../paging.ts";
import { storable } from "../redact.ts";
import { Mode } from "../runs/schema.ts";

/** One immutable version of an agent's prompt. `sha256` is of the UTF-8 text; `activated_at` is set while it is the active one. */
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

/**
 * A version as lists show it: without its text, of which `length` counts the characters. `runs`, `cost_usd` and `oddities` are of the runs that
 * were fed it, in one mode; skipped runs do not count. `proposal_id` is the agent's proposal that it came of.
 */
export const PromptSummary = PromptVersion.omit({ text: true }).extend({
  length: z.int(),
  parent_number: z.int().nullable(),
  proposal_id: z.uuid().nullable(),
  runs: z.int(),
  cost_usd: z.number(),
  oddities: z.int(),
});
export type PromptSummary = z.infer<typeof PromptSummary>;

export const PromptFilter = PageQuery.extend({ mode: Mode.optional() });
export type PromptFilter = z.infer<typeof PromptFilter>;

/** A version becoming active: by whom, why, and until when; null while it still is. */
export const Activation = z.object({
  id: z.uuid(),
  version_id: z.uuid(),
  number: z.int(),
  actor: z.string(),
  reason: z.string(),
  activated_at: z.iso.datetime(),
  deactivated_at: z.iso.datetime().nullable(),
});
export type Activation = z.infer<typeof Activation>;

/** As browsers send lines, and as they are kept. */
const unix = (text: string) => text.replaceAll("\r\n", "\n");

export const PromptText = z
  .string()
  .overwrite(storable)
  .overwrite(unix)
  .max(50_000)
  .refine((text) => text.trim() !== "", "must not be empty");

export const Reason = z.string().overwrite(storable).trim().min(1, "Say why, in a few words.").max(500);

/** A version by its id or by its number. */
export const VersionKey = z.union([z.uuid("must be the id or the number of a version"), z.coerce.number().int().min(1).max(2_000_000_000)]);
export type VersionKey = z.infer<typeof VersionKey>;

/**
 * A new version. `expected_parent` is the version that its author has seen: when another one is active, nothing is made. It becomes active unless
 * `activate` is false. The second shape is what the predecessor's clients send; their `author` is only what they say of themselves.
 */
export const NewPrompt = z.union([
  z.strictObject({ text: PromptText, reason: Reason, expected_parent: VersionKey.optional(), activate: z.boolean().default(true) }),
  z
    .strictObject({
      prompt_text: PromptText,
      change_summary: Reason.default("No reason was given."),
      author: z.string().overwrite(storable).trim().min(1).max(100).optional(),
      expected_parent: VersionKey.optional(),
      activate: z.boolean().default(true),
    })
    .transform(({ prompt_text, change_summary, ...rest }) => ({ ...rest, text: prompt_text, reason: change_summary })),
]);

export const Activate = z.strictObject({ reason: Reason, expected_active: VersionKey.optional() });

export const Difference = z.object({
  from: z.int().nullable(),
  to: z.int(),
  by: z.enum(["words", "lines"]),
  added: z.int(),
  removed: z.int(),
  pieces: z.array(z.object({ text: z.string(), change: z.enum(["kept", "added", "removed"]) })),
});
export type Difference = z.infer<typeof Difference>;
