import type postgres from "postgres";

import { sql } from "../../db/client.ts";
import { canonical } from "../audit/canonical.ts";
import type { NewAction } from "./actions.ts";
import type { NewBlock } from "./blocks.ts";
import type { NewCall } from "./calls.ts";
import type { DayRun } from "./days.ts";
import type { NewEvent } from "./events.ts";
import type { NewOddity } from "./oddities.ts";
import type { NewPrompt } from "./prompts.ts";
import type { NewLine, NewRun } from "./runs.ts";

export type Tx = postgres.TransactionSql;

/** Rows travel as one JSON text: a statement for each batch, whatever its size. */
const given = (rows: object[]) => JSON.stringify(rows);

/** Makes sure of the partitions of these months, before the import: making one keeps everybody else from its table until the transaction ends. */
export async function ensureMonths(moments: string[]): Promise<void> {
  await sql`select ensure_months(${moments}::timestamptz[])`;
}

/** The partitions of these months that are not there. */
export async function listUnprepared(moments: string[]): Promise<Set<string>> {
  const rows = await sql<{ name: string }[]>`
    select distinct name from unnest(${moments}::timestamptz[]) moment, unnest(array['tool_calls', 'events', 'transcripts']) parent,
      concat(parent, '_', to_char(moment at time zone 'utc', 'YYYYMM')) name
    where to_regclass(name) is null`;
  return new Set(rows.map(({ name }) => name));
}

/**
 * Runs an import: one at a time, in one transaction, which nobody is told of row by row. What it writes is undone if `work` throws, if the process
 * ends, or if it is not to be kept.
 */
