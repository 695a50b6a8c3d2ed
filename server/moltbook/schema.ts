import * as z from "zod";

/** An id of a post or comment: checked before any address is built of it. */
export const ItemId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,128}$/, "Take the id from moltbook_browse_feed or moltbook_get_post: letters, digits, _ and - only.");

/** A submolt's name, without the m/. */
export const SubmoltName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "A submolt's name has letters, digits, _ and - only, without m/.");

/** Annotations of a tool that changes nothing on Moltbook. */
export const READ = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true };

const MARKS = /^<untrusted-[0-9a-f]{8}>|<\/untrusted-[0-9a-f]{8}>$/g;

/** A long cursor looks like prose and so comes fenced; an agent may send it back with its fence. */
export const Cursor = z
  .string()
  .max(1100)
  .transform((cursor) => cursor.replace(MARKS, ""))
  .describe("next_cursor of the page before");

export const Withheld = z.int().describe("Items that the safety filter kept back. They exist; you may not see them");
