import { sql } from "../../../db/client.ts";
import { digest } from "../../audit/canonical.ts";
import { redactText, storableJson } from "../../redact.ts";
import type { Mode } from "../../runs/schema.ts";
import type { Severity } from "../../security/schema.ts";
import type { OddityType } from "../rules.ts";

/**
 * Where to look: at what came since `since` (RFC 3339). `day` is a midnight at least a day before that. What belongs together is counted from there
 * on, so that it begins with the same call, whenever it is looked at.
 */
export type Period = { since: string; day: string };

type Found = ReturnType<typeof sql>;

/** Part of a statement: the calls `t` that are counted, and the runs that are looked at. */
const calls = ({ day }: Period) => sql`tool_calls t where t.id >= uuid_floor(${day})`;
const runs = ({ since }: Period) => sql`(select distinct run_id from tool_calls where id >= uuid_floor(${since}))`;

/**
 * What each rule finds in a period, as one select: whose it is, how grave, what to say, the `subject` that makes it the same issue, the `anchor` that
 * makes it the same oddity, the moment that it began, and the calls that show it.
 */
const FINDERS: Record<Exclude<OddityType, "claim_mismatch">, (period: Period, threshold: number) => Found> = {
  duplicate_vote: ({ since }) => sql`
    select agent_id, max(run_id::text)::uuid as run_id, mode, 'medium' as severity, case type when 'upvoted' then 'Upvoted ' else 'Downvoted ' end
        || target_id || ' again, ' || count(*) || ' times, though the vote was cast already' as description,
      coalesce(max(target_author), '') as subject, type || ' ' || target_id as anchor, min(uuid_time(previous_id)) as at,
      array_agg(previous_call) || array_agg(call_id) as call_ids
    from (
      select a.*, lag(a.type) over target as previous, lag(a.id) over target as previous_id, lag(a.call_id) over target as previous_call
      from actions a join (
        select distinct agent_id, target_id from actions where id >= uuid_floor(${since}) and type in ('upvoted', 'downvoted') and mode <> 'dry_run'
      ) voted using (agent_id, target_id)
      where a.type in ('upvoted', 'downvoted', 'unvoted') and a.status = 'done' and a.source = 'witnessed' and a.mode <> 'dry_run'
      window target as (partition by a.agent_id, a.mode, a.target_kind, a.target_id order by a.id)
    ) vote where previous = type and id >= uuid_floor(${since}) group by agent_id, mode, target_kind, target_id, type`,

  failed_api_call: (period, threshold) => sql`
    select t.agent_id, t.run_id, t.mode, case when upstream_status >= 500 then 'critical' else 'medium' end,
      count(*) || case count(*) when 1 then ' call of ' else ' calls of ' end || tool || ' answered with ' || upstream_status,
      tool || ' ' || upstream_status, t.run_id || ' ' || tool || ' ' || upstream_status, min(uuid_time(t.id)), array_agg(t.id order by t.id)
    from ${calls(period)} and t.run_id in ${runs(period)} and upstream_status >= 400
    group by t.agent_id, t.run_id, t.mode, tool, upstream_status having count(*) >= ${threshold}`,

  excessive_calls: (period, threshold) => sql`
    select agent_id, case when count(distinct run_id) = 1 then min(run_id::text)::uuid end, mode, 'critical',
      max(n) || ' calls within five minutes', '', min(id::text), min(at), array_agg(id order by id)
    from (
      select *, count(*) filter (where begins) over (partition by agent_id, mode order by at, id) as episode
      from (
        select *, (at - lag(at) over (partition by agent_id, mode order by at, id) > interval '5 minutes') is not false as begins
        from (
          select *, max(n) over (partition by agent_id, mode order by at range between interval '5 minutes' preceding and current row) as most
          from (
            select t.id, t.agent_id, t.mode, t.run_id, uuid_time(t.id) as at, count(*) over (
              partition by t.agent_id, t.mode order by uuid_time(t.id) range between current row and interval '5 minutes' following) as n
            from ${calls(period)}
          ) counted
        ) crowded where most > ${threshold}
      ) hot
    ) episodes group by agent_id, mode, episode having max(at) >= ${period.since}`,

  identical_call_loop: (period, threshold) => sql`
    select t.agent_id, t.run_id, t.mode, 'medium', count(*) || ' calls of ' || tool || ' with the same arguments', tool,
      t.run_id || ' ' || tool || ' ' || arguments_sha256, min(uuid_time(t.id)), array_agg(t.id order by t.id)
    from ${calls(period)} and t.run_id in ${runs(period)}
    group by t.agent_id, t.run_id, t.mode, tool, arguments_sha256 having count(*) >= ${threshold}`,

  unknown_tool: (period, threshold) => sql`
    select t.agent_id, t.run_id, t.mode, 'medium', count(*) || case count(*) when 1 then ' call of ' else ' calls of ' end || tool || ', which does not exist',
      tool, t.run_id || ' ' || tool, min(uuid_time(t.id)), array_agg(t.id order by t.id)
    from ${calls(period)} and t.run_id in ${runs(period)} and outcome = 'protocol_error' and error = 'There is no tool of that name.'
    group by t.agent_id, t.run_id, t.mode, tool having count(*) >= ${threshold}`,

  tool_outside_mcp: ({ since }) => sql`
    select agent_id, run_id, mode, 'high', min(title), '', run_id::text, min(uuid_time(id)), '{}'::uuid[]
    from events where type = 'external_tool' and id >= uuid_floor(${since}) and run_id is not null group by agent_id, run_id, mode`,

  call_after_close: ({ since }) => sql`
    select agent_id, run_id, mode, 'high', 'Its token was used after it had ended, and refused', '', run_id::text, min(uuid_time(id)), '{}'::uuid[]
    from events where type = 'closed_run_call' and id >= uuid_floor(${since}) and run_id is not null group by agent_id, run_id, mode`,

  // Texts and writes are put in one row and looked at once each, not pair by pair: a run may have hundreds of both.
  write_after_flagged_exposure: (period) => sql`
    with flagged as materialized (
      select e.run_id, e.id, case e.band when 'redact' then 2 else 1 end as gravity, e.item_id, lower(e.author) as author
      from ${runs(period)} r join exposures e on e.run_id = r.run_id and e.id >= run_floor(r.run_id)
      where e.delivered and e.band in ('mark', 'redact')
    ), written as materialized (
      select t.id, t.agent_id, t.run_id, t.mode, case jsonb_typeof(t.arguments) when 'object' then t.arguments else '{}' end as arguments
      from tool_calls t join (select distinct run_id from flagged) f using (run_id)
      where t.id >= uuid_floor(${period.day}) and t.is_write and t.outcome in ('ok', 'unknown')
    ), named (run_id, id, gravity, kind, name) as (
      select run_id, id, gravity, n.* from flagged, lateral (values ('item', item_id), ('author', author)) n (kind, name)
      union all select run_id, id, null, 'item', value from written, jsonb_each_text(arguments)
      union all select w.run_id, w.id, null, n.* from written w join actions a on a.run_id = w.run_id and a.call_id = w.id,
        lateral (values ('item', a.target_id), ('author', lower(a.target_author))) n (kind, name)
    ), about as (
      select run_id, max(gravity) as gravity from (
        select run_id, case when min(id::text) filter (where gravity = 2) < max(id::text) filter (where gravity is null) then 4
          when min(id::text) filter (where gravity = 1) < max(id::text) filter (where gravity is null) then 3 end as gravity
        from named where name is not null group by run_id, kind, name
      ) pair where gravity is not null group by run_id
    ), after as (
      select agent_id, run_id, mode, count(*) as writes, max(texts) as texts, max(worst) as gravity, min(id::text)::uuid as first, array_agg(id) as ids
      from (
        select *, count(gravity) over so_far as texts, max(gravity) over so_far as worst
        from (
          select agent_id, run_id, mode, id, null::int as gravity from written union all select null, run_id, null, id, gravity from flagged
        ) either window so_far as (partition by run_id order by id)
      ) counted where agent_id is not null and texts > 0 group by agent_id, run_id, mode
    )
    select agent_id, run_id, mode, (array['info', 'low', 'medium', 'high'])[greatest(f.gravity, a.gravity)],
      writes || case writes when 1 then ' write' else ' writes' end || ' after ' || texts || case texts when 1 then ' flagged text' else ' flagged texts' end
        || case when a.gravity is null then '' else ', about an item or an author among them' end,
      '', run_id::text, uuid_time(first), ids
    from after f left join about a using (run_id)`,

  verification_abandoned: ({ since, day }) => sql`
    select agent_id, run_id, mode, 'medium', 'The challenge of a ' || target_kind || ' ran out without an answer', target_kind, call_id::text,
      uuid_time(call_id), array[call_id]
    from verifications where id >= uuid_floor(${day}) and status = 'expired' and answered_at >= ${since}`,

  run_timed_out: ({ since, day }) => sql`
    select agent_id, id, mode, 'medium', coalesce(left(detail, 300), 'It was stopped when its time was up.'), '', id::text, uuid_time(id), '{}'::uuid[]
    from runs where id >= uuid_floor(${day}) and status = 'timed_out' and finished_at >= ${since}`,
};

