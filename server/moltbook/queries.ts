import { sql } from "../../db/client.ts";
import { storable } from "../redact.ts";
import type { Principal } from "../tokens/queries.ts";
import { hashOf } from "../tokens/queries.ts";
import { modesOf } from "./modes.ts";

/** What Moltbook limits apart from the rest; `account` is everything, for when the account is suspended. */
export type LimitClass = "read" | "write" | "post" | "comment" | "vote" | "verify" | "submolt" | "account";
export type Target = { kind: "post" | "comment"; id: string };

/** The longest of Moltbook's refusals of these classes that still hold: for how many seconds, and of which class. */
export async function findBlock(who: Principal, classes: LimitClass[]): Promise<{ class: LimitClass; seconds: number } | undefined> {
  const [block] = await sql<{ class: LimitClass; seconds: number }[]>`
    select class, ceil(extract(epoch from blocked_until - now()))::int as seconds from moltbook_budgets
    where agent_id = ${who.agent_id} and mode = ${who.mode} and class = any(${classes}) and blocked_until > now()
    order by blocked_until desc limit 1`;
  return block;
}

/** Keeps what a response's headers said is left of a class's limit. */
export async function recordBudget(
  who: Principal,
  limit: LimitClass,
  left: { limit: number | null; remaining: number | null; resetAt: string | null },
): Promise<void> {
  await sql`
    insert into moltbook_budgets (agent_id, mode, class, quota, remaining, resets_at)
    values (${who.agent_id}, ${who.mode}, ${limit}, ${toInt(left.limit)}, ${toInt(left.remaining)}, ${left.resetAt})
    on conflict (agent_id, mode, class) do update
    set quota = excluded.quota, remaining = excluded.remaining, resets_at = excluded.resets_at, updated_at = now()`;
}

/** Headers may say anything; a count that no column holds is as good as the nearest one. */
function toInt(count: number | null): number | null {
  return count === null ? null : Math.min(Math.max(count, 0), 2_147_483_647);
}

/** Refuses a class of calls from now on for some seconds, because Moltbook did. */
export async function recordBlock(who: Principal, limit: LimitClass, seconds: number): Promise<void> {
  await sql`
    insert into moltbook_budgets (agent_id, mode, class, remaining, blocked_until)
    values (${who.agent_id}, ${who.mode}, ${limit}, 0, now() + ${seconds} * interval '1 second')
    on conflict (agent_id, mode, class) do update
    set remaining = 0, blocked_until = greatest(moltbook_budgets.blocked_until, excluded.blocked_until), updated_at = now()`;
}

export type Memory = { title: string | null; author: string | null; vote: "up" | "down" | null; voted_at: string | null; own: boolean };

/** What we know of an item: who wrote it, under which title, whether it is the agent's own, and an earlier vote. */
export async function findMemory(who: Principal, target: Target): Promise<Memory | undefined> {
  const [memory] = await sql<Memory[]>`
    select title, author, vote, voted_at, own from moltbook_memory
    where agent_id = ${who.agent_id} and mode = ${who.mode} and target_kind = ${target.kind} and target_id = ${target.id}`;
  return memory;
}

/**
 * Reserves a vote before it is sent, so that no two processes send the same one. False if the agent has voted that way already: on
 * Moltbook a second vote in one direction takes the first one back.
 */
export async function reserveVote(who: Principal, target: Target, vote: "up" | "down"): Promise<boolean> {
  const rows = await sql`
    insert into moltbook_memory (agent_id, mode, target_kind, target_id, vote, voted_at)
    values (${who.agent_id}, ${who.mode}, ${target.kind}, ${target.id}, ${vote}, now())
    on conflict (agent_id, mode, target_kind, target_id) do update set vote = excluded.vote, voted_at = excluded.voted_at
    where moltbook_memory.vote is distinct from excluded.vote and not moltbook_memory.own`;
  return rows.count === 1;
}

/** Takes a reservation back after Moltbook has refused the vote for certain. */
export async function releaseVote(who: Principal, target: Target, before: Memory | undefined): Promise<void> {
  await sql`
    update moltbook_memory set vote = ${before?.vote ?? null}, voted_at = ${before?.voted_at ?? null}
    where agent_id = ${who.agent_id} and mode = ${who.mode} and target_kind = ${target.kind} and target_id = ${target.id}`;
}

export type Seen = Target & { title: string | null; author: string | null; comments: number | null; own?: boolean };

