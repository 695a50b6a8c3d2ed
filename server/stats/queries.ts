import { sql } from "../../db/client.ts";
import { config } from "../config.ts";
import type { Mode } from "../runs/schema.ts";
import type { Day, Stats } from "./schema.ts";

/** The mode whose figures are meant when none is named: `real` as soon as anything real is on record, be it imported, else the installation's. */
export async function modeOfFigures(): Promise<Mode> {
  const [found] = await sql`
    select from runs where mode = 'real' union all select from day_tallies where kind = 'event' and mode = 'real' limit 1`;
  return found ? "real" : config.mode;
}

/** A part of a statement. */
export type Part = ReturnType<typeof sql>;

/** What a run is for the figures: a waking that was not skipped, witnessed or told of from outside. Calls by a fixed token are none. */
const aRun = () => sql`kind in ('heartbeat', 'claimed') and status <> 'skipped'`;

/** The columns of `daily_figures` behind its key, in the order in which `counted` counts them. */
export const columns = () =>
  sql`runs, succeeded, failed, cost_usd, timed, seconds, last_run_at, actions, upvotes, comments, posts, subscriptions, withheld`;

/** Part of a statement: the days, as `day`, whose figures and hits are not to be had from what is kept of them. None is named twice. */
export const openDays = () => sql`
  select day from stale_figures
  union
  select generate_series(
    coalesce((select max(day) + 1 from daily_figures), (select (uuid_time(id) at time zone 'utc')::date from runs order by id limit 1)),
    (now() at time zone 'utc')::date, interval '1 day')::date`;

/** Part of a statement: days with the bounds of their ids, `low` included and `high` not. */
export const spans = (days: Part) => sql`
  select day, uuid_floor(day::timestamp at time zone 'utc') as low, uuid_floor((day + 1)::timestamp at time zone 'utc') as high from (${days}) d`;

/**
 * Part of a statement: figures of each of `days` that has records, by mode and agent, counted from the records themselves. `and` narrows them. What
 * is claimed counts as it did where it was claimed: a failed action as an action, and a run that nobody saw ending as no failure.
 */
export const counted = (days: Part, and: Part = sql``, withCalls = true) => sql`
  select day, mode, agent_id, sum(runs)::int as runs, sum(succeeded)::int as succeeded, sum(failed)::int as failed, sum(cost_usd) as cost_usd,
    sum(timed)::int as timed, sum(seconds) as seconds, max(last_run_at) as last_run_at, sum(actions)::int as actions, sum(upvotes)::int as upvotes,
    sum(comments)::int as comments, sum(posts)::int as posts, sum(subscriptions)::int as subscriptions, sum(withheld)::int as withheld
  from (${spans(days)}) d
  cross join lateral (
    select mode, agent_id, count(*) as runs, count(*) filter (where status = 'succeeded') as succeeded,
      count(*) filter (where status in ('failed', 'timed_out') or (status = 'lost' and kind = 'heartbeat')) as failed, coalesce(sum(cost_usd), 0) as cost_usd,
      count(finished_at - started_at) filter (where status = 'succeeded' or kind = 'claimed') as timed,
      coalesce(sum(extract(epoch from finished_at - started_at)) filter (where status = 'succeeded' or kind = 'claimed'), 0) as seconds, max(started_at) as last_run_at,
      0 as actions, 0 as upvotes, 0 as comments, 0 as posts, 0 as subscriptions, 0 as withheld
    from runs where id >= low and id < high and ${aRun()} ${and} group by mode, agent_id
    union all
    -- A row for each type, which is cheaper than to ask each action for its type again and again.
    select mode, agent_id, 0, 0, 0, 0, 0, 0, null, count(*), case when type = 'upvoted' then count(*) else 0 end,
      case when type in ('commented', 'replied') then count(*) else 0 end, case when type = 'posted' then count(*) else 0 end,
      case when type = 'subscribed' then count(*) else 0 end, 0
    from actions where id >= low and id < high and (status <> 'failed' or source = 'claimed') ${and} group by mode, agent_id, type
    ${withCalls ? sql`union all ${heldBack(and)}` : sql``}
  ) c
  group by day, mode, agent_id`;