/** Looks for what a rule finds in a period, and records it. The same oddity found again with more calls grows. Answers how many are new. */
export async function detect(type: keyof typeof FINDERS, period: Period, threshold: number): Promise<number> {
  return record(type, FINDERS[type](period, threshold));
}

/** An oddity that was found elsewhere; `fingerprint` is what makes it the same one when it is found again, `subject` what makes it the same issue. */
export type NewOddity = {
  agentId: string;
  runId: string | null;
  mode: Mode | null;
  severity: Severity;
  description: string;
  subject?: string;
  callIds: string[];
  fingerprint: unknown;
  at: Date;
};

/** Records oddities of one type. One that is on record already grows by the calls that it lacks. Answers how many are new. */
export async function insertOddities(type: OddityType, oddities: NewOddity[]): Promise<number> {
  if (oddities.length === 0) return 0;
  const rows = oddities.map(({ agentId, runId, mode, severity, description, subject, callIds, fingerprint, at }) => ({
    agent_id: agentId,
    run_id: runId,
    mode,
    severity,
    description: redactText(description),
    subject: subject ?? "",
    anchor: digest({ of: fingerprint }),
    at: at.toISOString(),
    call_ids: callIds,
  }));
  return record(
    type,
    sql`select agent_id, run_id, mode, severity, description, subject, anchor, at, call_ids
      from json_to_recordset(${storableJson(rows)}::text::json) as g (agent_id uuid, run_id uuid, mode text, severity text, description text, subject text,
        anchor text, at timestamptz, call_ids uuid[])`,
  );
}

