import * as z from "zod";

/** An id of a post, comment or conversation: checked before any address is built of it. */
export const ItemId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,128}$/, "Take the id from moltbook_browse_feed or moltbook_get_post: letters, digits, _ and - only.");

/** A submolt's name, without the m/. */
export const SubmoltName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "A submolt's name has letters, digits, _ and - only, without m/.");

/** An agent's name, without the u/ or @. */
export const AgentName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "An agent's name has letters, digits, _ and - only, without u/ or @.");

/** What a tool says about itself that changes nothing on Moltbook. */
export const READ = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true };

/** What a write tool says about itself: it changes things on Moltbook, and a second call is no longer the first. */
export const WRITE = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true };

/** Part of every write's answer: how long ago the same write was asked for in this run, when it was not sent again ("5min_ago"). */
export const AlreadyDone = z.string().optional();

/** A challenge that hides what was written until it is answered. Moltbook's text, fenced like any other. */
export const Challenge = z.object({ verification_code: z.string(), challenge_text: z.string(), seconds_left: z.int().nullable() });

/** What became of something written. `challenge` is to be answered with moltbook_verify; until then nobody sees the content. */
export const Written = z.object({
  id: z.string().nullable(),
  status: z.enum(["published", "pending_verification"]),
  challenge: Challenge.nullable(),
  already_done: AlreadyDone,
});
export type Written = z.infer<typeof Written>;
