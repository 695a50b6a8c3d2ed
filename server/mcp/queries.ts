import { sql } from "../../db/client.ts";
import type { Mode, RunOutcome, RunStatus } from "../runs/schema.ts";
import type { Principal } from "../tokens/queries.ts";
import { ID_LENGTH } from "./cancellation.ts";

export type LastRun = {
  status: RunStatus;
  outcome: RunOutcome | null;
  detail: string | null;
  summary: string | null;
  started_at: string | null;
  finished_at: string;
};

/** The agent's newest heartbeat in this mode that is over. Its summary is the agent's own prose, and may quote strangers. */
export async function findLastRun({ agent_id: agentId, mode }: { agent_id: string; mode: Mode }): Promise<LastRun | undefined> {
  const [run] = await sql<LastRun[]>`
    select status, outcome, detail, summary, started_at, finished_at from runs
    where agent_id = ${agentId} and mode = ${mode} and kind = 'heartbeat' and status <> 'skipped' and finished_at is not null
    order by id desc limit 1`;
  return run;
}

/** Names of submolts that begin so, among those of the agent's last 1000 actions that we witnessed, at most 100. What does not look like a name is none. */
export async function listSubmoltNames({ agent_id: agentId }: Principal, start: string): Promise<string[]> {
  const rows = await sql<{ submolt: string }[]>`
    select distinct submolt from (select submolt from actions where agent_id = ${agentId} and source = 'witnessed' order by id desc limit 1000) recent
    where submolt ~ '^[A-Za-z0-9_-]{1,64}$' and starts_with(lower(submolt), lower(${start})) order by submolt limit 100`;
  return rows.map(({ submolt }) => submolt);
}

/** Tells every process that a client has given up a request of a run. */
export async function announceCancellation(runId: string, requestId: string): Promise<void> {
  const change = { table: "cancellations", run_id: runId, request_id: requestId.slice(0, ID_LENGTH) };
  await sql`select pg_notify('live', ${JSON.stringify(change)})`;
}