/** Remembers items that the agent was shown, with their number of comments then, or that it wrote itself. */
export async function recordSeen(who: Principal, items: Seen[]): Promise<void> {
  const unique = new Map(items.map((item) => [`${item.kind} ${item.id}`, item]));
  // In one order: two calls that show the same items at the same moment would otherwise wait for each other for ever.
  const rows = [...unique]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, item]) => ({
      agent_id: who.agent_id,
      mode: who.mode,
      target_kind: item.kind,
      target_id: item.id,
      title: item.title && storable(item.title).slice(0, 300),
      author: item.author && storable(item.author).slice(0, 200),
      seen_at: new Date().toISOString(),
      seen_comments: item.comments,
      own: item.own ?? false,
    }));
  if (rows.length === 0) return;
  await sql`
    insert into moltbook_memory ${sql(rows)}
    on conflict (agent_id, mode, target_kind, target_id) do update
    set seen_at = excluded.seen_at, seen_comments = coalesce(excluded.seen_comments, moltbook_memory.seen_comments),
      title = coalesce(excluded.title, moltbook_memory.title), author = coalesce(excluded.author, moltbook_memory.author),
      own = moltbook_memory.own or excluded.own`;
}

export type NewVerification = {
  callId: string;
  code: string;
  targetKind: "post" | "comment" | "submolt";
  targetId: string | null;
  expiresAt: string | null;
};

/** Keeps a challenge that waits for the agent's answer; of its code only the hash. */
export async function insertVerification(who: Principal, verification: NewVerification): Promise<void> {
  await sql`
    insert into verifications (id, agent_id, run_id, call_id, mode, code_hash, target_kind, target_id, expires_at)
    values (${Bun.randomUUIDv7()}, ${who.agent_id}, ${who.run_id}, ${verification.callId}, ${who.mode}, ${hashOf(verification.code)},
      ${verification.targetKind}, ${verification.targetId}, ${verification.expiresAt})
    on conflict (agent_id, code_hash) do nothing`;
}

/**
 * Settles a challenge, and with it the action that waited for it; answers what it was for, or undefined if the code is not an open one that
 * we handed out. One that is `unknown`, because no answer came, can still be settled.
 */
export async function settleVerification(
  who: Principal,
  code: string,
  status: "verified" | "failed" | "expired" | "unknown",
): Promise<{ target_kind: "post" | "comment" | "submolt"; target_id: string | null } | undefined> {
  const [settled] = await sql<{ target_kind: "post" | "comment" | "submolt"; target_id: string | null }[]>`
    with verification as (
      update verifications set status = ${status}, answered_at = now()
      where agent_id = ${who.agent_id} and code_hash = ${hashOf(code)} and status in ('pending', 'unknown')
      returning run_id, call_id, target_kind, target_id
    ), action as (
      update actions a set status = ${ACTION_STATUS[status]} from verification v
      where a.run_id = v.run_id and a.call_id = v.call_id and a.status in ('pending_verification', 'unknown')
    )
    select target_kind, target_id from verification`;
  return settled;
}

const ACTION_STATUS = { verified: "done", failed: "failed", expired: "failed", unknown: "unknown" } as const;

/** What the agent had to do with an item before: `voted_on` is a date, `seen_comments` their number when it last opened the post. */
export type Dealing = {
  kind: Target["kind"];
  id: string;
  own: boolean;
  vote: "up" | "down" | null;
  voted_on: string | null;
  seen_comments: number | null;
  commented: boolean;
};

/** The agent's earlier dealings with some items, in one look; nothing for those that it never met. */
export async function listDealings(who: Principal, targets: Target[]): Promise<Dealing[]> {
  if (targets.length === 0) return [];
  const modes = modesOf(who);
  const ids = targets.map(({ id }) => id);
  return sql<Dealing[]>`
    select t.kind, t.id, coalesce(m.own, false) as own, m.vote, to_char(m.voted_at at time zone 'utc', 'YYYY-MM-DD') as voted_on, m.seen_comments,
      w.place is not null as commented
    from unnest(${targets.map(({ kind }) => kind)}::text[], ${ids}::text[]) as t (kind, id)
    left join (
      select target_kind, target_id, bool_or(own) as own, (array_agg(vote order by voted_at desc nulls last))[1] as vote, max(voted_at) as voted_at,
        (array_agg(seen_comments order by seen_at desc nulls last) filter (where seen_comments is not null))[1] as seen_comments
      from moltbook_memory where agent_id = ${who.agent_id} and mode = any(${modes}) and target_id = any(${ids})
      group by target_kind, target_id
    ) m on m.target_kind = t.kind and m.target_id = t.id
    left join (
      select distinct place from moltbook_writings
      where agent_id = ${who.agent_id} and mode = any(${modes}) and kind = 'comment' and state in ('pending', 'published', 'visible')
        and place = any(${ids})
    ) w on t.kind = 'post' and w.place = t.id
    where m.target_id is not null or w.place is not null`;
}
