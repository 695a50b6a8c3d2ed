import { sql } from "../../../db/client.ts";
import { canonical, digest } from "../../audit/canonical.ts";
import type { Page } from "../../paging.ts";
import { toPage } from "../../paging.ts";
import { activation, audited, inTurn } from "../queries.ts";
import type { Check, PromptProposal, ProposalFilter, ProposalSummary } from "./schema.ts";

export type NewProposal = { agentId: string; runId: string; callId: string; text: string; reason: string; evidence: Check[] };

/** Proposals that an agent may make within 24 hours. */
const MOST_A_DAY = 2;

/**
 * Records what an agent wants its prompt to be. It becomes active only when a person approves it. An older open proposal is superseded; one
 * with the same text for the same version stands. Answers null when the agent has already proposed twice in the last 24 hours.
 */
export async function insertProposal(proposal: NewProposal): Promise<{ id: string; expires_at: string } | null> {
  const { agentId, text, evidence } = proposal;
  const id = Bun.randomUUIDv7();
  const sha256 = digest(text);
  return inTurn(agentId, async (tx) => {
    const [same] = await tx<{ id: string; expires_at: string }[]>`
      select id, expires_at from prompt_proposals
      where agent_id = ${agentId} and status = 'open' and expires_at > now() and sha256 = ${sha256} and parent_id is not distinct from
        (select version_id from prompt_activations where agent_id = ${agentId} and deactivated_at is null)`;
    if (same) return same;
    const [recent] = await tx<{ n: number }[]>`
      select count(*)::int as n from prompt_proposals where agent_id = ${agentId} and created_at > now() - interval '24 hours'`;
    if ((recent?.n ?? 0) >= MOST_A_DAY) return null;
    await tx`
      update prompt_proposals set status = case when expires_at < now() then 'expired' else 'superseded' end
      where agent_id = ${agentId} and status = 'open'`;
    const [made] = await tx<{ id: string; expires_at: string }[]>`
      with proposal as (
        insert into prompt_proposals (id, agent_id, run_id, call_id, parent_id, text, sha256, reason, evidence, expires_at)
        select ${id}, ${agentId}, ${proposal.runId}, ${proposal.callId},
          (select version_id from prompt_activations where agent_id = ${agentId} and deactivated_at is null),
          ${text}, ${sha256}, ${proposal.reason}, ${JSON.stringify(evidence)}::text::jsonb, now() + interval '7 days'
        returning id, expires_at
      )
      select id, expires_at, append_audit(${agentId}, 'prompt.proposed',
        ${canonical({ call_id: proposal.callId, evidence_sha256: digest(evidence), proposal_id: id, run_id: proposal.runId, sha256 })}) from proposal`;
    return made ? { id: made.id, expires_at: made.expires_at } : null;
  });
}

/** Whether an agent has proposed so often of late that a further text would not be taken: asked before anything of it is looked at. */
export async function hasProposedEnough(agentId: string, text: string): Promise<boolean> {
  const [row] = await sql<{ enough: boolean }[]>`
    select count(*) >= ${MOST_A_DAY} and coalesce(bool_and(status <> 'open' or sha256 <> ${digest(text)}), true) as enough
    from prompt_proposals where agent_id = ${agentId} and created_at > now() - interval '24 hours'`;
  return row?.enough ?? false;
}

/** What a proposal is held against, besides its parent: what the run has read, and what was turned down before. Texts are hostile. */
export type Material = {
  /** Texts that were delivered in the run, newest first, at most 500 and 20 000 characters of each. */
  delivered: { kind: string; item_id: string | null; author: string | null; band: string; reason: string | null; text: string | null }[];
  /** Proposals that a person turned down, newest first, at most 20. */
  rejected: { id: string; text: string }[];
};

export async function findMaterial(agentId: string, runId: string): Promise<Material> {
  const [delivered, rejected] = await Promise.all([
    sql<Material["delivered"]>`
      select e.kind, e.item_id, e.author, e.band, e.reason, left(i.text, 20000) as text
      from exposures e left join filter_inputs i on i.agent_id = e.agent_id and i.content_hash = e.content_hash
      where e.run_id = ${runId} and e.id >= run_floor(${runId}) and e.delivered order by e.band <> 'allow' desc, e.id desc limit 500`,
    sql<Material["rejected"]>`
      select id, text from prompt_proposals where agent_id = ${agentId} and status = 'rejected' order by id desc limit 20`,
  ]);
  return { delivered, rejected };
}

const columns = () => sql`
  p.id, p.run_id, p.call_id, p.reason, p.created_at, p.expires_at, p.decided_at, p.decided_by, p.decision_reason,
  case when p.status = 'open' and p.expires_at <= now() then 'expired' else p.status end as status,
  v.number as parent_number, w.number as version_number,
  (select count(*)::int from jsonb_array_elements(p.evidence) c where (c ->> 'hit')::boolean) as hits`;
const source = () => sql`
  prompt_proposals p left join prompt_versions v on v.id = p.parent_id left join prompt_versions w on w.id = p.version_id`;

