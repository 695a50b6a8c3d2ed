import { sql } from "../../db/client.ts";
import { canonical, digest } from "../audit/canonical.ts";
import type { PromptProposal, PromptVersion } from "./schema.ts";

/** The version that is active for an agent now, or undefined if none ever was. */
export async function findActivePrompt(agentId: string): Promise<PromptVersion | undefined> {
  const [version] = await sql<PromptVersion[]>`
    select v.id, v.agent_id, v.number, v.text, v.sha256, v.author, v.reason, v.parent_id, v.created_at, a.activated_at
    from prompt_activations a join prompt_versions v on v.id = a.version_id
    where a.agent_id = ${agentId} and a.deactivated_at is null`;
  return version;
}

/** One version by its number, active or not. */
export async function findPromptVersion(agentId: string, number: number): Promise<PromptVersion | undefined> {
  const [version] = await sql<PromptVersion[]>`
    select v.id, v.agent_id, v.number, v.text, v.sha256, v.author, v.reason, v.parent_id, v.created_at, null as activated_at
    from prompt_versions v where v.agent_id = ${agentId} and v.number = ${number}`;
  return version;
}

/** Gives an agent its first version and activates it; an agent that has any version keeps what it has. True if it was seeded. */
export async function seedPrompt(agentId: string, text: string): Promise<boolean> {
  const id = Bun.randomUUIDv7();
  const sha256 = digest(text);
  const rows = await sql`
    with version as (
      insert into prompt_versions (id, agent_id, number, text, sha256, author, reason)
      select ${id}, ${agentId}, 1, ${text}, ${sha256}, 'system', 'First version'
      where not exists (select from prompt_versions where agent_id = ${agentId})
      on conflict do nothing
      returning id
    ), activation as (
      insert into prompt_activations (id, agent_id, version_id, actor, reason)
      select ${Bun.randomUUIDv7()}, ${agentId}, id, 'system', 'First version' from version
    )
    select append_audit(${agentId}, 'prompt.activated', ${canonical({ version_id: id, number: 1, sha256, actor: "system" })}) from version`;
  return rows.count === 1;
}

export type NewProposal = { agentId: string; runId: string; callId: string; text: string; reason: string };

/**
 * Records what an agent wants its prompt to be. It becomes active only when a person approves it. An older open proposal is superseded; one
 * with the same text for the same version stands. Answers null when the agent has already proposed twice in the last 24 hours.
 */
