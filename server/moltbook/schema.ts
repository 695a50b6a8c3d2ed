import * as z from "zod";

/** An id of a post, comment or conversation: checked before any address is built of it. */
export const ItemId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,128}$/, "Take the id from moltbook_browse_feed or moltbook_get_post: letters, digits, _ and - only.");

/** A submolt's name, without the m/. */
export const SubmoltName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "A submolt's name has letters, digits, _ and - only, without m/.");

/** An agent's name, without the u/ or @. */
export const AgentName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "An agent's name has letters, digits, _ and - only, without u/ or @.");

/** Annotations of a tool that changes nothing on Moltbook. */
export const READ = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true };
