import { sql } from "../../db/client.ts";
import type { Newer, Page } from "../paging.ts";
import { idRange, patternOf, toNewerPage, toPage } from "../paging.ts";
import { redactText, storable, storableJson } from "../redact.ts";
import type { Action, ActionFilter, ActionType } from "./schema.ts";

/** What a tool did, for the record. Texts are redacted and cut to the columns' lengths. */
export type NewAction = {
  type: ActionType;
  status?: Action["status"];
  target_kind?: Action["target_kind"];
  target_id?: string | null;
  target_title?: string | null;
  target_author?: string | null;
  submolt?: string | null;
  detail?: string | null;
};

/** Part of a statement: inserts what was done by the call that the statement knows as `call`. */
export function insertActions(actions: NewAction[]) {
  const rows = actions.map((action) => rowOf(action, Bun.randomUUIDv7()));
  return sql`
    insert into actions (id, agent_id, run_id, call_id, mode, type, status, target_kind, target_id, target_title, target_author, submolt, detail)
    select a.id, call.agent_id, call.run_id, call.id, call.mode, a.type, a.status, a.target_kind, a.target_id, a.target_title, a.target_author, a.submolt, a.detail
    from call, json_to_recordset(${storableJson(rows)}::text::json) as a (id uuid, type text, status text, target_kind text, target_id text,
      target_title text, target_author text, submolt text, detail text)`;
}

/** An action as a row: redacted, and cut to what the columns hold. */
export function rowOf(action: NewAction, id: string) {
  return {
    id,
    type: action.type,
    status: action.status ?? "done",
    target_kind: action.target_kind ?? null,
    target_id: cut(action.target_id, 200),
    target_title: cut(action.target_title, 300),
    target_author: cut(action.target_author, 200),
    submolt: cut(action.submolt, 100),
    detail: cut(action.detail, 1000),
  };
}

function cut(text: string | null | undefined, length: number): string | null {
  return text ? storable(redactText(text).slice(0, length)) : null;
}

/** The columns of an `Action`. */
export const actionColumns = () => sql`
  id, agent_id, run_id, call_id, mode, source, type, status, target_kind, target_id, target_title, target_author, submolt, detail, uuid_time(id) as created_at`;

/** Part of a statement: the actions that a filter names. The text is spelt as in the index `actions_by_text`. */
const matching = ({ mode, action_type: type, status, source, run_id: run, agent_name: agent, search, ...dates }: ActionFilter) => {
  const { from, to } = idRange(dates);
  return sql`
    from actions where true
      ${mode ? sql`and mode = ${mode}` : sql``}
      ${type ? sql`and type = ${type}` : sql``}
      ${status ? sql`and status = ${status}` : sql``}
      ${source ? sql`and source = ${source}` : sql``}
      ${run ? sql`and run_id = ${run}` : sql``}
      ${agent ? sql`and agent_id = (select id from agents where name = ${agent})` : sql``}
      ${search ? sql`and (coalesce(target_title, '') || E'\\n' || coalesce(target_author, '') || E'\\n' || coalesce(detail, '')) ilike ${patternOf(search)}` : sql``}
      ${from ? sql`and id >= ${from}` : sql``}
      ${to ? sql`and id < ${to}` : sql``}`;
};

/** Actions, newest first. */
export async function listActions(filter: ActionFilter & Newer): Promise<Page<Action>> {
  const { limit, cursor, newer_than: newerThan } = filter;
  const rows = await sql<Action[]>`
    select ${actionColumns()}
    ${matching(filter)}
      ${newerThan ? sql`and id > ${newerThan} order by id` : cursor ? sql`and id < ${cursor} order by id desc` : sql`order by id desc`}
    limit ${limit + 1}`;
  return newerThan ? toNewerPage(rows, limit) : toPage(rows, limit);
}

/** How many actions a filter names; not counted beyond `most`. */
export async function countActions(filter: ActionFilter, most: number): Promise<number> {
  const [{ count } = { count: 0 }] = await sql<{ count: number }[]>`
    select count(*)::int from (select ${matching(filter)} limit ${most}) a`;
  return count;
}