/** Everything is inserted before the chain is asked for, and in one order: two that find the same do not wait for each other for ever. */
async function record(type: OddityType, found: Found): Promise<number> {
  const recorded = await sql`
    with found (agent_id, run_id, mode, severity, description, subject, anchor, at, call_ids) as (${found}), odd as (
      select *, encode(sha256(convert_to(concat_ws(' ', ${type}::text, agent_id, mode, anchor), 'UTF8')), 'hex') as fingerprint from found
      where not exists (select from oddity_rules where type = ${type} and enabled = false)
    ), recorded as (
      insert into oddities as o (id, agent_id, run_id, mode, type, severity, description, subject, call_ids, fingerprint)
      select observed_id(at, fingerprint), agent_id, run_id, mode, ${type}, severity, left(description, 1000), left(subject, 300),
        array(select distinct id from unnest(call_ids) id where id is not null order by id limit 200), fingerprint
      from odd order by fingerprint
      on conflict (fingerprint) do update set severity = excluded.severity, description = excluded.description, updated_at = now(),
        call_ids = array(select distinct id from unnest(o.call_ids || excluded.call_ids) id order by id limit 200)
        where not excluded.call_ids <@ o.call_ids and cardinality(o.call_ids) < 200
      returning id, agent_id, fingerprint, severity, o.xmax = 0 as is_new
    )
    select append_audit(agent_id, 'oddity.detected',
      format('{"fingerprint":"%s","oddity_id":"%s","severity":"%s","type":"%s"}', fingerprint, id, severity, ${type}::text))
    from (select * from recorded order by fingerprint) r where is_new`;
  return recorded.count;
}

/** When the oldest heartbeat began that is still under way; null if none is. A run that is only told of may never be told to have ended. */
export async function findOldestOpenRun(): Promise<string | null> {
  const [row] = await sql<{ began: string | null }[]>`
    select min(created_at) as began from runs where kind = 'heartbeat' and status in ('queued', 'running', 'stopping')`;
  return row?.began ?? null;
}
