import { sql } from "../../db/client.ts";
import { canonical } from "../audit/canonical.ts";
import type { Newer, Page } from "../paging.ts";
import { idRange, patternOf, toNewerPage, toPage } from "../paging.ts";
import type { Mode, Run, RunFilter, RunOutcome, RunStatus } from "./schema.ts";

/** The columns of a `Run`; counts come from our own record, never from what the agent says. */
const columns = () => sql`
  r.id, r.agent_id, a.name as agent_name, r.mode, r.kind, r.trigger, r.status, r.outcome, r.skip_reason, r.detail, p.number as prompt_version, r.prompt_source,
  r.external_id, r.script_variant, r.run_number, r.model, r.client_version, r.session_id, r.input_tokens::float8, r.output_tokens::float8, r.cache_read_tokens::float8,
  r.cache_creation_tokens::float8, r.cost_usd::float8, r.turns, r.exit_code, r.summary, r.created_at, r.started_at, r.finished_at,
  c.calls, c.withheld, (select count(*)::int from actions x where x.run_id = r.id) as action_count`;
/** `rows` are those of `runs` that are wanted: only theirs are looked up and counted. */
const source = (rows: ReturnType<typeof sql>) => sql`
  (${rows}) r join agents a on a.id = r.agent_id left join prompt_versions p on p.id = r.prompt_version_id
  cross join lateral (select count(*)::int as calls, coalesce(sum(withheld), 0)::int as withheld from tool_calls t where t.run_id = r.id and t.id >= run_floor(r.id)) c`;

/** Part of a statement: the runs that a filter names. The text is spelt as in the index `runs_by_text`. */
const matching = ({ mode, kind, trigger, status, outcome, agent_name, search, ...dates }: RunFilter) => {
  const { from, to } = idRange(dates);
  return sql`
    from runs where true
      ${mode ? sql`and mode = ${mode}` : sql``}
      ${kind ? sql`and kind = ${kind}` : sql``}
      ${trigger ? sql`and trigger = ${trigger}` : sql``}
      ${status ? sql`and status = ${status}` : sql``}
      ${outcome ? sql`and outcome = ${outcome}` : sql``}
      ${agent_name ? sql`and agent_id = (select id from agents where name = ${agent_name})` : sql``}
      ${search ? sql`and (coalesce(summary, '') || E'\\n' || coalesce(detail, '') || E'\\n' || coalesce(external_id, '') || E'\\n' || id::text) ilike ${patternOf(search)}` : sql``}
      ${from ? sql`and id >= ${from}` : sql``}
      ${to ? sql`and id < ${to}` : sql``}`;
};

/** Runs, newest first. */
export async function listRuns(filter: RunFilter & Newer): Promise<Page<Run>> {
  const { limit, cursor, newer_than: newerThan } = filter;
  const rows = await sql<Run[]>`
    select ${columns()} from ${source(sql`
      select * ${matching(filter)}
        ${newerThan ? sql`and id > ${newerThan} order by id` : cursor ? sql`and id < ${cursor} order by id desc` : sql`order by id desc`}
        limit ${limit + 1}`)}
    order by r.id ${newerThan ? sql`` : sql`desc`}`;
  return newerThan ? toNewerPage(rows, limit) : toPage(rows, limit);
}

/** How many runs a filter names; not counted beyond `most`. */
export async function countRuns(filter: RunFilter, most: number): Promise<number> {
  const [{ count } = { count: 0 }] = await sql<{ count: number }[]>`
    select count(*)::int from (select ${matching(filter)} limit ${most}) r`;
  return count;
}

export async function findRun(id: string): Promise<Run | undefined> {
  const [run] = await sql<Run[]>`select ${columns()} from ${source(sql`select * from runs where id = ${id}`)}`;
  return run;
}

/**
 * The newest heartbeat of an agent in a mode that was not skipped. The mode is asked for as a range, so that the rows are in order in the index
 * `runs_heartbeats` alone: by another one all runs would be looked at where none is of that mode.
 */
