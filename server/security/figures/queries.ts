import { sql } from "../../../db/client.ts";
import type { Mode } from "../../runs/schema.ts";
import type { SecurityDay, SecurityStats } from "../schema.ts";

const NAMED = { authors: 10, tools: 50 };

/** Part of a statement: the tallies `t` of a mode, and of what belongs to none. */
const ofMode = (mode: Mode) => sql`(t.mode = ${mode} or t.mode is null)`;

const counts = () => sql`
  coalesce(sum(count) filter (where type = 'injection_attempt'), 0)::int as injection_attempts,
  coalesce(sum(count) filter (where type = 'unauthorized_access'), 0)::int as unauthorized_access,
  coalesce(sum(count) filter (where type = 'suspicious_pattern'), 0)::int as suspicious_patterns`;

/** Figures of one mode over everything on record. */
export async function getSecurityStats(mode: Mode): Promise<SecurityStats> {
  const [stats] = await sql<SecurityStats[]>`
    with t as materialized (
      select * from day_tallies t where ${ofMode(mode)}
    ), i as materialized (
      select * from issue_tallies t where ${ofMode(mode)}
    )
    select ${mode}::text as mode, e.*, o.*, a.*, c.*, n.*, now() as fresh_at
    from (
      select coalesce(sum(count), 0)::int as total_events, ${counts()}, (sum(risk_sum) / nullif(sum(risk_count), 0))::float8 as avg_risk_score,
        max(risk_max)::float8 as max_risk_score
      from t where kind = 'event'
    ) e, (
      select coalesce(sum(count), 0)::int as total_oddities, coalesce(sum(count) filter (where severity = 'critical'), 0)::int as critical_oddities
      from t where kind = 'oddity'
    ) o, (
      select coalesce(json_agg(json_build_object('author', author, 'count', n) order by n desc, author), '[]') as top_flagged_authors
      from (
        select max(author) as author, sum(count)::int as n from i
        where author is not null and type in ('injection_attempt', 'suspicious_pattern') group by lower(author) order by 2 desc, 1 limit ${NAMED.authors}
      ) author
    ) a, (
      select coalesce(json_agg(json_build_object('tool', tool, 'count', n) order by n desc, tool), '[]') as tool_call_breakdown
      from (select tool, sum(count)::int as n from tool_tallies where mode = ${mode} group by tool order by 2 desc, 1 limit ${NAMED.tools}) tool
    ) c, (
      select count(*)::int as needs_you from issues
      where issue = any(array(select distinct issue from i where severity in ('high', 'critical'))) and state in ('open', 'regressed')
    ) n`;
  if (!stats) throw new Error("no figures");
  return stats;
}

/** Counts of the last `days` days up to today, in UTC, oldest first; a day without anything is there too. */
export async function listSecurityDays(mode: Mode, days: number): Promise<SecurityDay[]> {
  return sql<SecurityDay[]>`
    select to_char(d.day, 'YYYY-MM-DD') as date, coalesce(sum(count) filter (where kind = 'event'), 0)::int as events, ${counts()},
      coalesce(sum(count) filter (where kind = 'oddity'), 0)::int as oddities
    from generate_series((now() at time zone 'utc')::date - ${days - 1}::int, (now() at time zone 'utc')::date, interval '1 day') d (day)
    left join day_tallies t on t.day = d.day::date and ${ofMode(mode)}
    group by d.day order by d.day`;
}