export async function insertProposal(proposal: NewProposal): Promise<{ id: string; expires_at: string } | null> {
  const id = Bun.randomUUIDv7();
  const sha256 = digest(proposal.text);
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtext(${`moltbot.proposals.${proposal.agentId}`}))`;
    const [same] = await tx<{ id: string; expires_at: string }[]>`
      select id, expires_at from prompt_proposals
      where agent_id = ${proposal.agentId} and status = 'open' and expires_at > now() and sha256 = ${sha256} and parent_id is not distinct from
        (select version_id from prompt_activations where agent_id = ${proposal.agentId} and deactivated_at is null)`;
    if (same) return same;
    const [recent] = await tx<{ n: number }[]>`
      select count(*)::int as n from prompt_proposals where agent_id = ${proposal.agentId} and created_at > now() - interval '24 hours'`;
    if ((recent?.n ?? 0) >= 2) return null;
    await tx`
      update prompt_proposals set status = case when expires_at < now() then 'expired' else 'superseded' end
      where agent_id = ${proposal.agentId} and status = 'open'`;
    const [made] = await tx<{ id: string; expires_at: string }[]>`
      with proposal as (
        insert into prompt_proposals (id, agent_id, run_id, call_id, parent_id, text, sha256, reason, expires_at)
        select ${id}, ${proposal.agentId}, ${proposal.runId}, ${proposal.callId},
          (select version_id from prompt_activations where agent_id = ${proposal.agentId} and deactivated_at is null),
          ${proposal.text}, ${sha256}, ${proposal.reason}, now() + interval '7 days'
        returning id, expires_at
      )
      select id, expires_at, append_audit(${proposal.agentId}, 'prompt.proposed',
        ${canonical({ proposal_id: id, run_id: proposal.runId, call_id: proposal.callId, sha256 })}) from proposal`;
    return made ?? null;
  });
}

/** An agent's proposals that wait for a decision; the index allows one at a time. */
export async function listOpenProposals(agentId: string): Promise<{ id: string; run_id: string; call_id: string }[]> {
  return sql<{ id: string; run_id: string; call_id: string }[]>`
    select id, run_id, call_id from prompt_proposals where agent_id = ${agentId} and status = 'open' and expires_at > now()`;
}

/** A proposal beside the version that it was made for; `is_stale` when another one is active now. */
export async function findProposal(agentId: string, id: string): Promise<PromptProposal | undefined> {
  const [proposal] = await sql<PromptProposal[]>`
    select p.id, p.run_id, p.call_id, p.text, p.reason, p.created_at, p.expires_at, p.decided_at, p.decision_reason,
      case when p.status = 'open' and p.expires_at < now() then 'expired' else p.status end as status,
      v.number as parent_number, coalesce(v.text, '') as parent_text, p.parent_id is distinct from a.version_id as is_stale
    from prompt_proposals p
      left join prompt_versions v on v.id = p.parent_id
      left join prompt_activations a on a.agent_id = p.agent_id and a.deactivated_at is null
    where p.agent_id = ${agentId} and p.id = ${id}`;
  return proposal;
}

export type Decision = { agentId: string; id: string; actor: string; reason: string };

/** Makes a proposal the active version. False if it is not open any more, or was made for another version than the active one. */
export async function approveProposal({ agentId, id, actor, reason }: Decision): Promise<boolean> {
  const rows = await sql`
    with proposal as (
      update prompt_proposals set status = 'approved', decided_at = now(), decided_by = ${actor}, decision_reason = ${reason}
      where id = ${id} and agent_id = ${agentId} and status = 'open' and expires_at > now() and parent_id is not distinct from
        (select version_id from prompt_activations where agent_id = ${agentId} and deactivated_at is null)
      returning text, sha256, reason, parent_id, run_id
    ), made as (
      insert into prompt_versions (id, agent_id, number, text, sha256, author, reason, parent_id)
      select ${Bun.randomUUIDv7()}, ${agentId}, (select coalesce(max(number), 0) + 1 from prompt_versions where agent_id = ${agentId}),
        text, sha256, 'agent:run/' || run_id, reason, parent_id
      from proposal
      on conflict (agent_id, sha256) do nothing
      returning id, number
    ), version as (
      select id, number from made
      union all
      select v.id, v.number from prompt_versions v join proposal p on v.agent_id = ${agentId} and v.sha256 = p.sha256
    ), closed as (
      update prompt_activations set deactivated_at = now()
      where agent_id = ${agentId} and deactivated_at is null and exists (select from version) returning id
    ), opened as (
      insert into prompt_activations (id, agent_id, version_id, actor, reason)
      select ${Bun.randomUUIDv7()}, ${agentId}, version.id, ${actor}, ${reason} from version, (select count(*) from closed) done
    )
    select append_audit(${agentId}, 'prompt.activated',
      format('{"number":%s,"proposal_id":"%s","version_id":"%s"}', number, ${id}::text, id)) from version`;
  return rows.count === 1;
}

/** Turns a proposal down. False if it is not open any more. */
export async function rejectProposal({ agentId, id, actor, reason }: Decision): Promise<boolean> {
  const rows = await sql`
    with proposal as (
      update prompt_proposals set status = 'rejected', decided_at = now(), decided_by = ${actor}, decision_reason = ${reason}
      where id = ${id} and agent_id = ${agentId} and status = 'open' returning id
    )
    select append_audit(${agentId}, 'prompt.rejected', ${canonical({ proposal_id: id })}) from proposal`;
  return rows.count === 1;
}