export async function findLastHeartbeat(agentId: string, mode: Mode): Promise<Run | undefined> {
  const [run] = await sql<Run[]>`
    select ${columns()} from ${source(sql`
      select * from runs where agent_id = ${agentId} and mode between ${mode} and ${mode} and kind = 'heartbeat' and status <> 'skipped'
      order by mode, id desc limit 1`)}`;
  return run;
}

export type Claim = {
  agentId: string;
  mode: Mode;
  trigger: "schedule" | "manual" | "first_start";
  slot: string | null;
  runner: string;
  command: string;
  promptVersionId: string | null;
  promptSource?: "active" | "cache" | undefined;
};

/**
 * Claims a heartbeat: true if this caller is to run it. False if the agent has a live one already (recorded as a skipped run, since a
 * skipped run is a row and not silence) or if another process took the same slot.
 */
export async function claimRun(id: string, claim: Claim): Promise<boolean> {
  const made = await sql`
    with run as (
      insert into runs (id, agent_id, mode, trigger, slot, status, runner, lease_expires_at, agent_command, prompt_version_id, prompt_source)
      values (${id}, ${claim.agentId}, ${claim.mode}, ${claim.trigger}, ${claim.slot}, 'queued', ${claim.runner}, now() + interval '15 seconds',
        ${claim.command}, ${claim.promptVersionId}, ${claim.promptSource ?? "active"})
      on conflict do nothing returning id
    )
    select append_audit(${claim.agentId}, 'run.claimed', ${canonical({ run_id: id, mode: claim.mode, trigger: claim.trigger, prompt_version_id: claim.promptVersionId })}) from run`;
  if (made.count === 1) return true;
  await insertSkipped(claim, "overlap", "An earlier heartbeat was still running.");
  return false;
}

export async function insertSkipped(
  claim: Omit<Claim, "runner" | "command">,
  reason: "paused" | "overlap" | "prompt_missing" | "preflight_failed" | "account_suspended",
  detail: string,
): Promise<void> {
  const id = Bun.randomUUIDv7();
  await sql`
    with run as (
      insert into runs (id, agent_id, mode, trigger, slot, status, skip_reason, detail, finished_at, prompt_version_id)
      values (${id}, ${claim.agentId}, ${claim.mode}, ${claim.trigger}, ${claim.slot}, 'skipped', ${reason}, ${detail}, now(), ${claim.promptVersionId})
      on conflict do nothing returning id
    )
    select append_audit(${claim.agentId}, 'run.skipped', ${canonical({ run_id: id, reason })}) from run`;
}

export async function markStarted(id: string, pid: number): Promise<void> {
  await sql`update runs set status = 'running', started_at = now(), agent_pid = ${pid} where id = ${id} and status = 'queued'`;
}

/** Extends the runner's lease; false once the run was closed by somebody else. */
export async function renewLease(id: string): Promise<boolean> {
  const rows =
    await sql`update runs set lease_expires_at = now() + interval '15 seconds' where id = ${id} and status in ('queued', 'running', 'stopping')`;
  return rows.count === 1;
}

export async function markStopping(id: string): Promise<void> {
  await sql`update runs set status = 'stopping' where id = ${id} and status in ('queued', 'running')`;
}

/**
 * Asks whoever runs a live heartbeat to end it, in whichever process that is: it hears of it by NOTIFY. What the agent would still send is
 * refused from now on. False if the run has ended, or is ending.
 */
export async function requestStop(id: string, actor: string): Promise<boolean> {
  const rows = await sql`
    with run as (
      update runs set status = 'stopping', detail = ${`Stopped by ${actor}.`} where id = ${id} and kind = 'heartbeat' and status in ('queued', 'running')
      returning agent_id
    ), revoked as (
      update run_tokens set revoked_at = now() where run_id = ${id} and revoked_at is null and exists (select from run)
    )
    select append_audit(agent_id, 'run.stop_requested', ${canonical({ actor, run_id: id })}) from run`;
  return rows.count === 1;
}