export async function inImport<Result>(work: (tx: Tx) => Promise<Result>, keep: boolean): Promise<Result> {
  const undo = new Error("a dry run");
  const results: Result[] = [];
  const ended = sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtext('moltbot.import')), set_config('moltbot.quiet', 'on', true)`;
    results.push(await work(tx));
    if (!keep) throw undo;
  });
  await ended.catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  const [result] = results;
  if (result === undefined) throw new Error("the import did not run");
  return result;
}

/** The ids of the agents of these names, which are made where there are none; `made` are those. Who finishes the import tells the audit chain. */
export async function ensureAgents(tx: Tx, names: string[]): Promise<{ ids: Map<string, string>; made: string[] }> {
  const rows = names.map((name) => ({ id: Bun.randomUUIDv7(), name }));
  const made = await tx<{ id: string }[]>`
    insert into agents (id, name) select id, name from json_to_recordset(${given(rows)}::text::json) as g (id uuid, name text)
    on conflict (name) do nothing returning id`;
  const agents = await tx<{ id: string; name: string }[]>`select id, name from agents where name = any(${names}::text[])`;
  return { ids: new Map(agents.map(({ id, name }) => [name, id])), made: made.map(({ id }) => id) };
}

export type Version = { id: string; number: number; sha256: string };

/** Takes prompts as versions behind the agent's newest one; answers the versions with these texts, old and new, and the ids of the new ones. */
export async function insertPrompts(tx: Tx, agentId: string, prompts: NewPrompt[]): Promise<{ versions: Version[]; taken: string[] }> {
  const taken = await tx<{ id: string }[]>`
    insert into prompt_versions (id, agent_id, number, text, sha256, author, reason, created_at)
    select id, ${agentId}, (select coalesce(max(number), 0) from prompt_versions where agent_id = ${agentId}) + row_number() over (order by ord),
      text, sha256, author, reason, created_at
    from json_to_recordset(${given(prompts.map((prompt, ord) => ({ ...prompt, ord })))}::text::json)
      as g (id uuid, ord int, text text, sha256 text, author text, reason text, created_at timestamptz)
    where not exists (select from prompt_versions v where v.agent_id = ${agentId} and v.sha256 = g.sha256)
    returning id`;
  const versions = await tx<Version[]>`
    select id, number, sha256 from prompt_versions where agent_id = ${agentId} and sha256 = any(${prompts.map(({ sha256 }) => sha256)}::text[])`;
  return { versions: [...versions], taken: taken.map(({ id }) => id) };
}

/** Activates a version where nothing else was ever active but the first version that every agent comes with. True if it is active now. */
export async function activatePrompt(tx: Tx, agentId: string, { id, number, sha256 }: Version): Promise<boolean> {
  await tx`
    update prompt_activations set deactivated_at = clock_timestamp()
    where agent_id = ${agentId} and deactivated_at is null and version_id <> ${id}
      and not exists (select from prompt_activations a where a.agent_id = ${agentId} and a.actor <> 'system')`;
  await tx`
    with activation as (
      insert into prompt_activations (id, agent_id, version_id, actor, reason, activated_at)
      select ${Bun.randomUUIDv7()}, ${agentId}, ${id}, 'import', 'Active in the old database', clock_timestamp()
      where not exists (select from prompt_activations where agent_id = ${agentId} and deactivated_at is null)
      returning 1
    )
    select append_audit(${agentId}, 'prompt.activated', ${canonical({ version_id: id, number, sha256, actor: "import" })}) from activation`;
  const active = await tx`select from prompt_activations where agent_id = ${agentId} and version_id = ${id} and deactivated_at is null`;
  return active.count === 1;
}

/** Takes runs, as claimed. One that was still going when it was taken, and has ended since, is brought up to date. */
export async function insertRuns(tx: Tx, runs: NewRun[]): Promise<{ taken: string[]; renewed: string[] }> {
  const rows = await tx<{ id: string; is_new: boolean }[]>`
    with given as (
      select * from json_to_recordset(${given(runs)}::text::json) as g (id uuid, agent_id uuid, external_id text, script_variant text, run_number int,
        status text, detail text, prompt_version_id uuid, exit_code int, summary text, started_at timestamptz, finished_at timestamptz)
    ), taken as (
      insert into runs (id, agent_id, mode, kind, trigger, external_id, script_variant, run_number, status, outcome, detail, prompt_version_id,
        exit_code, summary, created_at, started_at, finished_at)
      select id, agent_id, 'real', 'claimed', 'import', external_id, script_variant, run_number, status, 'unknown', detail, prompt_version_id,
        exit_code, summary, started_at, started_at, finished_at
      from given on conflict do nothing returning id
    ), renewed as (
      update runs r set status = g.status, detail = g.detail, exit_code = g.exit_code, summary = g.summary, finished_at = g.finished_at
      from given g where r.id = g.id and r.kind = 'claimed' and r.status = 'lost' and g.status <> 'lost' returning r.id
    )
    select id, true as is_new from taken union all select id, false from renewed`;
  return {
    taken: rows.filter(({ is_new }) => is_new).map(({ id }) => id),
    renewed: rows.filter(({ is_new }) => !is_new).map(({ id }) => id),
  };
}

/** Takes what runs printed. */
export async function insertLines(tx: Tx, lines: NewLine[]): Promise<void> {
  await tx`
    insert into transcripts (id, agent_id, run_id, seq, stream, line)
    select id, agent_id, run_id, seq, stream, line
    from json_to_recordset(${given(lines)}::text::json) as g (id uuid, agent_id uuid, run_id uuid, seq int, stream text, line text)
    on conflict do nothing`;
}

/** Makes the runs that stand for days, where they are missing. They are no runs for the figures. */
export async function insertDayRuns(tx: Tx, days: DayRun[]): Promise<void> {
  await tx`
    insert into runs (id, agent_id, mode, kind, trigger, slot, status, outcome, detail, created_at, started_at, finished_at)
    select id, agent_id, 'real', 'ad_hoc', 'import', 'import:' || day, 'succeeded', 'unknown', 'What the old database holds of this day and of no run.',
      day::timestamp at time zone 'utc', day::timestamp at time zone 'utc', (day::date + 1)::timestamp at time zone 'utc'
    from json_to_recordset(${given(days)}::text::json) as g (id uuid, agent_id uuid, day text) on conflict do nothing`;
}

/** Takes actions, as claimed; `foreign` are those whose run was recorded by other means, together with what was done in it. */
export async function insertActions(tx: Tx, actions: NewAction[]): Promise<{ taken: string[]; foreign: string[] }> {
  const rows = await tx<{ id: string; old_id: string; has_run: boolean }[]>`
    with given as (
      select g.*, r.id is not null as has_run
      from json_to_recordset(${given(actions)}::text::json) as g (id uuid, old_id text, agent_id uuid, run_id uuid, type text, status text,
        target_kind text, target_id text, target_title text, target_author text, submolt text, detail text) left join runs r on r.id = g.run_id
    ), taken as (
      insert into actions (id, agent_id, run_id, mode, source, type, status, target_kind, target_id, target_title, target_author, submolt, detail)
      select id, agent_id, run_id, 'real', 'claimed', type, status, target_kind, target_id, target_title, target_author, submolt, detail
      from given where has_run on conflict do nothing returning id
    )
    select g.id, g.old_id, g.has_run from given g left join taken t using (id) where t.id is not null or not g.has_run`;
  return {
    taken: rows.filter(({ has_run }) => has_run).map(({ id }) => id),
    foreign: rows.filter(({ has_run }) => !has_run).map(({ old_id }) => old_id),
  };
}

/** Takes security events; answers the ids of those that are new. */
export async function insertEvents(tx: Tx, events: NewEvent[]): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    insert into events (id, agent_id, mode, type, severity, title, detail, risk_score, author, source_ip, post_id, fingerprint)
    select id, agent_id, 'real', type, severity, title, detail, risk_score, author, source_ip, post_id, fingerprint
    from json_to_recordset(${given(events)}::text::json) as g (id uuid, agent_id uuid, type text, severity text, title text, detail jsonb,
      risk_score real, author text, source_ip text, post_id text, fingerprint text)
    on conflict do nothing returning id`;
  return rows.map(({ id }) => id);
}

