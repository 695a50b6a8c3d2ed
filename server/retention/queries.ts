import { sql } from "../../db/client.ts";

/** A month of a class whose time is over: `held` says why it stays all the same, for a `run` that goes on or an issue under `triage`. */
export type Expired = { class: string; name: string; rows: number; held: "run" | "triage" | null };

/** The months of records whose time is over, oldest first. */
export function listExpired(): Promise<Expired[]> {
  return sql<Expired[]>`select class, name, rows::int as rows, held from expired_partitions()`;
}

/** Drops one of them, with a record in the audit chain. False if it has to stay by now. */
export async function dropExpired(name: string): Promise<boolean> {
  const [row] = await sql<{ dropped: boolean }[]>`select drop_expired_partition(${name}) as dropped`;
  return row?.dropped ?? false;
}

/** Part of a statement: texts that are too old to keep and that no exposure is about any more. */
const spentTexts = () => sql`
  from filter_inputs i
  where i.created_at < now() - retention_days('filter_inputs') * interval '1 day'
    and not exists (select from exposures e where e.agent_id = i.agent_id and e.content_hash = i.content_hash)`;

export async function countSpentTexts(): Promise<number> {
  const [row] = await sql<{ texts: number }[]>`select count(*)::int as texts ${spentTexts()}`;
  return row?.texts ?? 0;
}

/** Deletes texts that are spent, at most `most`, with a record in the audit chain. Answers how many it deleted. */
export async function deleteSpentTexts(most: number): Promise<number> {
  const [row] = await sql<{ texts: number }[]>`
    with spent as (
      select i.agent_id, i.content_hash ${spentTexts()} limit ${most}
    ), gone as (
      delete from filter_inputs i using spent s where i.agent_id = s.agent_id and i.content_hash = s.content_hash returning 1
    ), counted as (
      select count(*)::int as texts from gone
    )
    select texts, case when texts > 0 then append_audit(null, 'retention.deleted', '{"class":"filter_inputs","rows":' || texts || '}') end from counted`;
  return row?.texts ?? 0;
}
