import { sql } from "../../../db/client.ts";
import type { Page } from "../../paging.ts";
import { toPage } from "../../paging.ts";
import type { Mode } from "../../runs/schema.ts";
import type { HitFilter, RuleHit } from "./schema.ts";

/** Whose record it is, and of runs in which mode; modes are never added up. */
export type Owner = { agent_id: string; mode: Mode };

/** A text on record as it came: hostile, to be shown inert. Null if it is not kept, or no longer. */
export type KeptHit = RuleHit & { text: string | null };

const DAYS = 30;

/** How often each rule hit in the last 30 days, by id, and since when that is. A rule without a hit is not named. */
export async function countHits({ agent_id, mode }: Owner): Promise<{ since: string; hits: Map<string, number> }> {
  const rows = await sql<{ since: string; rule: string | null; hits: number }[]>`
    with hit as (
      select rule collate "C" as rule, count(*)::int as hits
      from exposures e join runs r on r.id = e.run_id, unnest(e.rules) as rule
      where e.agent_id = ${agent_id} and e.id >= uuid_floor(now() - ${DAYS} * interval '1 day') and e.rules <> '{}' and r.mode = ${mode}
      group by rule collate "C"
    )
    select now() - ${DAYS} * interval '1 day' as since, rule, hits from (select 1) as one left join hit on true`;
  const hits = new Map(rows.flatMap(({ rule, hits: count }): [string, number][] => (rule === null ? [] : [[rule, count]])));
  return { since: rows[0]?.since ?? "", hits };
}

const columns = () => sql`
  e.id, e.run_id, e.call_id, e.seq, e.kind, e.item_id, e.author, e.field, e.content_hash, e.band, e.score, e.rules, e.reason, e.degraded,
  e.filter_version, e.delivered, uuid_time(e.id) as seen_at`;

/** The texts that a rule hit in the last 30 days, newest first. Of a text beyond Moltbook's longest posts only the beginning. */
export async function listHits({ agent_id, mode }: Owner, rule: string, filter: HitFilter): Promise<Page<KeptHit>> {
  const rows = await sql<KeptHit[]>`
    with hit as materialized (
      -- From the index alone; the rows themselves are looked up for the page only.
      select e.id from exposures e join runs r on r.id = e.run_id
      where e.agent_id = ${agent_id} and e.id >= uuid_floor(now() - ${DAYS} * interval '1 day') and e.rules <> '{}' and e.rules @> array[${rule}]
        and r.mode = ${mode}
        ${filter.cursor ? sql`and e.id < ${filter.cursor}` : sql``}
      order by e.id desc limit ${filter.limit + 1}
    )
    select ${columns()}, left(i.text, 40000) as text
    from hit join exposures e on e.id = hit.id left join filter_inputs i on i.agent_id = e.agent_id and i.content_hash = e.content_hash
    order by e.id desc`;
  return toPage(rows, filter.limit);
}

/** One text on record, whole. */
export async function findHit(agentId: string, id: string): Promise<(KeptHit & { mode: Mode }) | undefined> {
  const [row] = await sql<(KeptHit & { mode: Mode })[]>`
    select ${columns()}, r.mode, i.text
    from exposures e join runs r on r.id = e.run_id left join filter_inputs i on i.agent_id = e.agent_id and i.content_hash = e.content_hash
    where e.id = ${id} and e.agent_id = ${agentId}`;
  return row;
}
