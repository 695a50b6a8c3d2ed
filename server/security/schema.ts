import * as z from "zod";

import { AgentName, DateFilter, PageQuery } from "../paging.ts";

export const Severity = z.enum(["info", "low", "medium", "high", "critical"]);
export type Severity = z.infer<typeof Severity>;

/** As a filter. The predecessor called medium a warning. */
export const SeverityFilter = z
  .enum([...Severity.options, "warning"])
  .transform((severity) => (severity === "warning" ? "medium" : severity))
  .optional();

const Mode = z.enum(["real", "dry_run", "sandbox"]);

/**
 * Something that happened to or around an agent and that an operator may want to know. `mode` is null for what belongs to none; `risk_score`
 * (0 to 1) is there where the filter judged; `author` is a name on Moltbook, not ours. Events of one `issue` have everything but the moment in common.
 */
export const SecurityEvent = z.object({
  id: z.uuid(),
  agent_id: z.uuid(),
  run_id: z.uuid().nullable(),
  call_id: z.uuid().nullable(),
  mode: Mode.nullable(),
  type: z.string(),
  severity: Severity,
  title: z.string(),
  risk_score: z.number().nullable(),
  author: z.string().nullable(),
  source_ip: z.string().nullable(),
  post_id: z.string().nullable(),
  issue: z.uuid(),
  created_at: z.iso.datetime(),
});
export type SecurityEvent = z.infer<typeof SecurityEvent>;

/** An event with what its kind has to say beside (`detail`, without the texts themselves). */
export const EventDetail = SecurityEvent.extend({ detail: z.record(z.string(), z.unknown()), fingerprint: z.string() });
export type EventDetail = z.infer<typeof EventDetail>;

/** `search` is a part of the title, the author, the source or the post's id, in any case; `state` is how the event's issue stands. */
export const EventFilter = PageQuery.extend({
  event_type: z
    .string()
    .regex(/^[a-z_]{1,64}$/)
    .optional(),
  severity: SeverityFilter,
  ...DateFilter,
  min_risk_score: z.coerce.number().min(0).max(1).optional(),
  search: z.string().min(1).max(200).optional(),
  agent_name: AgentName.optional(),
  run_id: z.uuid().optional(),
  mode: Mode.optional(),
  issue: z.uuid().optional(),
  state: z.enum(["open", "acknowledged", "muted", "resolved", "regressed"]).optional(),
});
export type EventFilter = z.infer<typeof EventFilter>;

const Count = z.int().min(0);

/**
 * Figures of one mode over everything on record, with what belongs to no mode; modes are never added up. `injection_attempts` are texts that the
 * filter redacted or withheld, `suspicious_patterns` those that it marked, each counted once however often it was read. Risk scores run from 0 to 1,
 * null as long as nothing was judged. `needs_you` counts the open issues of high or critical severity; `fresh_at` is the moment of counting.
 */
export const SecurityStats = z.object({
  mode: Mode,
  total_events: Count,
  injection_attempts: Count,
  unauthorized_access: Count,
  suspicious_patterns: Count,
  avg_risk_score: z.number().nullable(),
  max_risk_score: z.number().nullable(),
  top_flagged_authors: z.array(z.object({ author: z.string(), count: Count })),
  tool_call_breakdown: z.array(z.object({ tool: z.string(), count: Count })),
  total_oddities: Count,
  critical_oddities: Count,
  needs_you: Count,
  fresh_at: z.iso.datetime(),
});
export type SecurityStats = z.infer<typeof SecurityStats>;

/** One day in UTC. */
export const SecurityDay = z.object({
  date: z.iso.date(),
  events: Count,
  injection_attempts: Count,
  unauthorized_access: Count,
  suspicious_patterns: Count,
  oddities: Count,
});
export type SecurityDay = z.infer<typeof SecurityDay>;

/** The last days of one mode, oldest first. All of them are in it, so `next` is always null. */
export const SecurityTimeline = z.object({ mode: Mode, items: z.array(SecurityDay), next: z.null() });

/** A call that shows what happened, as far as a line of text needs it. */
export const EvidenceCall = z.object({
  id: z.uuid(),
  run_id: z.uuid(),
  tool: z.string(),
  is_write: z.boolean(),
  outcome: z.enum(["ok", "tool_error", "protocol_error", "denied", "rate_limited", "cancelled", "unknown"]).nullable(),
  upstream_status: z.int().nullable(),
  started_at: z.iso.datetime(),
});
export type EvidenceCall = z.infer<typeof EvidenceCall>;

/** A flagged text that was read, or kept from the agent, in a run; `delivered` says which. */
export const EvidenceText = z.object({
  id: z.uuid(),
  call_id: z.uuid(),
  kind: z.enum(["post", "comment", "agent", "submolt", "notification", "message", "challenge", "other"]),
  field: z.string(),
  author: z.string().nullable(),
  band: z.enum(["allow", "mark", "redact", "withhold"]),
  reason: z.string().nullable(),
  score: z.number(),
  delivered: z.boolean(),
  seen_at: z.iso.datetime(),
});
export type EvidenceText = z.infer<typeof EvidenceText>;

/** What the pages about security are asked for: a tab, and which issues or calls of it. `at` of a form is such an address. */
export const SecurityTab = z.enum(["issues", "injections", "access", "oddities", "calls", "rules"]);
export type SecurityTab = z.infer<typeof SecurityTab>;
