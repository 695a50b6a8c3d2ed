import * as z from "zod";

/** The tables of the predecessor's database, in the order of their references. */
export const TABLES = [
  "heartbeat_prompts",
  "heartbeat_runs",
  "heartbeat_actions",
  "security_events",
  "tool_calls",
  "behavior_oddities",
  "blocked_authors",
] as const;
export type Table = (typeof TABLES)[number];

/** SQLite keeps any value in any column, and the schema changed over time: every column is read leniently, and what is no such value is null. */
const Any = z.unknown().optional();
const Text = Any.transform(textOf);
const Whole = Any.transform((value) => within(Math.trunc(numberOf(value)), 2 ** 31 - 1));
const Real = Any.transform((value) => within(numberOf(value), 1e9));
const Flag = Any.transform((value) => value === true || /^(?:1|t|true|yes|on)$/i.test(textOf(value) ?? ""));
/** A moment in whatever shape; see `momentOf`. */
const Moment = Any;
const Id = Any.transform((value) => textOf(value) ?? "");

export const OldPrompt = z.object({
  id: Id,
  version: Whole,
  prompt_text: Text,
  change_summary: Text,
  author: Text,
  is_active: Flag,
  created_at: Moment,
});
export type OldPrompt = z.infer<typeof OldPrompt>;

/** What is kept of a run's output, in characters. */
export const OUTPUT_MAX = 200_000;

/** `raw_output` may be cut behind `OUTPUT_MAX` characters, `raw_output_length` is how many bytes there were. */
export const OldRun = z.object({
  id: Id,
  run_id: Text,
  started_at: Moment,
  finished_at: Moment,
  duration_seconds: Real,
  exit_code: Whole,
  status: Text,
  agent_name: Text,
  script_variant: Text,
  run_number: Whole,
  raw_output: Text,
  raw_output_length: Whole,
  summary: Text,
  error_message: Text,
  prompt_version_id: Text,
  created_at: Moment,
});
export type OldRun = z.infer<typeof OldRun>;

/** An action, and what tells which run it belongs to: all null where that run is missing. */
export const OldAction = z.object({
  id: Id,
  run_id: Text,
  action_type: Text,
  target_id: Text,
  target_title: Text,
  target_author: Text,
  detail: Text,
  succeeded: Any.transform((value) => value === null || value === undefined || Flag.parse(value)),
  created_at: Moment,
  of_run: Text,
  run_started_at: Moment,
  run_created_at: Moment,
  run_agent_name: Text,
});
export type OldAction = z.infer<typeof OldAction>;

export const OldEvent = z.object({
  id: Id,
  event_type: Text,
  timestamp: Moment,
  source_ip: Text,
  post_id: Text,
  author_name: Text,
  submolt_name: Text,
  risk_score: Real,
  flags: Text,
  fields_affected: Text,
  target_path: Text,
  raw_log_line: Text,
  created_at: Moment,
});
export type OldEvent = z.infer<typeof OldEvent>;

export const OldCall = z.object({
  id: Id,
  timestamp: Moment,
  tool_name: Text,
  target_id: Text,
  target_type: Text,
  direction: Text,
  http_method: Text,
  http_url: Text,
  http_status: Whole,
  raw_log_line: Text,
  created_at: Moment,
});
export type OldCall = z.infer<typeof OldCall>;

export const OldOddity = z.object({
  id: Id,
  oddity_type: Text,
  description: Text,
  severity: Text,
  related_tool_call_ids: Text,
  detected_at: Moment,
  created_at: Moment,
});
export type OldOddity = z.infer<typeof OldOddity>;

export const OldBlock = z.object({
  id: Id,
  author_name: Text,
  blocked_at: Moment,
  reason: Text,
  flag_count: Whole,
  unblocked_at: Moment,
  is_active: Flag,
  created_at: Moment,
});
export type OldBlock = z.infer<typeof OldBlock>;

/** Why some rows of a table were left out or changed: how many, and the first few of their ids there. */
export const Remark = z.object({ about: z.string(), count: z.int(), ids: z.array(z.string()) });
export type Remark = z.infer<typeof Remark>;

/**
 * What became of a table's rows. `taken` are new here (`renewed` of runs: known as unfinished, and finished since), `known` were imported before,
 * `skipped` is why rows were left out, `notes` is what was changed on the way. `found` is null where the table is missing.
 */
export const TableReport = z.object({
  table: z.enum(TABLES),
  found: z.int().nullable(),
  taken: z.int(),
  renewed: z.int(),
  known: z.int(),
  skipped: z.array(Remark),
  notes: z.array(Remark),
});
export type TableReport = z.infer<typeof TableReport>;

/** What an import did, or (`dry_run`) would do. `agent` is whose all that names no agent is, `digest` the SHA-256 over the ids that are new. */
export const ImportReport = z.object({
  source: z.string(),
  dry_run: z.boolean(),
  agent: z.string(),
  tables: z.array(TableReport),
  prompt: z.string().nullable(),
  digest: z.string(),
});
export type ImportReport = z.infer<typeof ImportReport>;

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value.trim() === "" ? null : value;
  if (value instanceof Uint8Array) return textOf(new TextDecoder().decode(value));
  return typeof value === "object" ? JSON.stringify(value) : `${value as number}`;
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : value === null || value === undefined ? Number.NaN : Number(textOf(value) ?? Number.NaN);
}

function within(value: number, most: number): number | null {
  return Number.isFinite(value) && Math.abs(value) <= most ? value : null;
}
