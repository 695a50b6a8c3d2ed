import { digest } from "../audit/canonical.ts";
import type { Severity } from "../security/schema.ts";
import type { Agent } from "./fields.ts";
import { cut, leave, timeOf, wordOf } from "./fields.ts";
import { importedId } from "./id.ts";
import type { OldOddity } from "./schema.ts";
import type { Tally } from "./tally.ts";

export type NewOddity = {
  id: string;
  agent_id: string;
  type: string;
  severity: Severity;
  description: string;
  call_ids: string[];
  fingerprint: string;
};

const SEVERITY: Record<string, Severity> = {
  info: "info",
  low: "low",
  warning: "medium",
  medium: "medium",
  high: "high",
  critical: "critical",
};

/** An oddity as it is kept here; `calls` are our ids of calls by their ids there. Null, with the reason in the tally, if it cannot be kept. */
export function oddityOf(old: OldOddity, agent: Agent, calls: Map<string, string>, tally: Tally): NewOddity | null {
  const at = timeOf("detected_at", old, old.detected_at, tally);
  if (at === null) return null;
  const type = wordOf(old.oddity_type);
  if (type === null) return leave(tally, "it has no oddity_type", old.id);
  const identity = { table: "behavior_oddities", key: old.id, agent: agent.name };
  const related = relatedOf(old);
  const found = related.flatMap((id) => calls.get(String(id)) || []);
  if (found.length < related.length) tally.note("some of its calls are missing", old.id);
  return {
    id: importedId(at, identity, Number(old.id) || 0),
    agent_id: agent.id,
    type,
    severity: SEVERITY[old.severity?.toLowerCase() ?? "info"] ?? "info",
    description: cut(old.description, 1000) ?? "",
    call_ids: found,
    fingerprint: digest({ ...identity, at: at.toISOString() }),
  };
}

/** The ids of the calls behind an oddity, which stood as a list with commas. */
export function relatedOf(old: OldOddity): number[] {
  return [...(old.related_tool_call_ids ?? "").matchAll(/\d{1,15}/g)].slice(0, 1000).map(([id]) => Number(id));
}
