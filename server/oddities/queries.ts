import { sql } from "../../db/client.ts";
import { canonical } from "../audit/canonical.ts";
import { AppError } from "../errors.ts";
import type { Page } from "../paging.ts";
import { idRange, toPage } from "../paging.ts";
import type { Mode } from "../runs/schema.ts";
import type { Oddity, OddityFilter, OddityRuleReport, RuleChange } from "./schema.ts";

const columns = () => sql`
  o.id, o.agent_id, o.run_id, o.mode, o.type, o.severity, o.description, o.call_ids, o.issue, uuid_time(o.id) as created_at, o.updated_at`;

/** Oddities, newest first. */
export async function listOddities(filter: OddityFilter): Promise<Page<Oddity>> {
  const { oddity_type: type, severity, agent_name: agent, limit } = filter;
  const { from, to } = idRange(filter);
  const rows = await sql<Oddity[]>`
    select ${columns()} from oddities o
    where true
      ${type ? sql`and o.type = ${type}` : sql``}
      ${severity ? sql`and o.severity = ${severity}` : sql``}
      ${filter.mode ? sql`and (o.mode = ${filter.mode} or o.mode is null)` : sql``}
      ${filter.run_id ? sql`and o.run_id = ${filter.run_id}` : sql``}
      ${agent ? sql`and o.agent_id = (select id from agents where name = ${agent})` : sql``}
      ${from ? sql`and o.id >= ${from}` : sql``}
      ${to ? sql`and o.id < ${to}` : sql``}
      ${filter.state ? sql`and o.issue in (select issue from issues where state = ${filter.state} and kind = 'oddity')` : sql``}
      ${filter.cursor ? sql`and o.id < ${filter.cursor}` : sql``}
    order by o.id desc limit ${limit + 1}`;
  return toPage(rows, limit);
}

/** One oddity. Throws AppError `not_found`. */
export async function getOddity(id: string): Promise<Oddity> {
  const [oddity] = await sql<Oddity[]>`select ${columns()} from oddities o where o.id = ${id}`;
  if (!oddity) throw new AppError("not_found", "There is no oddity with this id.");
  return oddity;
}

/** What the operator changed about the rules, and how many oddities each found in a mode in the last 30 days, by type. */
export async function listRuleChanges(
  mode: Mode,
): Promise<Map<string, Pick<OddityRuleReport, "threshold" | "found" | "changed_by" | "changed_at"> & { enabled: boolean | null }>> {
  const rows = await sql<
    {
      type: string;
      enabled: boolean | null;
      threshold: number | null;
      changed_by: string | null;
      changed_at: string | null;
      found: number;
    }[]
  >`
    with found as (
      select type, sum(count)::int as found from day_tallies
      where kind = 'oddity' and (mode = ${mode} or mode is null) and day > (now() at time zone 'utc')::date - 30 group by type
    )
    select type, r.enabled, r.threshold, r.changed_by, r.changed_at, coalesce(f.found, 0) as found from oddity_rules r full join found f using (type)`;
  return new Map(rows.map((row) => [row.type, row]));
}

/** Switches a rule on or off, or moves its threshold (null: back to its own); what is undefined stays. */
export async function changeRule({ type, enabled, threshold }: RuleChange, actor: string): Promise<void> {
  await sql`
    with changed as (
      insert into oddity_rules as r (type, enabled, threshold, changed_by) values (${type}, ${enabled ?? null}, ${threshold ?? null}, ${actor})
      on conflict (type) do update set enabled = ${enabled === undefined ? sql`r.enabled` : sql`excluded.enabled`},
        threshold = ${threshold === undefined ? sql`r.threshold` : sql`excluded.threshold`}, changed_by = excluded.changed_by, changed_at = now()
      returning type
    )
    select append_audit(null, 'oddity_rule.changed', ${canonical({ actor, enabled, threshold, type })}) from changed`;
}
