import { sql, unflushed } from "../../db/client.ts";
import type { NewAction } from "../actions/queries.ts";
import { insertActions } from "../actions/queries.ts";
import { canonical, digest } from "../audit/canonical.ts";
import type { Page } from "../paging.ts";
import { idRange, toPage } from "../paging.ts";
import { redactJson, redactText, storable, storableJson } from "../redact.ts";
import type { Principal } from "../tokens/queries.ts";
import type { Delivery } from "./delivery.ts";
import type { BandCounts, CallDetail, CallExposure, CallFilter, CallOutcome, ToolCall } from "./schema.ts";

export type Intent = {
  tool: string;
  isWrite: boolean;
  arguments: unknown;
  requestId: string | null;
  toolUseId: string | null;
  clientName: string | null;
  clientVersion: string | null;
  era: "legacy" | "modern";
  traceParent: string | null;
};

/** The first of a call's two writes: what is about to be done, on record before anything is sent. Answers the call's id. */
export async function openCall(principal: Principal, intent: Intent): Promise<string> {
  const id = Bun.randomUUIDv7();
  const text = canonical(intent.arguments);
  const sha256 = digest(text);
  const { requestId, toolUseId, clientName, clientVersion } = intent;
  await sql`
    with call as (
      insert into tool_calls (id, agent_id, run_id, mode, tool, is_write, request_id, tool_use_id, client_name, client_version, era, trace_parent, arguments,
        arguments_sha256)
      values (${id}, ${principal.agent_id}, ${principal.run_id}, ${principal.mode}, ${intent.tool}, ${intent.isWrite}, ${short(requestId)}, ${short(toolUseId)},
        ${short(clientName)}, ${short(clientVersion)}, ${intent.era}, ${intent.traceParent}, ${kept(intent.arguments, text)}::text::jsonb, ${sha256})
      returning id, is_write
    )
    select append_audit(${principal.agent_id}, 'call.opened',
      ${canonical({ arguments_sha256: sha256, call_id: id, run_id: principal.run_id, tool: intent.tool })}),
      case when not is_write then ${unflushed()} end from call`;
  return id;
}

function short(name: string | null): string | null {
  return name && redactText(name).slice(0, 200);
}

const LIMIT = 64 * 1024;

/** What is stored of a value, as JSON: a redacted copy, of a long one only its beginning. `text` is the value's canonical JSON. */
function kept(value: unknown, text: string): string {
  const safe = redactJson(value, text);
  return safe.length <= LIMIT ? safe : JSON.stringify({ truncated: storable(safe.slice(0, LIMIT)) });
}

export type Completion = {
  outcome: CallOutcome;
  error: string | null;
  result: unknown;
  withheld: number;
  upstream: { method: string; path: string; status: number } | null;
  exposures: Delivery[];
  actions: NewAction[];
};

/**
 * The second of a call's two writes: how it went, what the agent was exposed to, and what it thereby did. All of it or nothing, in one
 * statement, which appends to the chain last, so that others wait for the chain no longer than that takes. It also corrects a call that became
 * `unknown` because its run was closed in the meantime.
 */
export async function completeCall(principal: Principal, id: string, completion: Completion): Promise<void> {
  const { outcome, exposures, actions, upstream, withheld } = completion;
  const error = completion.error && redactText(completion.error).slice(0, 2000);
  const text = canonical(completion.result ?? null);
  const sha256 = digest(text);
  const body = canonical({
    actions: actions.map((action) => action.type),
    call_id: id,
    exposures_sha256: digest(exposures.map((e) => [e.field, e.contentHash, e.verdict.band, e.verdict.version, e.delivered])),
    outcome,
    result_sha256: sha256,
    withheld,
  });
  const completed = await sql`
    with completed as (
      update tool_calls set outcome = ${outcome}, error = ${error}, result = ${kept(completion.result ?? null, text)}::text::jsonb,
        result_sha256 = ${sha256}, result_bytes = ${Buffer.byteLength(text)}, withheld = ${withheld}, upstream_method = ${upstream?.method ?? null},
        upstream_path = ${upstream?.path ?? null}, upstream_status = ${upstream?.status ?? null}, finished_at = now()
      where id = ${id} returning id, agent_id, run_id, mode, is_write
    ), call as (
      -- So that the planner counts on one row, and not on one of each partition.
      select * from completed limit 1
    ), exposure as (
      select * from json_to_recordset(${storableJson(exposures.map(toRow))}::text::json) as e (id uuid, seq int, kind text, item_id text, author text,
        field text, content_hash text, band text, score real, rules text[], reason text, degraded boolean, filter_version text, delivered boolean, text text)
    ), input as (
      -- In one order, whatever the call: two calls that bring the same texts at the same moment would otherwise wait for each other for ever.
      insert into filter_inputs (agent_id, content_hash, text)
      select distinct on (content_hash) agent_id, content_hash, text from call, exposure order by content_hash
      on conflict do nothing returning 1
    ), exposed as (
      insert into exposures (id, agent_id, run_id, call_id, seq, kind, item_id, author, field, content_hash, band, score, rules, reason, degraded,
        filter_version, delivered)
      select e.id, call.agent_id, call.run_id, call.id, seq, kind, item_id, author, field, content_hash, band, score, rules, reason, degraded,
        filter_version, delivered
      from call, exposure e returning 1
    ), action as (${insertActions(actions)} returning 1)
    select append_audit(call.agent_id, 'call.closed', ${body}), case when not is_write then ${unflushed()} end
    from call, (select count(*) from input) i, (select count(*) from exposed) e, (select count(*) from action) a`;
  if (completed.count !== 1) throw new Error("the call has no intent on record");
}

