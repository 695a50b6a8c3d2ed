import { sql } from "../../db/client.ts";
import { canonical } from "../audit/canonical.ts";
import { redactText } from "../redact.ts";
import type { Mode } from "../runs/schema.ts";
import type { RunRecord, Verdict } from "./check.ts";
import type { Claim } from "./schema.ts";

/** A closed run, as far as a claim check goes: its final words, and the record to hold them against. */
export type ToldRun = { id: string; agent_id: string; mode: Mode; summary: string | null; finished_at: string };

/** A run that has ended and that the server witnessed, or undefined. */
export async function findToldRun(id: string): Promise<ToldRun | undefined> {
  const [run] = await sql<ToldRun[]>`
    select id, agent_id, mode, summary, finished_at from runs where id = ${id} and kind = 'heartbeat' and finished_at is not null`;
  return run;
}

/** What was witnessed of a run: its actions, and the writes that came to nothing. */
export async function findRecord(runId: string): Promise<RunRecord> {
  const [actions, refused] = await Promise.all([
    sql<RunRecord["actions"]>`
      select id, type, status, target_id, target_title, target_author, submolt, detail from actions
      where run_id = ${runId} and source = 'witnessed' order by id limit 2000`,
    sql<RunRecord["refused"]>`
      select id, tool from tool_calls
      where run_id = ${runId} and id >= run_floor(${runId}) and is_write and outcome <> 'ok' order by id limit 2000`,
  ]);
  return { actions: [...actions], refused: [...refused] };
}

/** Keeps what came of a check, in order, the agent's words redacted. What is kept already stays as it is. */
export async function insertClaims(run: ToldRun, verdicts: Verdict[]): Promise<void> {
  const rows = verdicts.map((verdict, seq) => ({
    ...verdict,
    id: Bun.randomUUIDv7(),
    seq,
    text: redactText(verdict.text).slice(0, 300),
    action_ids: `{${verdict.action_ids.join(",")}}`,
  }));
  const tally = Object.fromEntries(
    Object.entries(Object.groupBy(verdicts, ({ status }) => status)).map(([status, list]) => [status, list.length]),
  );
  await sql`
    with claim as (
      insert into claims (id, agent_id, run_id, mode, seq, type, status, text, action_ids, evidence)
      select c.id, ${run.agent_id}::uuid, ${run.id}::uuid, ${run.mode}, c.seq, c.type, c.status, c.text, c.action_ids::uuid[], c.evidence
      from json_to_recordset(${JSON.stringify(rows)}::text::json) as c (id uuid, seq int, type text, status text, text text, action_ids text, evidence jsonb)
      on conflict do nothing returning id
    )
    select append_audit(${run.agent_id}, 'claims.checked', ${canonical({ run_id: run.id, ...tally })}) where exists (select from claim)`;
}

/** The claims of a run, in the order in which they were made; then what it did not say. */
export async function listClaims(runId: string): Promise<Claim[]> {
  return sql<Claim[]>`
    select id, agent_id, run_id, mode, seq, type, status, text, action_ids, evidence, uuid_time(id) as created_at
    from claims where run_id = ${runId} order by seq`;
}
