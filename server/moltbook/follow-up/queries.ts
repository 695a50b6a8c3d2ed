import { sql } from "../../../db/client.ts";
import { storable } from "../../redact.ts";
import type { Feature } from "../features.ts";
import type { Caller } from "../modes.ts";
import { platformMode } from "../modes.ts";
import type { MessageRequest } from "../shapes/messages.ts";

/** A text of the agent's own that it is time to look after. `place` is the submolt of a post, or the post of a comment. */
export type Due = {
  id: string;
  run_id: string;
  call_id: string;
  kind: "post" | "comment" | "submolt" | "message";
  place: string;
  item_id: string | null;
  state: "pending" | "published" | "hidden";
  published_at: string | null;
  checks: number;
};

/** Texts that may have become visible, or have not: in order of when they were to be looked after, at most `limit`. */
export async function listDueWritings(who: Caller, limit: number): Promise<Due[]> {
  return sql<Due[]>`
    select id, run_id, call_id, kind, place, item_id, state, published_at, checks from moltbook_writings
    where agent_id = ${who.agent_id} and mode = ${who.mode} and next_check_at <= now() and state in ('pending', 'published', 'hidden')
    order by next_check_at limit ${limit}`;
}

/** What a look at a text found; `again` is in how many seconds to look once more (null: never). Settles a waiting action too. */
export async function recordLook(
  due: Due,
  state: "pending" | "published" | "visible" | "hidden" | "dead",
  again: number | null,
): Promise<void> {
  const action = { visible: "done", published: "done", hidden: "done", dead: "failed", pending: null }[state];
  await sql`
    with writing as (
      update moltbook_writings set state = ${state}, checks = checks + 1, next_check_at = now() + ${again} * interval '1 second',
        published_at = case when ${state} = 'published' then coalesce(published_at, now()) else published_at end
      where id = ${due.id}
    )
    update actions set status = ${action}
    where ${action}::text is not null and run_id = ${due.run_id} and call_id = ${due.call_id} and status in ('pending_verification', 'unknown')`;
}

/** Features of Moltbook that were last looked for more than a day ago, or never. */
export async function listStaleFeatures(who: Caller, features: readonly Feature[]): Promise<Feature[]> {
  const rows = await sql<{ feature: Feature }[]>`
    select f.feature from unnest(${features as string[]}::text[]) as f (feature)
    left join moltbook_features known on known.agent_id = ${who.agent_id} and known.mode = ${platformMode(who)} and known.feature = f.feature
    where known.checked_at is null or known.checked_at < now() - interval '24 hours'`;
  return rows.map(({ feature }) => feature);
}

/** Whether Moltbook has a feature at present. */
export async function recordFeature(who: Caller, feature: Feature, available: boolean): Promise<void> {
  await sql`
    insert into moltbook_features (agent_id, mode, feature, available) values (${who.agent_id}, ${platformMode(who)}, ${feature}, ${available})
    on conflict (agent_id, mode, feature) do update set available = excluded.available, checked_at = now()`;
}

/**
 * Keeps the requests that wait on Moltbook, and notes of the others that they are gone. One that was decided five minutes ago or earlier and
 * still waits, without Moltbook having confirmed the decision, never heard of it.
 */
export async function recordMessageRequests(who: Caller, requests: MessageRequest[]): Promise<number> {
  const mode = platformMode(who);
  const ids = requests.map(({ conversationId }) => conversationId);
  const rows = requests.map(({ conversationId, from, preview, createdAt }) => ({
    agent_id: who.agent_id,
    mode,
    conversation_id: conversationId,
    from_agent: from && storable(from).slice(0, 200),
    preview: preview && storable(preview).slice(0, 1000),
    requested_at: createdAt,
  }));
  await sql`
    update moltbook_message_requests set state = 'gone'
    where agent_id = ${who.agent_id} and mode = ${mode} and state = 'open' and conversation_id <> all(${ids})`;
  if (rows.length === 0) return 0;
  const made = await sql`
    insert into moltbook_message_requests ${sql(rows)} on conflict (agent_id, mode, conversation_id) do update
    set state = 'open', decided_at = null, decided_by = null, decision_reason = null
    where moltbook_message_requests.state = 'gone'
      or (moltbook_message_requests.told_at is null and moltbook_message_requests.decided_at < now() - interval '5 minutes')
    returning 1`;
  return made.count;
}

/** Whether Moltbook has a feature, as far as we know from the last day. */
export async function findFeature(who: Caller, feature: Feature): Promise<boolean | undefined> {
  const [row] = await sql<{ available: boolean }[]>`
    select available from moltbook_features where agent_id = ${who.agent_id} and mode = ${platformMode(who)} and feature = ${feature}
      and checked_at > now() - interval '24 hours'`;
  return row?.available;
}
