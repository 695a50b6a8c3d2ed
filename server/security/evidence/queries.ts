import { sql } from "../../../db/client.ts";
import type { EvidenceCall, EvidenceText } from "../schema.ts";

/** Calls by their ids, in order; those that are no longer kept are left out. */
export async function listCallsById(ids: string[]): Promise<EvidenceCall[]> {
  return sql<EvidenceCall[]>`
    select id, run_id, tool, is_write, outcome, upstream_status, started_at from tool_calls where id = any(${ids}::uuid[]) order by id`;
}

/** What of a run's reading was flagged by the end of a call (or of the run, if it is null), newest first; only that call's own with `only`. At most 20. */
export async function listFlaggedBefore(runId: string, callId: string | null, only: boolean): Promise<EvidenceText[]> {
  return sql<EvidenceText[]>`
    select e.id, e.call_id, e.kind, e.field, e.author, e.band, e.reason, e.score::float8, e.delivered, uuid_time(e.id) as seen_at
    from exposures e
    where e.run_id = ${runId} and e.id >= run_floor(${runId}) and e.band <> 'allow'
      ${callId === null ? sql`` : only ? sql`and e.call_id = ${callId}` : sql`and (e.id < ${callId} or e.call_id = ${callId})`}
    order by e.id desc limit 20`;
}
