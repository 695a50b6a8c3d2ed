import * as z from "zod";

import { Band } from "../filter/schema.ts";
import { PageQuery } from "../paging.ts";
import { Reason } from "../prompts/schema.ts";

/** What Moltbook publishes for agents, by its path below the site's root. */
export const DocumentName = z.enum(["skill.md", "heartbeat.md", "rules.md", "messaging.md", "skill.json"]);
export type DocumentName = z.infer<typeof DocumentName>;

/** `pending` is what the site says now, and waits for a person; `replaced` was approved, or waited, until another text came. */
export const VersionState = z.enum(["pending", "approved", "rejected", "replaced"]);
export type VersionState = z.infer<typeof VersionState>;

/** A text of a document that was seen on the site, with what the filter made of it: its families of rules, never the words. */
export const DocumentSummary = z.object({
  id: z.uuid(),
  name: DocumentName,
  sha256: z.string(),
  length: z.int(),
  band: Band,
  score: z.number(),
  families: z.array(z.string()),
  filter_version: z.string(),
  fetched_at: z.iso.datetime(),
  state: VersionState,
  decided_by: z.string().nullable(),
  decided_at: z.iso.datetime().nullable(),
  decision_reason: z.string().nullable(),
});
export type DocumentSummary = z.infer<typeof DocumentSummary>;

/** The same with its text, and that of the approved version of the same document, null where there is none. The texts are strangers'. */
export const DocumentVersion = DocumentSummary.extend({
  text: z.string(),
  approved_id: z.uuid().nullable(),
  approved_text: z.string().nullable(),
});
export type DocumentVersion = z.infer<typeof DocumentVersion>;

/** Where a document stands: what the site says now, what runs get, and since when and why it cannot be fetched. */
export const PlatformDocument = z.object({
  name: DocumentName,
  latest: DocumentSummary.nullable(),
  approved_id: z.uuid().nullable(),
  checked_at: z.iso.datetime().nullable(),
  fault: z.string().nullable(),
  fault_since: z.iso.datetime().nullable(),
});
export type PlatformDocument = z.infer<typeof PlatformDocument>;

export const DocumentFilter = PageQuery.extend({ name: DocumentName.optional() });
export type DocumentFilter = z.infer<typeof DocumentFilter>;

export const DocumentDecision = z.strictObject({ decision: z.enum(["approve", "reject"]), reason: Reason });
export type DocumentDecision = z.infer<typeof DocumentDecision>;
