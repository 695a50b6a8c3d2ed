import type { Fragment } from "postgres";

import type { Sql } from "../../db/client.ts";
import { sql } from "../../db/client.ts";
import { canonical, digest } from "../audit/canonical.ts";
import type { Page } from "../paging.ts";
import { toPage } from "../paging.ts";
import type { Mode } from "../runs/schema.ts";
import type { Activation, PromptFilter, PromptSummary, PromptVersion, VersionKey } from "./schema.ts";

/**
 * The version that is active for an agent now, or undefined if none ever was. Throws when its text is not the one that was hashed: somebody has
 * changed it behind our back, and nobody is to be fed it.
 */
export async function findActivePrompt(agentId: string): Promise<PromptVersion | undefined> {
  const [version] = await sql<PromptVersion[]>`
    select v.id, v.agent_id, v.number, v.text, v.sha256, v.author, v.reason, v.parent_id, v.created_at, a.activated_at
    from prompt_activations a join prompt_versions v on v.id = a.version_id
    where a.agent_id = ${agentId} and a.deactivated_at is null`;
  if (version && digest(version.text) !== version.sha256)
    throw new Error(`the text of prompt version ${version.number} does not match its hash`);
  return version;
}

/** One version by its id or number, active or not. */
export async function findPromptVersion(agentId: string, key: VersionKey): Promise<PromptVersion | undefined> {
  const [version] = await sql<PromptVersion[]>`
    select v.id, v.agent_id, v.number, v.text, v.sha256, v.author, v.reason, v.parent_id, v.created_at, a.activated_at
    from prompt_versions v left join prompt_activations a on a.version_id = v.id and a.deactivated_at is null
    where v.agent_id = ${agentId} and ${typeof key === "number" ? sql`v.number = ${key}` : sql`v.id = ${key}`}`;
  return version;
}

/** An agent's versions, newest first; their figures are of the runs of one mode. */
export async function listPromptVersions({
  agent_id,
  mode,
  limit,
  cursor,
}: PromptFilter & { agent_id: string; mode: Mode }): Promise<Page<PromptSummary>> {
  return toPage(await summaries({ agent_id, mode, limit: limit + 1 }, cursor ? sql`and v.id < ${cursor}` : sql``), limit);
}

/** One version as lists show it. */
export async function findPromptSummary(agentId: string, key: VersionKey, mode: Mode): Promise<PromptSummary | undefined> {
  const which = typeof key === "number" ? sql`and v.number = ${key}` : sql`and v.id = ${key}`;
  return (await summaries({ agent_id: agentId, mode, limit: 1 }, which))[0];
}

type Summaries = { agent_id: string; mode: Mode; limit: number };

async function summaries({ agent_id, mode, limit }: Summaries, which: Fragment): Promise<PromptSummary[]> {
  return sql<PromptSummary[]>`
    select v.id, v.agent_id, v.number, length(v.text) as length, v.sha256, v.author, v.reason, v.parent_id, p.number as parent_number, v.created_at,
      a.activated_at,
      (select q.id from prompt_proposals q where q.version_id = v.id and q.status = 'approved' order by q.id limit 1) as proposal_id,
      coalesce(f.runs, 0) as runs, coalesce(f.cost_usd, 0)::float8 as cost_usd, coalesce(f.oddities, 0) as oddities
    from prompt_versions v left join prompt_versions p on p.id = v.parent_id
      left join prompt_activations a on a.version_id = v.id and a.deactivated_at is null
      cross join lateral (
        select sum(runs)::int as runs, sum(cost_usd) as cost_usd, sum(oddities)::int as oddities from prompt_figures where version_id = v.id and mode = ${mode}
      ) f
    where v.agent_id = ${agent_id} ${which} order by v.id desc limit ${limit}`;
}

/** What was active when, newest first. */
export async function listActivations({
  agent_id,
  limit,
  cursor,
}: {
  agent_id: string;
  limit: number;
  cursor?: string | undefined;
}): Promise<Page<Activation>> {
  const rows = await sql<Activation[]>`
    select a.id, a.version_id, v.number, a.actor, a.reason, a.activated_at, a.deactivated_at
    from prompt_activations a join prompt_versions v on v.id = a.version_id
    where a.agent_id = ${agent_id} ${cursor ? sql`and a.id < ${cursor}` : sql``} order by a.id desc limit ${limit + 1}`;
  return toPage(rows, limit);
}

/** Runs `change` in a transaction that no other change of the agent's prompt runs beside, so that it sees what the one before it has done. */
export async function inTurn<Result>(agentId: string, change: (tx: Sql) => Promise<Result>): Promise<Result> {
  return (await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtext(${`moltbot.prompts.${agentId}`}))`;
    return change(tx as unknown as Sql);
  })) as Result;
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
      select ${Bun.randomUUIDv7()}, ${agentId}, id, 'system', 'First version' from version returning 1
    )
    -- Who holds the chain waits for no row.
    select append_audit(${agentId}, 'prompt.activated', ${canonical({ version_id: id, number: 1, sha256, actor: "system" })}) from version, activation`;
  return rows.count === 1;
}

