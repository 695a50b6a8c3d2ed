import { digest } from "../audit/canonical.ts";
import { storable } from "../redact.ts";
import type { Agent } from "./fields.ts";
import { cut, leave } from "./fields.ts";
import { importedId } from "./id.ts";
import { momentOf } from "./moment.ts";
import type { OldPrompt } from "./schema.ts";
import type { Tally } from "./tally.ts";

export type NewPrompt = {
  id: string;
  /** Of all rows with this text. */
  old_ids: string[];
  text: string;
  sha256: string;
  author: string;
  reason: string;
  created_at: string;
  is_active: boolean;
};

const TEXT_MAX = 50_000;

/**
 * The old prompts as versions, oldest first: one for each text, because ours are never stored twice. `agents` are all names of agents there, by which
 * an agent's own versions are told from a person's.
 */
export function promptsOf(olds: OldPrompt[], agent: Agent, tally: Tally): NewPrompt[] {
  const prompts = new Map<string, NewPrompt>();
  for (const old of olds.toSorted((one, other) => (one.version ?? 0) - (other.version ?? 0))) {
    if (old.prompt_text === null) leave(tally, "it has no text", old.id);
    else if (old.prompt_text.length > TEXT_MAX) leave(tally, `its text is longer than ${TEXT_MAX} characters`, old.id);
    else add(prompts, old, storable(old.prompt_text), agent, tally);
  }
  return [...prompts.values()];
}

function add(prompts: Map<string, NewPrompt>, old: OldPrompt, text: string, agent: Agent, tally: Tally): void {
  const sha256 = digest(text);
  const same = prompts.get(sha256);
  if (same) {
    tally.skip("its text is that of an earlier version, which stands for it", old.id);
    same.old_ids.push(old.id);
    same.is_active ||= old.is_active;
    return;
  }
  const created = momentOf(old.created_at) ?? new Date();
  if (momentOf(old.created_at) === null) tally.note("created_at is no time: this moment stands for it", old.id);
  prompts.set(sha256, {
    id: importedId(created, { table: "heartbeat_prompts", key: sha256, agent: agent.name }),
    old_ids: [old.id],
    text,
    sha256,
    author: authorOf(old.author),
    reason: `Version ${old.version ?? old.id} of the old database${old.change_summary === null ? "" : `: ${cut(old.change_summary, 450)}`}`,
    created_at: created.toISOString(),
    is_active: old.is_active,
  });
}

/** The old service took any name as author; what it, its operator or nobody wrote bears none of an agent. */
function authorOf(name: string | null): string {
  const author = cut(name?.trim() ?? null, 100)?.toLowerCase() ?? "system";
  if (author === "system") return "system";
  return ["operator", "human", "admin", "user", "dashboard"].includes(author) ? "operator" : `agent:${cut(name, 100)}`;
}
