import { sql } from "../../../db/client.ts";
import type { EvidenceCall, EvidenceText } from "../schema.ts";

/** Calls by their ids, in order; those that are no longer kept are left out. */
export async function listCallsById(ids: string[]): Promise<EvidenceCall[]> {
  return sql<EvidenceCall[]>`
    select id, run_id, tool, is_write, outcome, upstream_status, started_at from tool_calls where id = any(${ids}::uuid[]) order by id`;
}

/**
 * What of a run's reading was flagged, newest first: in one call, and of one item if it is named; or by the end of a call, or of the run. At most 20.
 */
export async function listFlagged(
  runId: string,
  which: { inCall: string; itemId: string | null } | { upTo: string | null },
): Promise<EvidenceText[]> {
  const among =
    "inCall" in which
      ? sql`and e.call_id = ${which.inCall} ${which.itemId === null ? sql`` : sql`and e.item_id = ${which.itemId}`}`
      : which.upTo === null
        ? sql``
        : sql`and (e.id < ${which.upTo} or e.call_id = ${which.upTo})`;
  return sql<EvidenceText[]>`
    select e.id, e.call_id, e.kind, e.field, e.author, e.band, e.reason, e.score::float8, e.delivered, uuid_time(e.id) as seen_at
    from exposures e
    where e.run_id = ${runId} and e.id >= run_floor(${runId}) and e.band <> 'allow' ${among}
    order by e.id desc limit 20`;
}