/** By whom a run was asked to end, in a sentence; undefined if nobody did. */
export async function findStopRequest(id: string): Promise<string | undefined> {
  const [run] = await sql<{ detail: string }[]>`select detail from runs where id = ${id} and status = 'stopping' and detail is not null`;
  return run?.detail;
}

/** What the agent's own client reported about a run. Tokens are counts, cost is in US dollars. */
export type Report = {
  model: string | null;
  client_version: string | null;
  session_id: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  cache_read_tokens: number | null;
  cache_creation_tokens: number | null;
  cost_usd: number | null;
  turns: number | null;
  summary: string | null;
};
export type Closing = {
  status: RunStatus;
  outcome: RunOutcome | null;
  detail: string | null;
  exitCode: number | null;
  report: Report | null;
};

/**
 * Ends a run: its tokens are revoked and its open calls become `unknown`, in the same statement. With `outcome` null the record decides:
 * `acted` if it did something that others can notice, else `nothing_to_do` for a run that succeeded and `unknown` for one that did not.
 * False if the run was closed already.
 */
export async function closeRun(id: string, closing: Closing): Promise<boolean> {
  const report = closing.report ?? {};
  const rows = await sql`
    with open_calls as (
      update tool_calls set outcome = 'unknown', finished_at = now(), error = 'The run ended before this call did.'
      where run_id = ${id} and id >= run_floor(${id}) and outcome is null returning id
    ), revoked as (
      update run_tokens set revoked_at = now() where run_id = ${id} and revoked_at is null
    ), run as (
      update runs set ${sql({ ...report, exit_code: closing.exitCode, status: closing.status, detail: closing.detail })}, finished_at = now(), lease_expires_at = null,
        outcome = coalesce(${closing.outcome}::text, case
          when exists (select from actions a where a.run_id = ${id} and a.status in ('done', 'pending_verification') and a.type <> all(${LOOKING})) then 'acted'
          when ${closing.status} = 'succeeded' then 'nothing_to_do' else 'unknown' end)
      where id = ${id} and status in ('queued', 'running', 'stopping') returning id, agent_id, outcome
    )
    select append_audit(agent_id, 'run.closed',
      format('{"open_calls":%s,"outcome":"%s","run_id":"%s","status":"%s"}', (select count(*) from open_calls), outcome, id, ${closing.status}::text)) from run`;
  return rows.count === 1;
}

/** What an agent does for itself only: nobody else notices. */
const LOOKING = ["browsed", "checked_status", "checked_submolts", "searched", "read_messages", "marked_read"];

export type LiveRun = { id: string; runner: string | null; expired: boolean };

/** Heartbeats that claim to be alive, with their runner and whether its lease has run out. */
export async function listLiveRuns(): Promise<LiveRun[]> {
  return sql<LiveRun[]>`
    select id, runner, coalesce(lease_expires_at < now(), true) as expired from runs
    where kind = 'heartbeat' and status in ('queued', 'running', 'stopping')`;
}

/** Finds or makes today's ad hoc run, which collects the calls of a static token. Of two first calls, the one that waits may have begun earlier. */
export async function ensureAdHocRun(agentId: string, mode: Mode): Promise<string> {
  const slot = `ad_hoc:${mode}:${new Date().toISOString().slice(0, 10)}`;
  const [run] = await sql<{ id: string }[]>`
    insert into runs (id, agent_id, mode, kind, trigger, slot, status, outcome, detail, started_at, finished_at)
    values (${Bun.randomUUIDv7()}, ${agentId}, ${mode}, 'ad_hoc', 'token', ${slot}, 'succeeded', 'unknown', 'Calls of a manual client on this day.', now(), now())
    on conflict (agent_id, slot) do update set finished_at = greatest(now(), runs.started_at) returning id`;
  if (!run) throw new Error("the ad hoc run was not made");
  return run.id;
}
