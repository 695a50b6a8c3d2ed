import { sql } from "../../../db/client.ts";
import { type NewAction, rowOf } from "../../actions/queries.ts";
import type { Action } from "../../actions/schema.ts";
import { canonical, digest } from "../../audit/canonical.ts";
import { AppError } from "../../errors.ts";
import { importedId } from "../../import/id.ts";
import { redactText, storableJson } from "../../redact.ts";
import type { Report } from "../../runs/queries.ts";
import type { RunStatus, TranscriptLine } from "../../runs/schema.ts";

/** A run as it is told of from outside. Moments are RFC 3339; what is undefined stays as it is. */
export type ToldRun = Partial<Report> & {
  agent_id: string;
  agent_name: string;
  external_id: string;
  started_at: string;
  finished_at?: string | null;
  status?: RunStatus;
  exit_code?: number | null;
  detail?: string | null;
  script_variant?: string | null;
  run_number?: number | null;
  prompt_version_id?: string | null;
  output_sha256?: string;
};
/** What is told along with it, as a whole: it takes the place of what was told before. Undefined leaves that as it is. */
export type Telling = { lines?: TranscriptLine[] | undefined; actions?: NewAction[] | undefined };
export type Known = {
  id: string;
  agent_id: string;
  agent_name: string;
  kind: string;
  external_id: string | null;
  started_at: string | null;
  created_at: string;
};

/** The runs of an id: a run's own (a UUID), which comes first, or the one that it has where it ran, which several agents may have given. */
export async function findRunsNamed(name: string): Promise<Known[]> {
  return sql<Known[]>`
    select r.id, r.agent_id, a.name as agent_name, r.kind, r.external_id, r.started_at, r.created_at from runs r join agents a on a.id = r.agent_id
    where r.external_id = ${name} or r.id = ${UUID.test(name) ? name : null}::uuid
    order by r.external_id is not distinct from ${name} limit 3`;
}

/**
 * The one run of an id; its own goes before the names that others give, so that nobody hides a run behind another. Throws AppError `not_found`, or
 * `conflict` where it is the id of several agents' runs.
 */
