import { sql } from "../../../db/client.ts";
import { storable } from "../../redact.ts";
import type { Principal } from "../../tokens/queries.ts";
import { hashOf } from "../../tokens/queries.ts";
import { modesOf } from "../modes.ts";
import { foldedText, isNear, sketchOf } from "./sketch.ts";

export type WritingState = "sending" | "unknown" | "pending" | "published" | "visible" | "hidden" | "dead";

/** Something that the agent is about to write. `place` is where: a submolt's name, a post's id, a conversation. */
export type NewWriting = { kind: "post" | "comment" | "submolt" | "message"; place: string; title: string | null; content: string | null };

/** What was written before that is (nearly) the same. */
export type Earlier = { kind: NewWriting["kind"]; place: string; item_id: string | null; written_at: string };

/**
 * Notes a text before it is sent, unless the agent has written the same before, or nearly the same within seven days: then answers that
 * earlier one. Texts that died unseen do not count. One process at a time looks and notes for an agent, so that two cannot pass each other.
 */
export async function reserveWriting(who: Principal, callId: string, writing: NewWriting): Promise<Earlier | undefined> {
  const text = `${writing.title ?? ""} ${writing.content ?? ""}`;
  const folded = foldedText(text);
  const hash = hashOf(folded || text.trim());
  const sketch = sketchOf(folded);
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtext(${`moltbot.writings.${who.agent_id}`}))`;
    const rows = await tx<(Earlier & { sketch: number[]; is_same: boolean })[]>`
      select kind, place, item_id, uuid_time(id) as written_at, sketch, text_hash = ${hash} as is_same from moltbook_writings
      where agent_id = ${who.agent_id} and mode = any(${modesOf(who)}) and (mode <> 'dry_run' or run_id = ${who.run_id}) and state <> 'dead'
        and (text_hash = ${hash} or id >= uuid_floor(now() - interval '7 days'))
      order by id desc limit 1000`;
    const same = rows.find((row) => row.is_same) ?? rows.find((row) => isNear(row.sketch, sketch));
    if (same) return { kind: same.kind, place: same.place, item_id: same.item_id, written_at: same.written_at };
    await tx`
      insert into moltbook_writings (id, agent_id, run_id, call_id, mode, kind, place, title, content, text_hash, sketch, state)
      values (${Bun.randomUUIDv7()}, ${who.agent_id}, ${who.run_id}, ${callId}, ${who.mode}, ${writing.kind}, ${writing.place},
        ${writing.title && storable(writing.title)}, ${writing.content && storable(writing.content)}, ${hash}, ${sketch}, 'sending')`;
    return undefined;
  });
}

/** Forgets a text that certainly was not written. */
export async function releaseWriting(callId: string): Promise<void> {
  await sql`delete from moltbook_writings where call_id = ${callId} and state = 'sending'`;
}

/** What became of a text that was sent; `checkIn` is in how many seconds to look at it again. */
export async function settleWriting(callId: string, state: WritingState, itemId: string | null, checkIn: number | null): Promise<void> {
  await sql`
    update moltbook_writings set state = ${state}, item_id = coalesce(${itemId}, item_id), checks = 0,
      published_at = case when ${state} = 'published' then now() else published_at end,
      next_check_at = ${checkIn === null ? null : sql`now() + ${checkIn} * interval '1 second'`}
    where call_id = ${callId} and state in ('sending', 'unknown', 'pending')`;
}
