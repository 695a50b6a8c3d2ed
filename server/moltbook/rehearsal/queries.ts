import { sql } from "../../../db/client.ts";
import type { Principal } from "../../tokens/queries.ts";
import { platformMode } from "../modes.ts";

/** Something that a dry run would have written, once its challenge was answered. */
export type Rehearsed = {
  item_id: string;
  place: string;
  title: string | null;
  content: string | null;
  written_at: string;
  author: string | null;
};

/** What a dry run would have published, newest first, at most 50. */
export async function listRehearsed(who: Principal, kind: "post" | "comment"): Promise<Rehearsed[]> {
  return sql<Rehearsed[]>`
    select item_id, place, title, content, uuid_time(id) as written_at,
      (select name from moltbook_accounts a where a.agent_id = ${who.agent_id} and a.mode = ${platformMode(who)}) as author
    from moltbook_writings
    where agent_id = ${who.agent_id} and mode = 'dry_run' and run_id = ${who.run_id} and kind = ${kind} and state = 'published' and item_id is not null
    order by id desc limit 50`;
}

/** Forgets what earlier dry runs of an agent pretended to have done, so that the next one starts from what really happened. */
export async function forgetRehearsals(agentId: string): Promise<void> {
  await sql`
    with budgets as (
      delete from moltbook_budgets where agent_id = ${agentId} and mode = 'dry_run'
    ), memory as (
      delete from moltbook_memory where agent_id = ${agentId} and mode = 'dry_run'
    )
    delete from moltbook_writings where agent_id = ${agentId} and mode = 'dry_run'`;
}
