import { sql } from "../../../db/client.ts";
import { redact, storable } from "../../redact.ts";
import type { Principal } from "../../tokens/queries.ts";

/** What a write is meant to do: `hash` tells it from others of the run, `subject` names what it changes. */
export type Intent = { hash: Buffer; tool: string; subject: string | null; arguments: Record<string, unknown> };

/**
 * Where an intent stands. `answer` holds the sealed answer of its tool when it was done, or only that it has landed, where reading found
 * that out.
 */
export type Standing = { state: "sending" | "done" | "unknown" | "gave_up"; answer: Kept | null; created_at: string };
export type Kept = { sealed: string } | { landed: true; id: string | null };

/** Claims an intent for one call: undefined if it is this call's to carry out, else how the earlier one of the last 24 hours stands. */
export async function claimIntent(who: Principal, callId: string, intent: Intent): Promise<Standing | undefined> {
  const claimed = await sql`
    insert into moltbook_intents as i (run_id, intent, agent_id, mode, call_id, tool, subject, arguments)
    values (${who.run_id}, ${intent.hash}, ${who.agent_id}, ${who.mode}, ${callId}, ${intent.tool}, ${intent.subject}, ${sql.json(redact(intent.arguments) as never)})
    on conflict (run_id, intent) do update set call_id = excluded.call_id, state = 'sending', answer = null, created_at = now(), settled_at = null,
      checks = 0, next_check_at = null
    where i.created_at < now() - interval '24 hours' and i.state <> 'sending'`;
  if (claimed.count === 1) return undefined;
  return (await findIntent(who.run_id, intent.hash)) ?? claimIntent(who, callId, intent);
}

/** Where an intent of a run stands; undefined when it was given back. */
export async function findIntent(runId: string, hash: Buffer): Promise<Standing | undefined> {
  const [found] = await sql<Standing[]>`
    select state, answer, created_at from moltbook_intents where run_id = ${runId} and intent = ${hash}`;
  return found;
}

/** An intent is done: the same one is answered with `answer` from now on, and other ones on its subject may be meant anew. */
export async function settleIntent(runId: string, intent: Intent, answer: Kept): Promise<void> {
  await sql`
    with settled as (
      update moltbook_intents set state = 'done', answer = ${sql.json(answer)}, settled_at = now(), next_check_at = null
      where run_id = ${runId} and intent = ${intent.hash} returning 1
    )
    delete from moltbook_intents where run_id = ${runId} and subject = ${intent.subject} and intent <> ${intent.hash} and state = 'done'`;
}

/** Nobody knows whether an intent was carried out: it is not sent again, and read after from a minute on. */
export async function markIntentUnknown(runId: string, hash: Buffer): Promise<void> {
  await sql`
    update moltbook_intents set state = 'unknown', next_check_at = now() + interval '1 minute' where run_id = ${runId} and intent = ${hash}`;
}

/** Gives an intent back that certainly was not carried out. */
export async function releaseIntent(runId: string, hash: Buffer): Promise<void> {
  await sql`delete from moltbook_intents where run_id = ${runId} and intent = ${hash} and state <> 'done'`;
}

/** An intent whose fate is open: what its call was meant to do. */
export type Unsettled = {
  run_id: string;
  intent: Buffer;
  call_id: string;
  tool: string;
  arguments: Record<string, unknown>;
  created_at: string;
  checks: number;
};

/** Intents of an agent that it is time to read after: unknown ones, and those of a process that died before it could tell. */
export async function listUnsettled(agentId: string, mode: string, limit: number): Promise<Unsettled[]> {
  return sql<Unsettled[]>`
    select run_id, intent, call_id, tool, arguments, created_at, checks from moltbook_intents
    where agent_id = ${agentId} and mode = ${mode} and ((state = 'unknown' and next_check_at <= now())
      or (state = 'sending' and created_at < now() - interval '5 minutes'))
    order by next_check_at nulls first limit ${limit}`;
}

/**
 * What reading found out about an unsettled intent, in one statement with its action and its text: it had landed, as `itemId` where it made
 * something; or it had not, so that it may be meant anew; or (null) nobody can tell yet, and after eight looks nobody will.
 */
export async function reconcileIntent(unsettled: Unsettled, found: { landed: boolean | null; itemId: string | null }): Promise<void> {
  const { run_id: runId, intent, call_id: callId, checks } = unsettled;
  const { landed, itemId } = found;
  if (landed === null) {
    await sql`
      update moltbook_intents set state = ${checks >= 7 ? "gave_up" : "unknown"}, checks = checks + 1,
        next_check_at = ${checks >= 7 ? null : sql`now() + least(power(2, checks), 60) * interval '1 minute'`}
      where run_id = ${runId} and intent = ${intent} and state <> 'done'`;
    return;
  }
  if (!landed) {
    await sql`
      with intent as (
        delete from moltbook_intents where run_id = ${runId} and intent = ${intent} and state <> 'done' returning 1
      ), writing as (
        update moltbook_writings set state = 'dead', next_check_at = null where call_id = ${callId} and state in ('sending', 'unknown')
      )
      update actions set status = 'failed' where run_id = ${runId} and call_id = ${callId} and status = 'unknown'`;
    return;
  }
  const answer: Kept = { landed: true, id: itemId && storable(itemId) };
  await sql`
    with intent as (
      update moltbook_intents set state = 'done', answer = ${sql.json(answer)}, settled_at = now(), next_check_at = null
      where run_id = ${runId} and intent = ${intent} and state <> 'done' returning 1
    ), writing as (
      update moltbook_writings set state = 'published', item_id = coalesce(${itemId}, item_id), published_at = now(),
        next_check_at = now() + interval '10 minutes'
      where call_id = ${callId} and state in ('sending', 'unknown')
    )
    update actions set status = 'done', target_id = coalesce(target_id, ${itemId})
    where run_id = ${runId} and call_id = ${callId} and status = 'unknown'`;
}
