import { sql } from "../../db/client.ts";
import type { Mode } from "../runs/schema.ts";
import type { Stats } from "./schema.ts";

/** Figures of one mode over everything on record; modes are never added up. */
export async function getStats(mode: Mode): Promise<Stats> {
  const [stats] = await sql<Stats[]>`
    select ${mode}::text as mode, r.*, a.*, c.*, now() as fresh_at
    from (
      select count(*)::int as total_runs, count(*) filter (where status = 'succeeded')::int as successful_runs,
        count(*) filter (where status in ('failed', 'timed_out', 'lost'))::int as failed_runs,
        coalesce(sum(cost_usd), 0)::float8 as total_cost_usd,
        avg(extract(epoch from finished_at - started_at)) filter (where status = 'succeeded')::float8 as avg_duration_seconds,
        max(started_at) as last_run_at
      from runs where mode = ${mode} and kind = 'heartbeat' and status <> 'skipped'
    ) r, (
      select count(*)::int as total_actions, count(*) filter (where type = 'upvoted')::int as total_upvotes,
        count(*) filter (where type in ('commented', 'replied'))::int as total_comments,
        count(*) filter (where type = 'posted')::int as total_posts, count(*) filter (where type = 'subscribed')::int as total_subscriptions
      from actions where mode = ${mode} and status <> 'failed'
    ) a, (
      select count(*)::int as total_calls, coalesce(sum(withheld), 0)::int as total_withheld from tool_calls where mode = ${mode}
    ) c`;
  if (!stats) throw new Error("no figures");
  return stats;
}
