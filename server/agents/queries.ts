import type { TransactionSql } from "postgres";

import type { Sql } from "../../db/client.ts";
import { sql } from "../../db/client.ts";
import { canonical } from "../audit/canonical.ts";
import { AppError } from "../errors.ts";
import type { Page, PageQuery } from "../paging.ts";
import { toPage } from "../paging.ts";
import type { Mode } from "../runs/schema.ts";
import { type AgentFigures, getFiguresByAgent } from "../stats/queries.ts";
import type { AgentSummary } from "./schema.ts";

export type Agent = { id: string; name: string; created_at: string };

/** The agent of that name, made on first use: one agent is the default and needs no set-up. */
export async function ensureAgent(name: string): Promise<Agent> {
  await insertAgent(sql, name);
  const agent = await findAgent(name);
  if (!agent) throw new Error("the agent was not created");
  return agent;
}

/** So many agents there may be before keys make no more: they name them in what they report, and each is on every list for good. */
const MOST_BY_KEYS = 100;

/** The same for a program with a key. Throws AppError `conflict` if there are a hundred agents already and this is none of them. */
export async function ensureAgentForKey(name: string): Promise<Agent> {
  const known = await findAgent(name);
  if (known) return known;
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtext('moltbot.agents'))`;
    const { count } = await tx`select from agents limit ${MOST_BY_KEYS}`;
    if (count === MOST_BY_KEYS)
      throw new AppError(
        "conflict",
        `There are ${count} agents, and keys make no more. Report it for one of them, or make this one: bun run job seed-prompt --agent-name NAME`,
      );
    await insertAgent(tx, name);
  });
  return ensureAgent(name);
}

async function insertAgent(on: Sql | TransactionSql, name: string): Promise<void> {
  const id = Bun.randomUUIDv7();
  await on`
    with made as (
      insert into agents (id, name) values (${id}, ${name}) on conflict (name) do nothing returning id
    )
    select append_audit(${id}, 'agent.created', ${canonical({ id })}) from made`;
}

/** The agent of that name, if there is one. */
export async function findAgent(name: string): Promise<Agent | undefined> {
  const [agent] = await sql<Agent[]>`select id, name, created_at from agents where name = ${name}`;
  return agent;
}

/** How many events of an agent are counted. */
const MOST_EVENTS = 1000;

/** Days over which agents' figures are added up, and the figures of one that did nothing in them. */
const DAYS = 30;
const NOTHING: AgentFigures = { runs: 0, failed: 0, actions: 0, cost_usd: 0 };

/** Agents and how they fared in a mode, the newest first. `defaultName` is the one that this installation wakes. */
export async function listAgents(mode: Mode, defaultName: string, { limit, cursor }: PageQuery): Promise<Page<AgentSummary>> {
  const rows = await sql<Omit<AgentSummary, keyof AgentFigures>[]>`
    select a.id, a.name, a.created_at, ${mode}::text as mode, a.name = ${defaultName} as is_default,
      array(select distinct n.name from moltbook_accounts n where n.agent_id = a.id and n.name is not null and n.name <> a.name order by n.name) as names,
      m.state as account_state, m.suspended_until, m.frozen_at, p.number as prompt_number, l.run as last_run,
      e.events
    from (select * from agents where true ${cursor ? sql`and id < ${cursor}` : sql``} order by id desc limit ${limit + 1}) a
    left join moltbook_accounts m on m.agent_id = a.id and m.mode = ${mode === "dry_run" ? "real" : mode}
    left join (prompt_activations v join prompt_versions p on p.id = v.version_id) on v.agent_id = a.id and v.deactivated_at is null
    left join lateral (
      select jsonb_build_object('id', id, 'mode', mode, 'status', status, 'outcome', outcome, 'skip_reason', skip_reason,
        'created_at', ${rfc3339(sql`created_at`)}, 'finished_at', ${rfc3339(sql`finished_at`)}) as run
      -- The mode is a range, so that no index has the rows in order but the one that has them by agent and mode.
      from runs where agent_id = a.id and mode between ${mode} and ${mode} order by mode, id desc limit 1
    ) l on true
    cross join lateral (
      select count(*)::int as events
      from (select from events where agent_id = a.id and id >= uuid_floor(now() - ${DAYS} * interval '1 day') and (mode = ${mode} or mode is null) limit ${MOST_EVENTS}) n
    ) e
    order by a.id desc`;
  const figures = await getFiguresByAgent(mode, DAYS);
  return toPage(
    rows.map((row) => ({ ...row, ...(figures.get(row.id) ?? NOTHING) })),
    limit,
  );
}

/** A time inside JSON as it is on the wire everywhere else. */
const rfc3339 = (time: ReturnType<typeof sql>) => sql`to_char(${time} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
