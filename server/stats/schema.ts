import * as z from "zod";

import { AccountHealth } from "../account/schema.ts";
import { ModelStatus } from "../filter/transformer/schema.ts";
import { JobPause } from "../jobs/schema.ts";
import { Run } from "../runs/schema.ts";

/** Figures of one mode; modes are never added up. Money in US dollars, times in seconds, `fresh_at` the moment they were counted. */
export const Stats = z.object({
  mode: z.enum(["real", "dry_run", "sandbox"]),
  total_runs: z.int(),
  successful_runs: z.int(),
  failed_runs: z.int(),
  total_actions: z.int(),
  total_upvotes: z.int(),
  total_comments: z.int(),
  total_posts: z.int(),
  total_subscriptions: z.int(),
  total_calls: z.int(),
  total_withheld: z.int(),
  total_cost_usd: z.number(),
  avg_duration_seconds: z.number().nullable(),
  last_run_at: z.iso.datetime().nullable(),
  fresh_at: z.iso.datetime(),
});
export type Stats = z.infer<typeof Stats>;

/** Things of one kind that wait for the operator: how many, in words with their number, where they are looked after, and why. */
export const Waiting = z.object({ what: z.string(), count: z.int(), href: z.string(), why: z.string(), is_urgent: z.boolean() });
export type Waiting = z.infer<typeof Waiting>;
/** Figures of one day in UTC. `failed` are the runs that did. */
export const Day = z.object({
  date: z.iso.date(),
  runs: z.int(),
  actions: z.int(),
  upvotes: z.int(),
  comments: z.int(),
  posts: z.int(),
  failed: z.int(),
  cost_usd: z.number(),
});
export type Day = z.infer<typeof Day>;

/** The last days of one mode, oldest first. All of them are in it, so `next` is always null. */
export const Timeline = z.object({ mode: Stats.shape.mode, items: z.array(Day), next: z.null() });

/**
 * What the overview page says about an agent: its newest heartbeat, the next one, how its account stands, how the filter's
 * model is in the process that answers, and what waits for the operator. `paused`: why the schedule does not wake it; then nothing is next.
 * `dry_run` is the newest dry run where it is newer than `last_run`; it counts for nothing else.
 */
export const Overview = z.object({
  agent_name: z.string(),
  mode: z.enum(["real", "dry_run", "sandbox"]),
  last_run: Run.nullable(),
  dry_run: Run.nullable(),
  next_run_at: z.iso.datetime().nullable(),
  schedule: z.string(),
  paused: JobPause.nullable(),
  open_proposals: z.array(z.object({ id: z.uuid(), run_id: z.uuid(), call_id: z.uuid() })),
  waiting: z.array(Waiting),
  /** The active prompt's number; null until there is one. */
  prompt_number: z.int().nullable(),
  account: AccountHealth,
  filter_model: ModelStatus,
  stats: Stats,
});
export type Overview = z.infer<typeof Overview>;
