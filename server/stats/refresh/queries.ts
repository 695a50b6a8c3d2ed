import { sql } from "../../../db/client.ts";
import { countedHits } from "../../filter/explain/queries.ts";
import { columns, counted, openDays } from "../queries.ts";

/** The last hour of a day may still be on its way: a day is over when the next one is an hour old. */
const today = () => sql`((now() - interval '1 hour') at time zone 'utc')::date`;

/**
 * Counts the figures and the rules' hits of the days that are over and not counted yet, and of those of which a record came or changed since; `days`
 * names more, both included, for whoever wrote records past the triggers. Answers how many rows of figures it wrote. What writes many old records
 * calls it afterwards.
 */
export async function refreshFigures(days?: { from: string; to: string }): Promise<number> {
  return sql.begin(async (tx) => {
    await tx`set local lock_timeout = '10s'`;
    // One count at a time, or an older one could write over a newer one. Nobody who writes records waits for it, nor it for them: what is not
    // committed yet is neither counted nor seen to be marked, and keeps its mark.
    await tx`select pg_advisory_xact_lock(hashtext('moltbot.figures'))`;
    if (days) await tx`insert into stale_figures select generate_series(${days.from}::date, ${days.to}::date, interval '1 day')::date`;
    const written = await tx`
      with over as materialized (select day from (${openDays()}) d where day < ${today()}), done as (
        delete from stale_figures where day < ${today()}
      ), hits as (
        insert into daily_hits (mode, agent_id, day, rule, hits) ${countedHits(sql`select day from over`)}
        on conflict (mode, agent_id, day, rule) do update set hits = excluded.hits
      )
      insert into daily_figures (day, mode, agent_id, ${columns()}) ${counted(sql`select day from over`)}
      on conflict (mode, day, agent_id) do update set runs = excluded.runs, succeeded = excluded.succeeded, failed = excluded.failed,
        cost_usd = excluded.cost_usd, timed = excluded.timed, seconds = excluded.seconds, last_run_at = excluded.last_run_at, actions = excluded.actions,
        upvotes = excluded.upvotes, comments = excluded.comments, posts = excluded.posts, subscriptions = excluded.subscriptions,
        -- Calls are the only ones of these records that retention drops.
        withheld = greatest(daily_figures.withheld, excluded.withheld)`;
    return written.count;
  });
}