/** Part of a statement: what calls withheld, beside the zeros of what they are not. */
const heldBack = (and: Part) => sql`
  select mode, agent_id, 0, 0, 0, 0, 0, 0, null, 0, 0, 0, 0, 0, sum(withheld)
  from tool_calls where id >= low and id < high and withheld > 0 ${and} group by mode, agent_id`;

/**
 * Part of a statement: figures of all days of a mode, whether kept or counted just now. What is counted just now is without what calls withheld
 * unless it is asked for: a look into every month of calls takes longer to plan than all the rest takes to run.
 */
const figures = (mode: Mode, withCalls = false) => sql`
  with open_days as materialized (${openDays()})
  select day, agent_id, ${columns()} from daily_figures where mode = ${mode} and day not in (select day from open_days)
  union all
  select day, agent_id, ${columns()} from (${counted(sql`select day from open_days`, sql`and mode = ${mode}`, withCalls)}) c`;

/** Figures of one mode over everything on record; modes are never added up. */
export async function getStats(mode: Mode): Promise<Stats> {
  const [stats] = await sql<Stats[]>`
    select ${mode}::text as mode, coalesce(sum(runs), 0)::int as total_runs, coalesce(sum(succeeded), 0)::int as successful_runs,
      coalesce(sum(failed), 0)::int as failed_runs, coalesce(sum(actions), 0)::int as total_actions, coalesce(sum(upvotes), 0)::int as total_upvotes,
      coalesce(sum(comments), 0)::int as total_comments, coalesce(sum(posts), 0)::int as total_posts,
      coalesce(sum(subscriptions), 0)::int as total_subscriptions, (select coalesce(sum(count), 0)::int from tool_tallies where mode = ${mode}) as total_calls,
      coalesce(sum(withheld), 0)::int as total_withheld, coalesce(sum(cost_usd), 0)::float8 as total_cost_usd,
      (sum(seconds) / nullif(sum(timed), 0))::float8 as avg_duration_seconds, max(last_run_at) as last_run_at, now() as fresh_at
    from (${figures(mode, true)}) f`;
  if (!stats) throw new Error("no figures");
  return stats;
}

/** Figures of the last `days` days, at most 365, in UTC up to today, oldest first; a day without records is there too, with zeros. */
export async function listDays(mode: Mode, days: number): Promise<Day[]> {
  return sql<Day[]>`
    with today as (
      select (now() at time zone 'utc')::date as day
    ), wanted as (
      -- Out of a year: of a series whose length is a parameter nothing is known, and the statement would be planned anew for every single call.
      select day - back as day from today, generate_series(0, 364) back where back < ${days}
    )
    select to_char(w.day, 'YYYY-MM-DD') as date, coalesce(sum(runs), 0)::int as runs, coalesce(sum(actions), 0)::int as actions,
      coalesce(sum(upvotes), 0)::int as upvotes, coalesce(sum(comments), 0)::int as comments, coalesce(sum(posts), 0)::int as posts,
      coalesce(sum(failed), 0)::int as failed, coalesce(sum(cost_usd), 0)::float8 as cost_usd
    from wanted w left join (${figures(mode)}) f on f.day = w.day
    group by w.day order by w.day`;
}

/** What agents came to in a mode over the last `days` days in UTC, by their ids; those of which nothing is on record are left out. */
export async function getFiguresByAgent(mode: Mode, days: number): Promise<Map<string, AgentFigures>> {
  const rows = await sql<(AgentFigures & { agent_id: string })[]>`
    select agent_id, sum(runs)::int as runs, sum(failed)::int as failed, sum(actions)::int as actions, sum(cost_usd)::float8 as cost_usd
    from (${figures(mode)}) f where day > (now() at time zone 'utc')::date - ${days}::int group by agent_id`;
  return new Map(rows.map(({ agent_id, ...rest }) => [agent_id, rest]));
}

export type AgentFigures = { runs: number; failed: number; actions: number; cost_usd: number };
