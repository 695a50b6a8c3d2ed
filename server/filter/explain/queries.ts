import { sql } from "../../../db/client.ts";
import type { Page } from "../../paging.ts";
import { toPage } from "../../paging.ts";
import type { Mode } from "../../runs/schema.ts";
import { openDays, type Part, spans } from "../../stats/queries.ts";
import type { HitFilter, RuleHit } from "./schema.ts";

/** Whose record it is, and of runs in which mode; modes are never added up. */
export type Owner = { agent_id: string; mode: Mode };

/** A text on record as it came: hostile, to be shown inert. Null if it is not kept, or no longer. */
export type KeptHit = RuleHit & { text: string | null };

const DAYS = 30;

/** Part of a statement: since when hits are told. */
const since = () => sql`(now() - ${DAYS} * interval '1 day')`;

/** How often each rule hit in the last 30 days, by id, and since when that is. A rule without a hit is not named. */
export async function countHits({ agent_id, mode }: Owner): Promise<{ since: string; hits: Map<string, number> }> {
  const rows = await sql<{ since: string; rule: string | null; hits: number }[]>`
    with first as (
      select (${since()} at time zone 'utc')::date as day
    ), open_days as materialized (
      select day from (${openDays()}) d where day >= (select day from first)
      union
      -- Only the rest of this day is meant.
      select day from first
    ), hit as (
      select rule, hits from daily_hits
      where mode = ${mode} and agent_id = ${agent_id} and day >= (select day from first) and day not in (select day from open_days)
      union all
      select h.rule, h.hits
      from (${spans(sql`select day from open_days`)}) d
      cross join lateral (
        select rule collate "C" as rule, count(*) as hits from exposures cross join unnest(rules) as rule
        where agent_id = ${agent_id} and id >= greatest(low, uuid_floor(${since()})) and id < high and rules <> '{}'
          and (select mode from runs where id = run_id) = ${mode}
        group by 1
      ) h
    ), total as (
      select rule, sum(hits)::int as hits from hit group by rule
    )
    select ${since()} as since, rule, hits from (select 1) as one left join total on true`;
  const hits = new Map(rows.flatMap(({ rule, hits: count }): [string, number][] => (rule === null ? [] : [[rule, count]])));
  return { since: rows[0]?.since ?? "", hits };
}

/** Part of a statement: how many texts each rule hit on each of `days`, as rows of `daily_hits`. */
export const countedHits = (days: Part) => sql`
  select mode, a.id, day, rule, hits
  from (${spans(days)}) d cross join agents a
  cross join lateral (
    select mode, rule, count(*) as hits from exposures e join runs r on r.id = e.run_id cross join unnest(rules) as rule
    where e.agent_id = a.id and e.id >= low and e.id < high and rules <> '{}' group by mode, rule
  ) h`;

const columns = () => sql`
  e.id, e.run_id, e.call_id, e.seq, e.kind, e.item_id, e.author, e.field, e.content_hash, e.band, e.score, e.rules, e.reason, e.degraded,
  e.filter_version, e.delivered, uuid_time(e.id) as seen_at`;

/** The texts that a rule hit in the last 30 days, newest first. Of a text beyond Moltbook's longest posts only the beginning. */
export async function listHits({ agent_id, mode }: Owner, rule: string, filter: HitFilter): Promise<Page<KeptHit>> {
  const rows = await sql<KeptHit[]>`
    with hit as materialized (
      -- From the index alone; the rows themselves are looked up for the page only.
      select e.id from exposures e
      where e.agent_id = ${agent_id} and e.id >= uuid_floor(${since()}) and e.rules <> '{}' and e.rules @> array[${rule}]
        and (select mode from runs where id = e.run_id) = ${mode}
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
