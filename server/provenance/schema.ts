import * as z from "zod";

import { CallExposure } from "../calls/schema.ts";

/** How something that was read is tied to a write, strongest first. None of it proves that the one led to the other. */
export const Tie = z.enum(["direct reply", "same author", "echoes", "same link", "same run only"]);
export type Tie = z.infer<typeof Tie>;

export const Cause = CallExposure.pick({ id: true, call_id: true, seq: true, kind: true, author: true, field: true, band: true }).extend({
  tie: Tie,
});
export type Cause = z.infer<typeof Cause>;

/**
 * What an agent had read in the same run before a write: how many texts, how many of them with a warning or in part, how many were kept from
 * it, and the likeliest to have had to do with it, strongest tie first.
 */
export const Background = z.object({ read: z.int(), flagged: z.int(), not_seen: z.int(), causes: z.array(Cause) });
export type Background = z.infer<typeof Background>;
