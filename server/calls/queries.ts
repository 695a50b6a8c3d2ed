import { sql } from "../../db/client.ts";
import type { NewAction } from "../actions/queries.ts";
import { insertActions } from "../actions/queries.ts";
import { canonical, digest } from "../audit/canonical.ts";
import type { Exposure } from "../filter/schema.ts";
import type { Page } from "../paging.ts";
import { toPage } from "../paging.ts";
import { redact, redactText } from "../redact.ts";
import type { Principal } from "../tokens/queries.ts";
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
};

/** The first of a call's two writes: what is about to be done, on record before anything is sent. Answers the call's id. */
export async function openCall(principal: Principal, intent: Intent): Promise<string> {
  const id = Bun.randomUUIDv7();
  const sha256 = digest(intent.arguments);
  await sql`
    with call as (
      insert into tool_calls (id, agent_id, run_id, mode, tool, is_write, request_id, tool_use_id, client_name, client_version, era, arguments, arguments_sha256)
      values (${id}, ${principal.agent_id}, ${principal.run_id}, ${principal.mode}, ${intent.tool}, ${intent.isWrite}, ${intent.requestId}, ${intent.toolUseId},
        ${intent.clientName}, ${intent.clientVersion}, ${intent.era}, ${sql.json(redact(intent.arguments) as never)}, ${sha256})
      returning id
    )
    select append_audit(${principal.agent_id}, 'call.opened',
      ${canonical({ arguments_sha256: sha256, call_id: id, run_id: principal.run_id, tool: intent.tool })}) from call`;
  return id;
}

export type Completion = {
  outcome: CallOutcome;
  error: string | null;
  result: unknown;
  withheld: number;
  upstream: { method: string; path: string; status: number } | null;
  exposures: Exposure[];
  actions: NewAction[];
};

const RESULT_LIMIT = 64 * 1024;

/** The second of a call's two writes: how it went, what the agent was exposed to, and what it thereby did. All of it or nothing. */
export async function completeCall(principal: Principal, id: string, completion: Completion): Promise<void> {
  const { outcome, exposures } = completion;
  const text = canonical(completion.result ?? null);
  const sha256 = digest(text);
  const kept = text.length <= RESULT_LIMIT ? redact(completion.result ?? null) : { truncated: redactText(text.slice(0, RESULT_LIMIT)) };
  await sql.begin(async (tx) => {
    const inputs = exposures.map((e) => ({
      agent_id: principal.agent_id,
      content_hash: e.contentHash,
      text: e.text.replaceAll("\u0000", "\ufffd"),
    }));
    const unique = [...new Map(inputs.map((input) => [input.content_hash, input])).values()];
    const rows = exposures.map((e, seq) => ({
      id: Bun.randomUUIDv7(),
      agent_id: principal.agent_id,
      run_id: principal.run_id,
      call_id: id,
      seq,
      kind: e.kind,
      item_id: e.itemId?.replaceAll("\u0000", "") ?? null,
      author: e.author?.replaceAll("\u0000", "") ?? null,
      field: e.field.replaceAll("\u0000", ""),
      content_hash: e.contentHash,
      band: e.verdict.band,
      score: e.verdict.score,
      rules: e.verdict.rules,
      reason: e.verdict.reason,
      degraded: e.verdict.degraded,
      filter_version: e.verdict.version,
    }));
    await Promise.all([
      unique.length > 0 ? tx`insert into filter_inputs ${tx(unique)} on conflict do nothing` : null,
      rows.length > 0 ? tx`insert into exposures ${tx(rows)}` : null,
      insertActions(tx, principal, id, completion.actions),
      tx`
        with call as (
          update tool_calls set outcome = ${outcome}, error = ${completion.error && redactText(completion.error).slice(0, 2000)}, result = ${tx.json(kept as never)},
            result_sha256 = ${sha256}, result_bytes = ${Buffer.byteLength(text)}, withheld = ${completion.withheld},
            upstream_method = ${completion.upstream?.method ?? null}, upstream_path = ${completion.upstream?.path ?? null},
            upstream_status = ${completion.upstream?.status ?? null}, finished_at = now()
          where id = ${id} and outcome is null returning id
        )
        select append_audit(${principal.agent_id}, 'call.closed', ${canonical({
          actions: completion.actions.map((action) => action.type),
          call_id: id,
          exposures_sha256: digest(rows.map((row) => [row.field, row.content_hash, row.band, row.filter_version])),
          outcome,
          result_sha256: sha256,
          withheld: completion.withheld,
        })}) from call`,
    ]);
  });
}

const columns = () => sql`
  id, agent_id, run_id, mode, tool, is_write, tool_use_id, client_name, client_version, era, arguments, arguments_sha256, outcome, error,
  result_sha256, result_bytes, upstream_method, upstream_path, upstream_status, withheld, started_at, finished_at`;

/** Tool calls, newest first. */
export async function listCalls(filter: CallFilter): Promise<Page<ToolCall>> {
  const rows = await sql<ToolCall[]>`
    select ${columns()} from tool_calls
    where true
      ${filter.run_id ? sql`and run_id = ${filter.run_id}` : sql``}
      ${filter.tool_name ? sql`and tool = ${filter.tool_name}` : sql``}
      ${filter.cursor ? sql`and id < ${filter.cursor}` : sql``}
    order by id desc limit ${filter.limit + 1}`;
  return toPage(rows, filter.limit);
}

/** The calls of one run in the order in which they came, at most 500. */
export async function listCallsOfRun(runId: string): Promise<ToolCall[]> {
  return sql<ToolCall[]>`select ${columns()} from tool_calls where run_id = ${runId} and id >= ${runId} order by id limit 500`;
}

/** What the filter flagged in a run, in the order of delivery, with the texts as they came: hostile, to be shown inert. At most 500. */
export async function listFlaggedExposures(runId: string): Promise<(CallExposure & { text: string | null })[]> {
  return sql<(CallExposure & { text: string | null })[]>`
    select e.call_id, e.seq, e.kind, e.item_id, e.author, e.field, e.content_hash, e.band, e.score, e.rules, e.reason, e.degraded, e.filter_version, i.text
    from exposures e left join filter_inputs i on i.agent_id = e.agent_id and i.content_hash = e.content_hash
    where e.run_id = ${runId} and e.id >= ${runId} and e.band <> 'allow' order by e.id limit 500`;
}

/** How many texts of each call fell into each band. */
export async function countBands(runId: string): Promise<Record<string, BandCounts>> {
  const rows = await sql<(BandCounts & { call_id: string })[]>`
    select call_id, count(*) filter (where band = 'allow')::int as allow, count(*) filter (where band = 'mark')::int as mark,
      count(*) filter (where band = 'redact')::int as redact, count(*) filter (where band = 'withhold')::int as withhold
    from exposures where run_id = ${runId} and id >= ${runId} group by call_id`;
  return Object.fromEntries(rows.map(({ call_id, ...bands }) => [call_id, bands]));
}