/** Rules of a text that are kept: an entry of the index by rule has to fit on a page, whatever a text hits. */
const MOST_RULES = 50;

function toRow({ kind, itemId, author, field, text, contentHash, verdict, delivered }: Delivery, seq: number) {
  const { band, score, rules, reason, degraded, version } = verdict;
  const id = Bun.randomUUIDv7();
  return {
    id,
    seq,
    kind,
    item_id: itemId,
    author,
    field,
    content_hash: contentHash,
    band,
    score,
    rules: rules.slice(0, MOST_RULES),
    reason,
    degraded,
    filter_version: version,
    delivered,
    text,
  };
}

/** The columns of a `ToolCall`. */
export const callColumns = () => sql`
  id, agent_id, run_id, mode, tool, is_write, request_id, tool_use_id, trace_parent, client_name, client_version, era, arguments,
  arguments_sha256, outcome, error, result_sha256, result_bytes, upstream_method, upstream_path, upstream_status, withheld, started_at,
  finished_at, round(extract(epoch from finished_at - started_at) * 1000)::int as duration_ms`;

/** The columns of an exposure, without its text. */
export const exposureColumns = () => sql`
  id, call_id, seq, kind, item_id, author, field, content_hash, band, score, rules, reason, degraded, filter_version, delivered`;

/** Tool calls, newest first. */
export async function listCalls(filter: CallFilter): Promise<Page<ToolCall>> {
  const { limit, cursor, mode, run_id: run, tool_name: tool, outcome, min_status: status, agent_name: agent } = filter;
  const { from, to } = idRange(filter);
  const rows = await sql<ToolCall[]>`
    select ${callColumns()} from tool_calls
    where true
      ${mode ? sql`and mode = ${mode}` : sql``}
      ${run ? sql`and run_id = ${run} and id >= run_floor(${run})` : sql``}
      ${tool ? sql`and ${named(tool)}` : sql``}
      ${outcome ? sql`and outcome = ${outcome}` : sql``}
      ${status ? sql`and upstream_status >= 400 and upstream_status >= ${status}` : sql``}
      ${agent ? sql`and agent_id = (select id from agents where name = ${agent})` : sql``}
      ${from ? sql`and id >= ${from}` : sql``}
      ${to ? sql`and id < ${to}` : sql``}
      ${cursor ? sql`and id < ${cursor}` : sql``}
    order by id desc limit ${limit + 1}`;
  return toPage(rows, limit);
}

/** By our names one tool; by a name of the predecessor, which is on record where it was imported, ours of the same name as well. */
function named(tool: string) {
  return tool.startsWith("moltbook_") ? sql`tool = ${tool}` : sql`tool in (${tool}, ${`moltbook_${tool}`})`;
}

/** A call with its exposures. */
export async function findCall(id: string): Promise<CallDetail | undefined> {
  const [call] = await sql<ToolCall[]>`select ${callColumns()} from tool_calls where id = ${id}`;
  if (!call) return undefined;
  const exposures = await sql<CallDetail["exposures"]>`
    select ${exposureColumns()} from exposures where run_id = ${call.run_id} and id >= run_floor(${call.run_id}) and call_id = ${id} order by seq limit 500`;
  return { ...call, exposures: [...exposures] };
}

/** The calls of one run in the order in which they came, at most 500. */
export async function listCallsOfRun(runId: string): Promise<ToolCall[]> {
  return sql<
    ToolCall[]
  >`select ${callColumns()} from tool_calls where run_id = ${runId} and id >= run_floor(${runId}) order by id limit 500`;
}

type FlaggedExposure = CallExposure & { delivered: boolean; text: string | null };

/** What the filter flagged in a run, in the order of delivery, with the texts as they came: hostile, to be shown inert. At most 500. */
export async function listFlaggedExposures(runId: string): Promise<FlaggedExposure[]> {
  return sql<FlaggedExposure[]>`
    select e.id, e.call_id, e.seq, e.kind, e.item_id, e.author, e.field, e.content_hash, e.band, e.score, e.rules, e.reason, e.degraded, e.filter_version,
      e.delivered, i.text
    from exposures e left join filter_inputs i on i.agent_id = e.agent_id and i.content_hash = e.content_hash
    where e.run_id = ${runId} and e.id >= run_floor(${runId}) and e.band <> 'allow' order by e.id limit 500`;
}

/** How many texts of each call fell into each band. */
export async function countBands(runId: string): Promise<Record<string, BandCounts>> {
  const rows = await sql<(BandCounts & { call_id: string })[]>`
    select call_id, count(*) filter (where band = 'allow')::int as allow, count(*) filter (where band = 'mark')::int as mark,
      count(*) filter (where band = 'redact')::int as redact, count(*) filter (where band = 'withhold')::int as withhold
    from exposures where run_id = ${runId} and id >= run_floor(${runId}) group by call_id`;
  return Object.fromEntries(rows.map(({ call_id, ...bands }) => [call_id, bands]));
}
