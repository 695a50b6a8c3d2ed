import { handleOf } from "../authors/handle.ts";
import type { Agent } from "./fields.ts";
import { cut, leave, timeOf } from "./fields.ts";
import { importedId } from "./id.ts";
import { momentOf } from "./moment.ts";
import type { OldBlock } from "./schema.ts";
import type { Tally } from "./tally.ts";

export type NewBlock = {
  id: string;
  old_id: string;
  agent_id: string;
  author: string;
  handle: string;
  reason: string;
  flag_count: number;
  blocked_at: string;
  expires_at: string | null;
  unblocked_at: string | null;
};

/**
 * A blocked author as one is kept here, with what was lifted as history. The old collector wrote into `unblocked_at` of a block in force when it will
 * end. `own` are the names of the agent itself, which cannot be blocked. Null, with the reason in the tally, if it cannot be kept.
 */
export function blockOf(old: OldBlock, agent: Agent, own: string[], tally: Tally): NewBlock | null {
  const author = cut(old.author_name, 100);
  const handle = author === null ? "" : handleOf(author);
  if (author === null || handle === "") return leave(tally, "it names no author", old.id);
  if (own.includes(author.toLowerCase())) return leave(tally, "it is the agent itself", old.id);
  const at = timeOf("blocked_at", old, old.blocked_at, tally);
  if (at === null) return null;
  const blocked = new Date(Math.min(at.getTime(), Date.now()));
  const end = old.unblocked_at === null || old.unblocked_at === undefined ? null : endOf(old.unblocked_at);
  const later = end !== null && end > blocked ? end : null;
  return {
    id: importedId(blocked, { table: "blocked_authors", key: author, agent: agent.name }),
    old_id: old.id,
    agent_id: agent.id,
    author,
    handle,
    reason: cut(old.reason?.trim() ?? null, 500) ?? "imported",
    flag_count: Math.max(0, Math.min(old.flag_count ?? 0, 1_000_000)),
    blocked_at: blocked.toISOString(),
    expires_at: old.is_active ? (later?.toISOString() ?? null) : null,
    unblocked_at: old.is_active ? null : (later ?? blocked).toISOString(),
  };
}

/** An end may lie ahead, where `momentOf` looks back only. */
function endOf(value: unknown): Date | null {
  const ahead = typeof value === "string" || value instanceof Date ? new Date(value) : null;
  return momentOf(value) ?? (ahead !== null && !Number.isNaN(ahead.getTime()) && ahead.getTime() > Date.now() ? ahead : null);
}
