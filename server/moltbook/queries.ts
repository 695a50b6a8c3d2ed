import { sql } from "../../db/client.ts";
import type { Principal } from "../tokens/queries.ts";
import { hashOf } from "../tokens/queries.ts";

export type LimitClass = "read" | "write" | "post" | "comment" | "vote" | "verify" | "submolt";
type Target = { kind: "post" | "comment"; id: string };

/** The moment until which Moltbook has refused calls of these classes, if that lies ahead. */
export async function findBlock(who: Principal, classes: LimitClass[]): Promise<string | undefined> {
  const [block] = await sql<{ until: string | null }[]>`
    select max(blocked_until) as until from moltbook_budgets
    where agent_id = ${who.agent_id} and mode = ${who.mode} and class = any(${classes}) and blocked_until > now()`;
  return block?.until ?? undefined;
}

/** Keeps what a response's headers said is left of a class's limit. */
export async function recordBudget(
  who: Principal,
  limit: LimitClass,
  left: { limit: number | null; remaining: number | null; resetAt: string | null },
): Promise<void> {
  await sql`
    insert into moltbook_budgets (agent_id, mode, class, quota, remaining, resets_at)
    values (${who.agent_id}, ${who.mode}, ${limit}, ${left.limit}, ${left.remaining}, ${left.resetAt})
    on conflict (agent_id, mode, class) do update
    set quota = excluded.quota, remaining = excluded.remaining, resets_at = excluded.resets_at, updated_at = now()`;
}

/** Refuses a class of calls from now on for some seconds, because Moltbook did. */
export async function recordBlock(who: Principal, limit: LimitClass, seconds: number): Promise<void> {
  await sql`
    insert into moltbook_budgets (agent_id, mode, class, remaining, blocked_until)
    values (${who.agent_id}, ${who.mode}, ${limit}, 0, now() + ${seconds} * interval '1 second')
    on conflict (agent_id, mode, class) do update set remaining = 0, blocked_until = excluded.blocked_until, updated_at = now()`;
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
  const rows = [...new Map(items.map((item) => [`${item.kind} ${item.id}`, item])).values()].map((item) => ({
    agent_id: who.agent_id,
    mode: who.mode,
    target_kind: item.kind,
    target_id: item.id,
    title: item.title?.replaceAll("\u0000", "").slice(0, 300) ?? null,
    author: item.author?.replaceAll("\u0000", "").slice(0, 200) ?? null,
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

/** Closes a challenge; answers what it was for, or undefined if the code is not one that we handed out. */
export async function settleVerification(
  who: Principal,
  code: string,
  status: "verified" | "failed" | "expired",
): Promise<{ target_kind: "post" | "comment" | "submolt"; target_id: string | null } | undefined> {
  const [settled] = await sql<{ target_kind: "post" | "comment" | "submolt"; target_id: string | null }[]>`
    with verification as (
      update verifications set status = ${status}, answered_at = now()
      where agent_id = ${who.agent_id} and code_hash = ${hashOf(code)} and status = 'pending' returning target_kind, target_id
    ), action as (
      update actions set status = ${status === "verified" ? "done" : "failed"} from verification v
      where agent_id = ${who.agent_id} and actions.target_id = v.target_id and status = 'pending_verification'
    )
    select target_kind, target_id from verification`;
  return settled;
}
