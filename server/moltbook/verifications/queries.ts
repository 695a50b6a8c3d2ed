import { sql } from "../../../db/client.ts";
import type { Principal } from "../../tokens/queries.ts";
import { hashOf } from "../../tokens/queries.ts";
import type { Caller } from "../modes.ts";

/** A challenge that waits for the agent's answer: what it is for, and until when (RFC 3339 UTC, null where Moltbook did not say). */
export type NewVerification = {
  callId: string;
  code: string;
  targetKind: TargetKind;
  targetId: string | null;
  expiresAt: string | null;
};

type TargetKind = "post" | "comment" | "submolt" | "message";
type Status = "pending" | "verified" | "failed" | "expired" | "unknown";

/** Keeps a challenge; of its code only the hash. */
export async function insertVerification(who: Principal, verification: NewVerification): Promise<void> {
  await sql`
    insert into verifications (id, agent_id, run_id, call_id, mode, code_hash, target_kind, target_id, expires_at)
    values (${Bun.randomUUIDv7()}, ${who.agent_id}, ${who.run_id}, ${verification.callId}, ${who.mode}, ${hashOf(verification.code)},
      ${verification.targetKind}, ${verification.targetId}, ${verification.expiresAt})
    on conflict (agent_id, code_hash) do nothing`;
}

/** How a challenge that we handed out stands; undefined for a code that we do not know. */
export async function findVerification(who: Caller, code: string): Promise<{ status: Status; answered_at: string | null } | undefined> {
  const [found] = await sql<{ status: Status; answered_at: string | null }[]>`
    select status, answered_at from verifications where agent_id = ${who.agent_id} and code_hash = ${hashOf(code)}`;
  return found;
}

/** How many challenges wait for an answer, and for how many seconds still the one that expires first. */
export async function countOpenChallenges(who: Caller): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from verifications
    where agent_id = ${who.agent_id} and mode = ${who.mode} and status = 'pending' and coalesce(expires_at, created_at + interval '5 minutes') > now()`;
  return row?.n ?? 0;
}

export type Settled = { target_kind: TargetKind; target_id: string | null };

/**
 * Settles a challenge, and with it the action and the text that waited for it; answers what it was for, or undefined if the code is not an open
 * one that we handed out. One that is `unknown`, because no answer came, can still be settled.
 */
export async function settleVerification(who: Caller, code: string, status: Exclude<Status, "pending">): Promise<Settled | undefined> {
  const [settled] = await settle(sql`agent_id = ${who.agent_id} and code_hash = ${hashOf(code)}`, status);
  return settled;
}

/** Gives up the challenges whose time has passed without an answer; Moltbook counts each of them as failed. Answers what they were for. */
export async function expireVerifications(who: Caller): Promise<Settled[]> {
  const late = sql`coalesce(expires_at, created_at + interval '5 minutes') < now() - interval '1 minute'`;
  return settle(sql`agent_id = ${who.agent_id} and mode = ${who.mode} and status = 'pending' and ${late}`, "expired");
}

async function settle(which: ReturnType<typeof sql>, status: Exclude<Status, "pending">): Promise<Settled[]> {
  const { action, writing, checkIn } = CONSEQUENCES[status];
  return sql<Settled[]>`
    with verification as (
      update verifications set status = ${status}, answered_at = now() where ${which} and status in ('pending', 'unknown')
      returning run_id, call_id, target_kind, target_id
    ), action as (
      update actions a set status = ${action} from verification v
      where a.run_id = v.run_id and a.call_id = v.call_id and a.status in ('pending_verification', 'unknown')
    ), writing as (
      update moltbook_writings w set state = ${writing}, checks = 0, next_check_at = now() + ${checkIn} * interval '1 second',
        published_at = case when ${writing} = 'published' then now() end
      from verification v where w.call_id = v.call_id and w.state in ('pending', 'unknown')
    )
    select target_kind, target_id from verification`;
}

/** What a challenge's end means for the action and the text behind it, and in how many seconds to look after that text. */
const CONSEQUENCES = {
  verified: { action: "done", writing: "published", checkIn: 600 },
  failed: { action: "failed", writing: "dead", checkIn: null },
  expired: { action: "failed", writing: "dead", checkIn: null },
  unknown: { action: "unknown", writing: "pending", checkIn: 60 },
} as const;
