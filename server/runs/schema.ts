import * as z from "zod";

import { Action } from "../actions/schema.ts";
import { AgentName, DateFilter, PageQuery, Search } from "../paging.ts";

export const Mode = z.enum(["real", "dry_run", "sandbox"]);
export type Mode = z.infer<typeof Mode>;

export const RunStatus = z.enum(["queued", "running", "stopping", "succeeded", "failed", "timed_out", "cancelled", "lost", "skipped"]);
export type RunStatus = z.infer<typeof RunStatus>;

export const RunOutcome = z.enum(["acted", "nothing_to_do", "degraded", "blocked", "unknown"]);
export type RunOutcome = z.infer<typeof RunOutcome>;

/** One waking of an agent. Tokens and cost are what its own client reported; calls, actions and withheld are counted from our record. */
export const Run = z.object({
  id: z.uuid(),
  agent_id: z.uuid(),
  agent_name: z.string(),
  mode: Mode,
  kind: z.enum(["heartbeat", "ad_hoc", "claimed"]),
  trigger: z.enum(["schedule", "manual", "first_start", "token", "import"]),
  status: RunStatus,
  outcome: RunOutcome.nullable(),
  skip_reason: z.string().nullable(),
  detail: z.string().nullable(),
  prompt_version: z.int().nullable(),
  prompt_source: z.enum(["active", "cache"]),
  /** Of a run recorded from outside: what it is called there, and what its recorder calls the script and its turn. */
  external_id: z.string().nullable(),
  script_variant: z.string().nullable(),
  run_number: z.int().nullable(),
  model: z.string().nullable(),
  client_version: z.string().nullable(),
  session_id: z.string().nullable(),
  input_tokens: z.int().nullable(),
  output_tokens: z.int().nullable(),
  cache_read_tokens: z.int().nullable(),
  cache_creation_tokens: z.int().nullable(),
  cost_usd: z.number().nullable(),
  turns: z.int().nullable(),
  exit_code: z.int().nullable(),
  summary: z.string().nullable(),
  created_at: z.iso.datetime(),
  started_at: z.iso.datetime().nullable(),
  finished_at: z.iso.datetime().nullable(),
  calls: z.int(),
  withheld: z.int(),
  action_count: z.int(),
});
export type Run = z.infer<typeof Run>;

export const RunDetail = Run.extend({ actions: z.array(Action) });
export type RunDetail = z.infer<typeof RunDetail>;

/** `search` looks into the summary, the detail, and what the run is called. The predecessor called what has succeeded completed. */
export const RunFilter = PageQuery.extend({
  search: Search.optional(),
  status: z
    .enum([...RunStatus.options, "completed"])
    .transform((status) => (status === "completed" ? "succeeded" : status))
    .optional(),
  outcome: RunOutcome.optional(),
  agent_name: AgentName.optional(),
  mode: Mode.optional(),
  kind: Run.shape.kind.optional(),
  trigger: Run.shape.trigger.optional(),
  ...DateFilter,
});
export type RunFilter = z.infer<typeof RunFilter>;

/** A line of what the agent's process printed. `gap` stands where lines were left out because the transcript had grown too long. */
export const TranscriptLine = z.object({ seq: z.int(), stream: z.enum(["stdout", "stderr", "gap"]), line: z.string() });
export type TranscriptLine = z.infer<typeof TranscriptLine>;
