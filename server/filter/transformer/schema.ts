import * as z from "zod";

/**
 * How the filter's model is: `off` (rules alone), `starting` (not asked yet, or loading), `ready`, or `degraded` (it does not answer: rules alone, and
 * doubtful texts are marked), since when, and why.
 */
export const ModelStatus = z.object({
  state: z.enum(["off", "starting", "ready", "degraded"]),
  since: z.iso.datetime(),
  reason: z.string().nullable(),
});
export type ModelStatus = z.infer<typeof ModelStatus>;
