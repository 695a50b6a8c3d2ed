import * as z from "zod";

/** One carrying out of a job: on the schedule, or because `asked_by` asked for it. `finished_at` is null while it goes on, and if its process died. */
export const JobResult = z.object({
  slot: z.iso.datetime(),
  asked_by: z.string().nullable(),
  started_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
  ok: z.boolean().nullable(),
  detail: z.string().nullable(),
});
export type JobResult = z.infer<typeof JobResult>;

export const JobPause = z.object({ reason: z.string(), paused_by: z.string(), paused_at: z.iso.datetime() });
export type JobPause = z.infer<typeof JobPause>;

/** A job that runs by itself: a five-field cron expression in an IANA time zone, the same in words, when it is due next, and its last results, newest first. */
export const ScheduledJob = z.object({
  name: z.string(),
  summary: z.string(),
  schedule: z.string(),
  timezone: z.string(),
  in_words: z.string(),
  next_runs: z.array(z.iso.datetime()),
  paused: JobPause.nullable(),
  last_results: z.array(JobResult),
});
export type ScheduledJob = z.infer<typeof ScheduledJob>;

export const PauseRequest = z.strictObject({ reason: z.string().trim().min(1).max(500) });
