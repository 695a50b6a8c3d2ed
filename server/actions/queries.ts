import { sql } from "../../db/client.ts";
import type { Page } from "../paging.ts";
import { toPage } from "../paging.ts";
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
  const rows = actions.map((action) => ({
    id: Bun.randomUUIDv7(),
    type: action.type,
    status: action.status ?? "done",
    target_kind: action.target_kind ?? null,
    target_id: cut(action.target_id, 200),
    target_title: cut(action.target_title, 300),
    target_author: cut(action.target_author, 200),
    submolt: cut(action.submolt, 100),
    detail: cut(action.detail, 1000),
  }));
  return sql`
    insert into actions (id, agent_id, run_id, call_id, mode, type, status, target_kind, target_id, target_title, target_author, submolt, detail)
    select a.id, call.agent_id, call.run_id, call.id, call.mode, a.type, a.status, a.target_kind, a.target_id, a.target_title, a.target_author, a.submolt, a.detail
    from call, json_to_recordset(${storableJson(rows)}::text::json) as a (id uuid, type text, status text, target_kind text, target_id text,
      target_title text, target_author text, submolt text, detail text)`;
}

function cut(text: string | null | undefined, length: number): string | null {
  return text ? storable(redactText(text).slice(0, length)) : null;
}

/** Actions, newest first. */
export async function listActions(filter: ActionFilter): Promise<Page<Action>> {
  const rows = await sql<Action[]>`
    select id, agent_id, run_id, call_id, mode, source, type, status, target_kind, target_id, target_title, target_author, submolt, detail, uuid_time(id) as created_at
    from actions
    where true
      ${filter.mode ? sql`and mode = ${filter.mode}` : sql``}
      ${filter.action_type ? sql`and type = ${filter.action_type}` : sql``}
      ${filter.run_id ? sql`and run_id = ${filter.run_id}` : sql``}
      ${filter.cursor ? sql`and id < ${filter.cursor}` : sql``}
    order by id desc limit ${filter.limit + 1}`;
  return toPage(rows, filter.limit);
}