export async function getRunNamed(name: string): Promise<Known> {
  const [run, another] = await findRunsNamed(name);
  if (!run) throw new AppError("not_found", "There is no run with this id.");
  if (another && run.id !== name.toLowerCase())
    throw new AppError("conflict", "Several agents have a run of this id. Use the id that the list of runs gives.");
  return run;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Which of these prompt versions of an agent there is, by id or by number. */
export async function findPromptVersion(agentId: string, version: string): Promise<string | undefined> {
  const [found] = await sql<{ id: string }[]>`
    select id from prompt_versions where agent_id = ${agentId} and (id::text = ${version.toLowerCase()} or number::text = ${version})`;
  return found?.id;
}

export type Recorded = { id: string; is_new: boolean; has_changed: boolean };

/**
 * Records a run that was told of, with what was told of it, or brings it up to date; all of it or nothing. Telling the same again changes nothing.
 * Throws AppError `conflict` if the server witnessed the run of this id itself.
 */
export async function saveToldRun(run: ToldRun, { lines, actions }: Telling, actor: string): Promise<Recorded> {
  const { agent_name, ...row } = { ...run, external_id: redactText(run.external_id) };
  const identity = { table: "heartbeat_runs", key: run.external_id, agent: agent_name };
  const fresh = { status: (run.finished_at ? "succeeded" : "running") as RunStatus, ...row };
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtext(${`moltbot.told.${row.external_id}`}))`;
    const [before] = await tx<{ id: string; kind: string; output_sha256: string | null; row: Record<string, unknown> }[]>`
      select id, kind, output_sha256, to_jsonb(r) as row from runs r where external_id = ${row.external_id} and agent_id = ${run.agent_id} for update`;
    if (before && before.kind !== "claimed") throw witnessed();
    const id = before?.id ?? importedId(new Date(run.started_at), identity);
    if (!before)
      await tx`
        insert into runs ${tx({ ...fresh, id, mode: "real", kind: "claimed", trigger: "import", outcome: "unknown" })}`;
    else if (differs(before.row, row)) {
      // Whoever tells when it ended tells that it has.
      const ended = before.row.status === "running" && row.finished_at ? { status: "succeeded" as RunStatus } : {};
      await tx`update runs set ${tx({ ...ended, ...row })} where id = ${id}`;
    }
    const isTold =
      (lines !== undefined || actions !== undefined) && (row.output_sha256 === undefined || before?.output_sha256 !== row.output_sha256);
    if (isTold) await replaceTelling(tx, { id, agent_id: run.agent_id, started_at: run.started_at }, { lines, actions });
    await settleOutcome(tx, id);
    const [now] = await tx<{ row: Record<string, unknown> }[]>`select to_jsonb(r) as row from runs r where id = ${id}`;
    const has_changed = isTold || !before || canonical(now?.row) !== canonical(before.row);
    if (has_changed)
      await tx`
        select append_audit(${run.agent_id}, 'run.recorded',
          ${canonical({ actor, run_id: id, external_id: digest(row.external_id), output_sha256: row.output_sha256 ?? null })})`;
    return { id, is_new: !before, has_changed };
  });
}

/** Refuses whoever wants to tell us of a run that we saw ourselves. */
export function witnessed(): AppError {
  return new AppError(
    "conflict",
    "Moltbot witnessed this run itself, so it cannot be told otherwise. Record another run under an id of its own.",
  );
}

type Tx = Parameters<Parameters<typeof sql.begin>[1]>[0];
type Place = { id: string; agent_id: string; started_at: string };

/** Whether a row has something to write that is not there yet. Moments are compared as such. */
function differs(before: Record<string, unknown>, row: Record<string, unknown>): boolean {
  return Object.entries(row).some(([name, value]) => value !== undefined && plain(before[name]) !== plain(value));
}

function plain(value: unknown): unknown {
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : (value ?? null);
}

async function replaceTelling(tx: Tx, run: Place, { lines, actions }: Telling): Promise<void> {
  await tx`select forget_told(${run.id}, ${lines !== undefined}, ${actions !== undefined})`;
  if (lines && lines.length > 0)
    await tx`
      insert into transcripts (id, agent_id, run_id, seq, stream, line)
      select l.id, ${run.agent_id}::uuid, ${run.id}::uuid, l.seq, l.stream, l.line
      from json_to_recordset(${storableJson(lines.map((line) => ({ ...line, id: Bun.randomUUIDv7() })))}::text::json) as l (id uuid, seq int, stream text, line text)`;
  if (actions) await insertToldActions(tx, run, actions, (at) => String(at));
}

/** Adds actions that a run is told of to those that it has. Answers them as they are kept. */
export async function addToldActions(run: Place, actions: NewAction[], actor: string): Promise<Action[]> {
  return sql.begin(async (tx) => {
    const [known] = await tx<{ kind: string }[]>`select kind from runs where id = ${run.id} for update`;
    if (known?.kind !== "claimed") throw witnessed();
    const added = await insertToldActions(tx, run, actions, () => crypto.randomUUID());
    await settleOutcome(tx, run.id);
    await tx`select append_audit(${run.agent_id}, 'actions.recorded', ${canonical({ actor, run_id: run.id, count: actions.length })})`;
    return added;
  });
}

/** Their ids carry the moment at which the run began, since nobody says when in the run they happened, and their order. */
async function insertToldActions(tx: Tx, run: Place, actions: NewAction[], keyOf: (at: number) => string): Promise<Action[]> {
  const idOf = (at: number) =>
    importedId(new Date(run.started_at), { table: "told_actions", key: `${run.id} ${keyOf(at)}`, agent: run.agent_id }, at);
  const rows = actions.map((action, at) => rowOf(action, idOf(at)));
  const added = await tx<Action[]>`
    insert into actions (id, agent_id, run_id, mode, source, type, status, target_kind, target_id, target_title, target_author, submolt, detail)
    select a.id, r.agent_id, r.id, r.mode, 'claimed', a.type, a.status, a.target_kind, a.target_id, a.target_title, a.target_author, a.submolt, a.detail
    from runs r, json_to_recordset(${storableJson(rows)}::text::json) as a (id uuid, type text, status text, target_kind text, target_id text,
      target_title text, target_author text, submolt text, detail text)
    where r.id = ${run.id}
    returning id, agent_id, run_id, call_id, mode, source, type, status, target_kind, target_id, target_title, target_author, submolt, detail, uuid_time(id) as created_at`;
  return [...added];
}

/** What became of a run, by what it is told to have done. */
async function settleOutcome(tx: Tx, id: string): Promise<void> {
  await tx`
    with settled as (
      select case
        when exists (select from actions a where a.run_id = ${id} and a.status in ('done', 'pending_verification') and a.type <> all(${LOOKING})) then 'acted'
        when r.status = 'succeeded' and (r.output_sha256 is not null or exists (select from actions a where a.run_id = ${id})) then 'nothing_to_do'
        else 'unknown' end as outcome
      from runs r where r.id = ${id}
    )
    update runs r set outcome = s.outcome from settled s where r.id = ${id} and r.outcome is distinct from s.outcome`;
}
const LOOKING = ["browsed", "checked_status", "checked_submolts", "searched", "read_messages", "marked_read"];
