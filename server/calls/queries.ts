import type { TransactionSql } from "postgres";

import { sql } from "../../db/client.ts";
import type { NewAction } from "../actions/queries.ts";
import { insertActions } from "../actions/queries.ts";
import { canonical, digest } from "../audit/canonical.ts";
import type { Page } from "../paging.ts";
import { toPage } from "../paging.ts";
import { redact, redactText, storable } from "../redact.ts";
import type { Principal } from "../tokens/queries.ts";
import type { Delivery } from "./delivery.ts";
import type { BandCounts, CallExposure, CallFilter, CallOutcome, ToolCall } from "./schema.ts";

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
  const sha256 = digest(intent.arguments);
  const { requestId, toolUseId, clientName, clientVersion } = intent;
  await sql`
    with call as (
      insert into tool_calls (id, agent_id, run_id, mode, tool, is_write, request_id, tool_use_id, client_name, client_version, era, trace_parent, arguments,
        arguments_sha256)
      values (${id}, ${principal.agent_id}, ${principal.run_id}, ${principal.mode}, ${intent.tool}, ${intent.isWrite}, ${short(requestId)}, ${short(toolUseId)},
        ${short(clientName)}, ${short(clientVersion)}, ${intent.era}, ${intent.traceParent}, ${sql.json(kept(intent.arguments) as never)}, ${sha256})
      returning id
    )
    select append_audit(${principal.agent_id}, 'call.opened',
      ${canonical({ arguments_sha256: sha256, call_id: id, run_id: principal.run_id, tool: intent.tool })}) from call`;
  return id;
}

function short(name: string | null): string | null {
  return name && redactText(name).slice(0, 200);
}

const LIMIT = 64 * 1024;

/** What is stored of a value: a redacted copy, of a long one only its beginning. */
function kept(value: unknown): unknown {
  const safe = redact(value ?? null);
  const text = canonical(safe);
  return text.length <= LIMIT ? safe : { truncated: storable(text.slice(0, LIMIT)) };
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
 * The second of a call's two writes: how it went, what the agent was exposed to, and what it thereby did. All of it or nothing. It also
 * corrects a call that became `unknown` because its run was closed in the meantime.
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
  await sql.begin(async (tx) => {
    await insertExposures(tx, principal, id, exposures);
    await insertActions(tx, principal, id, actions);
    await tx`
      with call as (
        update tool_calls set outcome = ${outcome}, error = ${error}, result = ${tx.json(kept(completion.result) as never)}, result_sha256 = ${sha256},
          result_bytes = ${Buffer.byteLength(text)}, withheld = ${withheld}, upstream_method = ${upstream?.method ?? null},
          upstream_path = ${upstream?.path ?? null}, upstream_status = ${upstream?.status ?? null}, finished_at = now()
        where id = ${id} returning id
      )
      select append_audit(${principal.agent_id}, 'call.closed', ${body}) from call`;
  });
}

/** Rows of one statement: Postgres takes at most 65,535 parameters. */
const BATCH = 2000;

async function insertExposures(tx: TransactionSql, principal: Principal, callId: string, exposures: Delivery[]): Promise<void> {
  const texts = new Map(exposures.map((e) => [e.contentHash, storable(e.text)]));
  // In one order, whatever the call: two calls that bring the same texts at the same moment would otherwise wait for each other for ever.
  const inputs = [...texts.keys()]
    .toSorted()
    .map((hash) => ({ agent_id: principal.agent_id, content_hash: hash, text: texts.get(hash) ?? "" }));
  const rows = exposures.map((e, seq) => ({
    id: Bun.randomUUIDv7(),
    agent_id: principal.agent_id,
    run_id: principal.run_id,
    call_id: callId,
    seq,
    kind: e.kind,
    item_id: e.itemId && storable(e.itemId),
    author: e.author && storable(e.author),
    field: storable(e.field),
    content_hash: e.contentHash,
    band: e.verdict.band,
    score: e.verdict.score,
    rules: e.verdict.rules,
    reason: e.verdict.reason,
    degraded: e.verdict.degraded,
    filter_version: e.verdict.version,
    delivered: e.delivered,
  }));
  for (let at = 0; at < inputs.length; at += BATCH)
    await tx`insert into filter_inputs ${tx(inputs.slice(at, at + BATCH))} on conflict do nothing`;
  for (let at = 0; at < rows.length; at += BATCH) await tx`insert into exposures ${tx(rows.slice(at, at + BATCH))}`;
}

const columns = () => sql`
  id, agent_id, run_id, mode, tool, is_write, request_id, tool_use_id, trace_parent, client_name, client_version, era, arguments,
  arguments_sha256, outcome, error, result_sha256, result_bytes, upstream_method, upstream_path, upstream_status, withheld, started_at,
  finished_at, round(extract(epoch from finished_at - started_at) * 1000)::int as duration_ms`;

/** Tool calls, newest first. */
export async function listCalls(filter: CallFilter): Promise<Page<ToolCall>> {
  const rows = await sql<ToolCall[]>`
    select ${columns()} from tool_calls
    where true
      ${filter.run_id ? sql`and run_id = ${filter.run_id} and id >= run_floor(${filter.run_id})` : sql``}
      ${filter.tool_name ? sql`and tool = ${filter.tool_name}` : sql``}
      ${filter.cursor ? sql`and id < ${filter.cursor}` : sql``}
    order by id desc limit ${filter.limit + 1}`;
  return toPage(rows, filter.limit);
}

/** The calls of one run in the order in which they came, at most 500. */
export async function listCallsOfRun(runId: string): Promise<ToolCall[]> {
  return sql<ToolCall[]>`select ${columns()} from tool_calls where run_id = ${runId} and id >= run_floor(${runId}) order by id limit 500`;
}

type FlaggedExposure = CallExposure & { delivered: boolean; text: string | null };

/** What the filter flagged in a run, in the order of delivery, with the texts as they came: hostile, to be shown inert. At most 500. */
export async function listFlaggedExposures(runId: string): Promise<FlaggedExposure[]> {
  return sql<FlaggedExposure[]>`
    select e.call_id, e.seq, e.kind, e.item_id, e.author, e.field, e.content_hash, e.band, e.score, e.rules, e.reason, e.degraded, e.filter_version,
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