/** Takes calls; answers the ids of those that are new. */
export async function insertCalls(tx: Tx, calls: NewCall[]): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    insert into tool_calls (id, agent_id, run_id, mode, tool, is_write, client_name, arguments, arguments_sha256, outcome, upstream_method,
      upstream_path, upstream_status, started_at, finished_at)
    select id, agent_id, run_id, 'real', tool, is_write, 'import', arguments, arguments_sha256, outcome, upstream_method, upstream_path, upstream_status, at, at
    from json_to_recordset(${given(calls)}::text::json) as g (id uuid, agent_id uuid, run_id uuid, tool text, is_write boolean, arguments jsonb,
      arguments_sha256 text, outcome text, upstream_method text, upstream_path text, upstream_status int, at timestamptz)
    on conflict do nothing returning id`;
  return rows.map(({ id }) => id);
}

/** Takes oddities; answers the ids of those that are new. */
export async function insertOddities(tx: Tx, oddities: NewOddity[]): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    insert into oddities (id, agent_id, mode, type, severity, description, call_ids, fingerprint)
    select id, agent_id, 'real', type, severity, description, call_ids, fingerprint
    from json_to_recordset(${given(oddities)}::text::json) as g (id uuid, agent_id uuid, type text, severity text, description text, call_ids uuid[],
      fingerprint text)
    on conflict do nothing returning id`;
  return rows.map(({ id }) => id);
}

/** Takes blocks, of the real mode; `standing` are those whose author is blocked here already, or was unblocked since. */
export async function insertBlocks(tx: Tx, blocks: NewBlock[]): Promise<{ taken: string[]; standing: string[] }> {
  const rows = await tx<{ id: string; old_id: string; is_new: boolean }[]>`
    with given as (
      select * from json_to_recordset(${given(blocks)}::text::json) as g (id uuid, old_id text, agent_id uuid, author text, handle text, reason text,
        flag_count int, blocked_at timestamptz, expires_at timestamptz, unblocked_at timestamptz)
    ), taken as (
      insert into blocked_authors (id, agent_id, mode, author, handle, reason, source, flag_count, blocked_at, blocked_by, expires_at, unblocked_at, unblocked_by)
      select id, agent_id, 'real', author, handle, reason, 'import', flag_count, blocked_at, 'import', expires_at, unblocked_at,
        case when unblocked_at is not null then 'import' end
      from given g
      where g.unblocked_at is not null or not exists (
        select from blocked_authors b
        where b.agent_id = g.agent_id and b.mode = 'real' and b.handle = g.handle and b.unblocked_at > g.blocked_at)
      on conflict do nothing returning id
    )
    select g.id, g.old_id, t.id is not null as is_new from given g left join taken t using (id)
    where t.id is not null or not exists (select from blocked_authors b where b.id = g.id)`;
  return {
    taken: rows.filter(({ is_new }) => is_new).map(({ id }) => id),
    standing: rows.filter(({ is_new }) => !is_new).map(({ old_id }) => old_id),
  };
}

/** Appends what was imported to the audit chain, and tells everybody that much has changed. The last step: the chain waits for its transaction. */
export async function finishImport(tx: Tx, agentId: string, madeAgents: string[], body: Record<string, unknown>): Promise<void> {
  for (const id of madeAgents) await tx`select append_audit(${id}, 'agent.created', ${canonical({ id })})`;
  await tx`select append_audit(${agentId}, 'import.finished', ${canonical(body)}), pg_notify('live', '{"table":null,"run_id":null}')`;
}