/** Whether anybody but ourselves has written a version for an agent. */
export async function hasOwnPrompt(agentId: string): Promise<boolean> {
  return (await sql`select from prompt_versions where agent_id = ${agentId} and author <> 'system' limit 1`).count > 0;
}

export type NewVersion = {
  agentId: string;
  text: string;
  author: string;
  actor: string;
  reason: string;
  expected: VersionKey | null;
  activate: boolean;
};
export type Made = { id: string; number: number; is_new: boolean };

/**
 * Makes a version whose parent is the active one, and activates it if that is wanted. A text that is a version already makes none: that version is
 * answered, and activated. Undefined, and nothing changed, when `expected` is not the active version.
 */
export async function insertPromptVersion({
  agentId,
  text,
  author,
  actor,
  reason,
  expected,
  activate,
}: NewVersion): Promise<Made | undefined> {
  const sha256 = digest(text);
  return inTurn(agentId, async (tx) => {
    const [made] = await tx<Made[]>`
      with agent as (
        select a.version_id as active_id from agents g left join prompt_activations a on a.agent_id = g.id and a.deactivated_at is null
          left join prompt_versions v on v.id = a.version_id
        where g.id = ${agentId} and ${asExpected(tx, expected)}
      ), made as (
        insert into prompt_versions (id, agent_id, number, text, sha256, author, reason, parent_id)
        select ${Bun.randomUUIDv7()}, ${agentId}, (select coalesce(max(number), 0) + 1 from prompt_versions where agent_id = ${agentId}),
          ${text}, ${sha256}, ${author}, ${reason}, active_id from agent
        on conflict (agent_id, sha256) do nothing returning id, number, sha256
      ), version as (
        select id, number, sha256, true as is_new from made
        union all
        select v.id, v.number, v.sha256, false from prompt_versions v, agent where v.agent_id = ${agentId} and v.sha256 = ${sha256}
      ), ${activation(tx, { agentId, actor, reason }, activate)}
      select id, number, is_new, case when is_new then ${audited(tx, agentId, "prompt.created", actor)} end,
        case when exists (select from opened) then ${audited(tx, agentId, "prompt.activated", actor)} end
      from version`;
    return made && { id: made.id, number: made.number, is_new: made.is_new };
  });
}

/** Activates a version, old or new. Undefined when there is no such version, or when `expected` is not the active one. */
export async function activateVersion({
  agentId,
  id,
  actor,
  reason,
  expected,
}: {
  agentId: string;
  id: string;
  actor: string;
  reason: string;
  expected: VersionKey | null;
}): Promise<{ number: number } | undefined> {
  return inTurn(agentId, async (tx) => {
    const [version] = await tx<{ number: number }[]>`
      with agent as (
        select a.version_id as active_id from agents g left join prompt_activations a on a.agent_id = g.id and a.deactivated_at is null
          left join prompt_versions v on v.id = a.version_id
        where g.id = ${agentId} and ${asExpected(tx, expected)}
      ), version as (
        select v.id, v.number, v.sha256 from prompt_versions v, agent where v.agent_id = ${agentId} and v.id = ${id}
      ), ${activation(tx, { agentId, actor, reason }, true)}
      select number, case when exists (select from opened) then ${audited(tx, agentId, "prompt.activated", actor)} end from version`;
    return version && { number: version.number };
  });
}

function asExpected(tx: Sql, expected: VersionKey | null) {
  if (expected === null) return tx`true`;
  return typeof expected === "number" ? tx`v.number = ${expected}` : tx`v.id = ${expected}`;
}

/**
 * Ends the present activation and opens that of `version`, where that is not the active one already: CTEs after one of that name. By the
 * clock, because a change that waited for its turn has begun before the one that went first.
 */
export function activation(tx: Sql, { agentId, actor, reason }: { agentId: string; actor: string; reason: string }, wanted: boolean) {
  return tx`
    closed as (
      update prompt_activations set deactivated_at = clock_timestamp() where agent_id = ${agentId} and deactivated_at is null and ${wanted}
        and version_id <> (select id from version) returning id
    ), opened as (
      insert into prompt_activations (id, agent_id, version_id, actor, reason, activated_at)
      select ${Bun.randomUUIDv7()}, ${agentId}, version.id, ${actor}, ${reason}, clock_timestamp() from version, (select count(*) from closed) done
      where ${wanted} and not exists (select from prompt_activations where agent_id = ${agentId} and deactivated_at is null and version_id = version.id)
      returning id
    )`;
}

/** Appends to the chain what happened to a row of `version`, which has an id, a number and a hash. */
export function audited(tx: Sql, agentId: string, kind: "prompt.created" | "prompt.activated", actor: string) {
  return tx`append_audit(${agentId}, ${kind},
    format('{"actor":%s,"number":%s,"sha256":"%s","version_id":"%s"}', to_json(${actor}::text), number, sha256, id))`;
}
