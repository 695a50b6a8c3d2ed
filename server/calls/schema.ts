import * as z from "zod";

import { AgentName, DateFilter, PageQuery } from "../paging.ts";

export const CallOutcome = z.enum(["ok", "tool_error", "protocol_error", "denied", "rate_limited", "cancelled", "unknown"]);
export type CallOutcome = z.infer<typeof CallOutcome>;

/** A tool call as our server saw it. `outcome` is null while it is in flight; arguments and results are kept redacted, with digests of the full values. */
export const ToolCall = z.object({
  id: z.uuid(),
  agent_id: z.uuid(),
  run_id: z.uuid(),
  mode: z.enum(["real", "dry_run", "sandbox"]),
  tool: z.string(),
  is_write: z.boolean(),
  request_id: z.string().nullable(),
  tool_use_id: z.string().nullable(),
  trace_parent: z.string().nullable(),
  client_name: z.string().nullable(),
  client_version: z.string().nullable(),
  era: z.enum(["legacy", "modern"]).nullable(),
  arguments: z.unknown(),
  arguments_sha256: z.string(),
  outcome: CallOutcome.nullable(),
  error: z.string().nullable(),
  result_sha256: z.string().nullable(),
  result_bytes: z.int().nullable(),
  upstream_method: z.string().nullable(),
  upstream_path: z.string().nullable(),
  upstream_status: z.int().nullable(),
  withheld: z.int(),
  started_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
  duration_ms: z.int().nullable(),
});
export type ToolCall = z.infer<typeof ToolCall>;

/** A verdict on one piece of prose that a call brought: handed to the agent, or kept from it when the band is `withhold`. */
export const CallExposure = z.object({
  id: z.uuid(),
  call_id: z.uuid(),
  seq: z.int(),
  kind: z.enum(["post", "comment", "agent", "submolt", "notification", "message", "challenge", "other"]),
  item_id: z.string().nullable(),
  author: z.string().nullable(),
  field: z.string(),
  content_hash: z.string(),
  band: z.enum(["allow", "mark", "redact", "withhold"]),
  score: z.number(),
  rules: z.array(z.string()),
  reason: z.string().nullable(),
  degraded: z.boolean(),
  filter_version: z.string(),
});
export type CallExposure = z.infer<typeof CallExposure>;

/** How the strings of one call were judged, by band. */
export const BandCounts = z.object({ allow: z.int(), mark: z.int(), redact: z.int(), withhold: z.int() });
export type BandCounts = z.infer<typeof BandCounts>;

/** A call with what it brought the agent, or what the filter kept from it: at most 500 texts, in the order in which they came. */
export const CallDetail = ToolCall.extend({ exposures: z.array(CallExposure.extend({ delivered: z.boolean() })) });
export type CallDetail = z.infer<typeof CallDetail>;

/** `min_status` is the least HTTP status that Moltbook answered with. */
export const CallFilter = PageQuery.extend({
  tool_name: z.string().max(64).optional(),
  outcome: CallOutcome.optional(),
  min_status: z.coerce.number().int().min(400).max(599).optional(),
  agent_name: AgentName.optional(),
  mode: ToolCall.shape.mode.optional(),
  run_id: z.uuid().optional(),
  ...DateFilter,
});
export type CallFilter = z.infer<typeof CallFilter>;