/** An agent's proposals, newest first. */
export async function listProposals({
  agent_id,
  status,
  limit,
  cursor,
}: ProposalFilter & { agent_id: string }): Promise<Page<ProposalSummary>> {
  const rows = await sql<ProposalSummary[]>`
    select * from (select ${columns()} from ${source()} where p.agent_id = ${agent_id} ${cursor ? sql`and p.id < ${cursor}` : sql``}) p
    where true ${status ? sql`and status = ${status}` : sql``} order by id desc limit ${limit + 1}`;
  return toPage(rows, limit);
}

/** An agent's proposals that wait for a decision; the index allows one at a time. */
export async function listOpenProposals(agentId: string): Promise<{ id: string; run_id: string; call_id: string }[]> {
  return sql<{ id: string; run_id: string; call_id: string }[]>`
    select id, run_id, call_id from prompt_proposals where agent_id = ${agentId} and status = 'open' and expires_at > now()`;
}

/** A proposal beside the version that it was made for. */
export async function findProposal(agentId: string, id: string): Promise<PromptProposal | undefined> {
  const [proposal] = await sql<PromptProposal[]>`
    select ${columns()}, p.text, coalesce(v.text, '') as parent_text, p.parent_id is distinct from a.version_id as is_stale, p.evidence
    from ${source()} left join prompt_activations a on a.agent_id = p.agent_id and a.deactivated_at is null
    where p.agent_id = ${agentId} and p.id = ${id}`;
  return proposal;
}

export type Verdict = { agentId: string; id: string; actor: string; reason: string };

/**
 * Makes a proposal the active version, or `edited`, which is then the operator's version and not the agent's. False if it is not open any more, or
 * was made for another version than the active one.
 */
export async function approveProposal({ agentId, id, actor, reason }: Verdict, edited: string | null = null): Promise<boolean> {
  const versionId = Bun.randomUUIDv7();
  return inTurn(agentId, async (tx) => {
    const rows = await tx`
      with open as (
        select id, parent_id, run_id, coalesce(${edited}, text) as text, coalesce(${edited && digest(edited)}, sha256) as sha256, reason
        from prompt_proposals
        where id = ${id} and agent_id = ${agentId} and status = 'open' and expires_at > now() and parent_id is not distinct from
          (select version_id from prompt_activations where agent_id = ${agentId} and deactivated_at is null)
      ), made as (
        insert into prompt_versions (id, agent_id, number, text, sha256, author, reason, parent_id)
        select ${versionId}, ${agentId}, (select coalesce(max(number), 0) + 1 from prompt_versions where agent_id = ${agentId}), text, sha256,
          case when ${edited}::text is null then 'agent:run/' || run_id else ${actor} end,
          case when ${edited}::text is null then reason else ${reason} end, parent_id
        from open on conflict (agent_id, sha256) do nothing returning id, number, sha256
      ), version as (
        select id, number, sha256 from made
        union all
        select v.id, v.number, v.sha256 from prompt_versions v join open on v.agent_id = ${agentId} and v.sha256 = open.sha256
      ), proposal as (
        update prompt_proposals p set status = 'approved', decided_at = now(), decided_by = ${actor}, decision_reason = ${reason}, version_id = version.id
        from open, version where p.id = open.id returning p.id
      ), ${activation(tx, { agentId, actor, reason }, true)}
      select append_audit(${agentId}, 'prompt.approved', ${canonical({ actor, is_edited: edited !== null, proposal_id: id })}),
        ${audited(tx, agentId, "prompt.activated", actor)}
      from version`;
    return rows.count === 1;
  });
}

/** Turns a proposal down. False if it is not open any more. */
export async function rejectProposal({ agentId, id, actor, reason }: Verdict): Promise<boolean> {
  const rows = await sql`
    with proposal as (
      update prompt_proposals set status = 'rejected', decided_at = now(), decided_by = ${actor}, decision_reason = ${reason}
      where id = ${id} and agent_id = ${agentId} and status = 'open' and expires_at > now() returning id
    )
    select append_audit(${agentId}, 'prompt.rejected', ${canonical({ actor, proposal_id: id })}) from proposal`;
  return rows.count === 1;
}

/** Puts on record that proposals which nobody decided in time have expired. Answers how many. */
export async function expireProposals(): Promise<number> {
  const rows = await sql`
    with expired as (
      update prompt_proposals set status = 'expired' where status = 'open' and expires_at <= now() returning id, agent_id
    )
    select append_audit(agent_id, 'prompt.expired', format('{"proposal_id":"%s"}', id)) from expired`;
  return rows.count;
}

/** A decision that the agent has not heard of. `version_number` is the version that came of it, null when it was turned down. */
export type News = { id: string; created_at: string; reason: string; is_edited: boolean; version_number: number | null };

/** Decisions on an agent's proposals that it has not heard of, oldest first. */
export async function listNews(agentId: string): Promise<News[]> {
  return sql<News[]>`
    select p.id, p.created_at, p.decision_reason as reason, v.number as version_number, v.sha256 is distinct from p.sha256 as is_edited
    from prompt_proposals p left join prompt_versions v on v.id = p.version_id
    where p.agent_id = ${agentId} and p.decided_at is not null and p.told_at is null order by p.decided_at limit 5`;
}

/** Notes that the agent has been told. */
export async function markTold(ids: readonly string[]): Promise<void> {
  await sql`update prompt_proposals set told_at = now() where id = any(${ids as string[]}::uuid[]) and told_at is null`;
}
