import { sql } from "../../db/client.ts";
import { canonical } from "../audit/canonical.ts";
import { hashOf } from "./canary.ts";

/** Where a canary lies: in what the agent is told beside its prompt, or in a file of fake credentials in its working folder. */
export type CanaryKind = "prompt" | "credential";

/** A canary that was found; `sha256` in hex. */
export type Canary = { sha256: string; agent_id: string; run_id: string; kind: CanaryKind };

/** Keeps the SHA-256 of a run's canaries, by which they are known again. */
export async function plantCanaries(run: { id: string; agentId: string }, canaries: Record<CanaryKind, string>): Promise<void> {
  const planted = Object.entries(canaries).map(([kind, canary]) => ({ kind, sha256: hashOf(canary).toString("hex") }));
  await sql`
    with planted as (
      insert into canaries (sha256, agent_id, run_id, kind)
      select decode(sha256, 'hex'), ${run.agentId}, ${run.id}, kind from json_to_recordset(${JSON.stringify(planted)}::text::json) as planted (sha256 text, kind text)
      returning sha256
    )
    select append_audit(${run.agentId}, 'canary.planted', ${canonical({ planted, run_id: run.id })}) from planted limit 1`;
}

/** Those of some texts that are canaries of ours. */
export async function findCanaries(texts: readonly string[]): Promise<Canary[]> {
  const hashes = texts.map((text) => hashOf(text).toString("hex"));
  return sql<Canary[]>`
    select encode(sha256, 'hex') as sha256, agent_id, run_id, kind from canaries
    where sha256 in (select decode(hash, 'hex') from unnest(${hashes}::text[]) hash) order by canaries.sha256`;
}

/** Notes that a canary was seen where only somebody can have put it who got hold of it. True the first time. */
export async function markSeen(sha256: string): Promise<boolean> {
  return (await sql`update canaries set seen_at = now() where sha256 = decode(${sha256}, 'hex') and seen_at is null`).count === 1;
}

/** Freezes the writing of an agent's account until the operator resumes it. */
export async function freezeWriting(agentId: string, mode: "real" | "sandbox"): Promise<void> {
  await sql`
    insert into moltbook_accounts as a (agent_id, mode, frozen_at, frozen_because) values (${agentId}, ${mode}, now(), 'canary')
    on conflict (agent_id, mode) do update set frozen_at = coalesce(a.frozen_at, now()), frozen_because = 'canary'`;
}
