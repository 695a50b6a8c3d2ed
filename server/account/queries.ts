import { sql } from "../../db/client.ts";
import { canonical, digest } from "../audit/canonical.ts";
import type { Page } from "../paging.ts";
import type { AccountHealth, Feature, MessageRequest, MessageRequestFilter, RequestDecision, Unsettled } from "./schema.ts";

/** Whose account: dry runs use the one of the mode beneath them. */
export type Owner = { agent_id: string; mode: "real" | "sandbox" };

/** The health of an account; one that nothing is known of yet is `unknown`. */
export async function getAccountHealth({ agent_id, mode }: Owner): Promise<AccountHealth> {
  const [health] = await sql<AccountHealth[]>`
    select ${mode}::text as mode, a.name, coalesce(a.state, 'unknown') as state, a.detail, a.registered_at, a.suspended_until,
      coalesce(a.failures_in_row, 0) as failures_in_row, a.frozen_at, a.frozen_because, a.resumed_at, a.resume_reason, a.open_since,
      case when a.open_since is not null
        then greatest(a.open_since + interval '1 minute', a.probed_at + interval '45 seconds') end as next_try_at,
      f.recent_faults, f.last_fault_at, a.checked_at, now() as fresh_at,
      (select count(*)::int from moltbook_message_requests r
        where r.agent_id = ${agent_id} and r.mode = ${mode} and r.state = 'open') as open_requests,
      (select count(*)::int from moltbook_writings w
        where w.agent_id = ${agent_id} and w.mode = ${mode} and w.state = 'hidden' and w.id >= uuid_floor(now() - interval '7 days')) as hidden_writings
    from (values (1)) one left join moltbook_accounts a on a.agent_id = ${agent_id} and a.mode = ${mode}
      cross join lateral (
        select count(*)::int as recent_faults, max(fault) as last_fault_at from unnest(a.faults) x (fault)
      ) f`;
  if (!health) throw new Error("no health");
  return health;
}

/** The functions of Moltbook that were ever looked for, those that are away first. */
export async function listFeatures({ agent_id, mode }: Owner): Promise<Feature[]> {
  return sql<Feature[]>`
    select feature, available, checked_at from moltbook_features where agent_id = ${agent_id} and mode = ${mode} order by available, feature`;
}

/** What was written and has an open fate, newest first: of a call and of the text that it wrote, the text. Hidden texts of the last week. */
export async function listUnsettled({ agent_id, mode }: Owner, limit: number): Promise<Unsettled[]> {
  return sql<Unsettled[]>`
    select * from (
      select distinct on (call_id) * from (
        select 1 as seq, call_id, run_id, kind as what, state, title, place, coalesce(published_at, uuid_time(id)) as since from moltbook_writings
        where agent_id = ${agent_id} and mode = ${mode} and state in ('unknown', 'pending', 'hidden') and id >= uuid_floor(now() - interval '7 days')
        union all
        select 2, call_id, run_id, tool, state, null, null, created_at from moltbook_intents
        where agent_id = ${agent_id} and mode = ${mode} and state = 'unknown'
      ) open order by call_id, seq
    ) settled order by call_id desc limit ${limit}`;
}

const columns = () => sql`
  conversation_id, from_agent, preview, state, requested_at, first_seen_at, decided_at, decided_by, decision_reason, told_at`;

/** Message requests, newest first; `next` is the id of the last row's conversation. */
export async function listMessageRequests({ agent_id, mode }: Owner, filter: MessageRequestFilter): Promise<Page<MessageRequest>> {
  const rows = await sql<MessageRequest[]>`
    select ${columns()} from moltbook_message_requests r
    where agent_id = ${agent_id} and mode = ${mode}
      ${filter.state ? sql`and state = ${filter.state}` : sql``}
      ${
        filter.cursor
          ? sql`and (first_seen_at, conversation_id) < (
              select c.first_seen_at, c.conversation_id from moltbook_message_requests c
              where c.agent_id = ${agent_id} and c.mode = ${mode} and c.conversation_id = ${filter.cursor})`
          : sql``
      }
    order by first_seen_at desc, conversation_id desc limit ${filter.limit + 1}`;
  const items = rows.slice(0, filter.limit);
  return { items, next: rows.length > filter.limit ? (items.at(-1)?.conversation_id ?? null) : null };
}

/** What was decided last, newest first. */
export async function listDecidedRequests({ agent_id, mode }: Owner, limit: number): Promise<MessageRequest[]> {
  return sql<MessageRequest[]>`
    select ${columns()} from moltbook_message_requests
    where agent_id = ${agent_id} and mode = ${mode} and decided_at > now() - interval '7 days' order by decided_at desc limit ${limit}`;
}

/** Lets the account write again. False if it was not frozen. The streak stays as it is: Moltbook keeps counting. */
export async function resumeWriting({ agent_id, mode }: Owner, { actor, reason }: { actor: string; reason: string }): Promise<boolean> {
  const rows = await sql`
    with account as (
      update moltbook_accounts set frozen_at = null, frozen_because = null, resumed_at = now(), resume_reason = ${reason}
      where agent_id = ${agent_id} and mode = ${mode} and frozen_at is not null returning agent_id
    )
    select append_audit(agent_id, 'account.resumed', ${canonical({ actor, mode, reason_sha256: digest(reason) })}) from account`;
  return rows.count === 1;
}

export type Decided = RequestDecision & { id: string; actor: string };

const STATE = { approve: "approved", reject: "rejected", block: "blocked" } as const;

/** Claims an open request for a decision, before Moltbook is told, so that no two decisions are sent. False if it is not open any more. */
export async function claimRequest({ agent_id, mode }: Owner, { id, decision, actor, reason }: Decided): Promise<boolean> {
  const body = { actor, conversation_id: id, decision, mode, reason_sha256: reason ? digest(reason) : undefined };
  const rows = await sql`
    with request as (
      update moltbook_message_requests
      set state = ${STATE[decision]}, decided_at = now(), decided_by = ${actor}, decision_reason = ${reason || null}, told_at = null
      where agent_id = ${agent_id} and mode = ${mode} and conversation_id = ${id} and state = 'open' returning agent_id
    )
    select append_audit(agent_id, 'message_request.decided', ${canonical(body)}) from request`;
  return rows.count === 1;
}

/** Moltbook has taken the decision. */
export async function confirmRequest({ agent_id, mode }: Owner, id: string): Promise<void> {
  await sql`
    update moltbook_message_requests set told_at = now()
    where agent_id = ${agent_id} and mode = ${mode} and conversation_id = ${id} and decided_at is not null`;
}

/** Takes a decision back that Moltbook has refused for certain: the request is `open` again, or `gone` if Moltbook has it no more. */
export async function releaseRequest({ agent_id, mode }: Owner, id: string, state: "open" | "gone"): Promise<void> {
  await sql`
    with request as (
      update moltbook_message_requests set state = ${state}, decided_at = null, decided_by = null, decision_reason = null
      where agent_id = ${agent_id} and mode = ${mode} and conversation_id = ${id} and decided_at is not null returning agent_id
    )
    select append_audit(agent_id, 'message_request.reopened', ${canonical({ conversation_id: id, mode, state })}) from request`;
}

/** The state of one request, or undefined if there is none. */
export async function findRequestState({ agent_id, mode }: Owner, id: string): Promise<MessageRequest["state"] | undefined> {
  const [request] = await sql<{ state: MessageRequest["state"] }[]>`
    select state from moltbook_message_requests where agent_id = ${agent_id} and mode = ${mode} and conversation_id = ${id}`;
  return request?.state;
}
