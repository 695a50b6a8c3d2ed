import * as z from "zod";

import { PageQuery } from "../paging.ts";

const Moment = z.iso.datetime();

/**
 * A block of an author. `source` is who thought of it: the operator (`operator`), the filter after too many flagged items (`automatic`), or a
 * file (`import`). `flag_count` is how many items of theirs had been flagged by then. In force while `is_active`: until `expires_at` (null: for
 * ever), unless it was lifted before, at `unblocked_at`. `author` is their name on Moltbook, not ours.
 */
export const BlockedAuthor = z.object({
  id: z.uuid(),
  author: z.string(),
  reason: z.string(),
  source: z.enum(["operator", "automatic", "import"]),
  flag_count: z.int().min(0),
  blocked_at: Moment,
  blocked_by: z.string(),
  expires_at: Moment.nullable(),
  unblocked_at: Moment.nullable(),
  unblocked_by: z.string().nullable(),
  is_active: z.boolean(),
});
export type BlockedAuthor = z.infer<typeof BlockedAuthor>;

/** Newest first; with `active_only` false also the blocks that have ended. */
export const BlockedAuthorFilter = PageQuery.extend({ active_only: z.enum(["true", "false"]).default("true") });
export type BlockedAuthorFilter = z.infer<typeof BlockedAuthorFilter>;

const AuthorName = z.string().trim().min(1, "Name the author.").max(100);

/** Whom to block and why, and for how many hours (0: for ever). */
export const Block = z.strictObject({
  author: AuthorName,
  reason: z.string().trim().min(1, "Say why, in a few words.").max(500),
  duration_hours: z.coerce.number().min(0).max(87_600).default(0),
});
export type Block = z.infer<typeof Block>;

/** Whose block to lift. */
export const Unblock = z.strictObject({ author: AuthorName });

/** The same as programs send them, which may say `author_name` as the predecessor's do. */
export const ReportedBlock = z.union([
  Block,
  Block.omit({ author: true })
    .extend({ author_name: AuthorName })
    .transform(({ author_name: author, ...rest }) => ({ ...rest, author })),
]);
export const ReportedUnblock = z.union([
  Unblock,
  z.strictObject({ author_name: AuthorName }).transform(({ author_name: author }) => ({ author })),
]);
