import { canonical, digest } from "../audit/canonical.ts";
import { redact } from "../redact.ts";
import { seenOf } from "./events.ts";
import type { Agent } from "./fields.ts";
import { cut, timeOf } from "./fields.ts";
import { momentOf } from "./moment.ts";
import type { OldCall } from "./schema.ts";
import type { Tally } from "./tally.ts";

export type NewCall = {
  id: string;
  agent_id: string;
  run_id: string;
  tool: string;
  is_write: boolean;
  arguments: unknown;
  arguments_sha256: string;
  outcome: "ok" | "tool_error" | "rate_limited" | "unknown";
  upstream_method: string | null;
  upstream_path: string | null;
  upstream_status: number | null;
  at: string;
};

/** A call as it is kept here, under the name that it had; null, with the reason in the tally, if it cannot be. `dayRun` answers the run that stands for a day. */
export function callOf(old: OldCall, agent: Agent, dayRun: (agent: string, day: Date) => string, tally: Tally): NewCall | null {
  const at = timeOf("timestamp", old, old.timestamp, tally);
  if (at === null) return null;
  if (old.tool_name === null) tally.note("it names no tool: kept as unknown", old.id);
  const { target_id, target_type, direction } = old;
  const given = redact(Object.fromEntries(Object.entries({ target_id, target_type, direction }).filter(([, value]) => value !== null)));
  return {
    id: callIdOf(old, agent),
    agent_id: agent.id,
    run_id: dayRun(agent.name, at),
    tool: cut(old.tool_name, 100) ?? "unknown",
    is_write: !/^(?:GET|HEAD)$/i.test(old.http_method ?? "GET"),
    arguments: given,
    arguments_sha256: digest(canonical(given)),
    outcome: outcomeOf(old.http_status),
    upstream_method: cut(old.http_method, 10),
    upstream_path: pathOf(old.http_url),
    upstream_status: old.http_status,
    at: at.toISOString(),
  };
}

/** The id that a call has here, or would have: a call without a time has none. */
export function callIdOf(old: OldCall, agent: Agent): string {
  const at = momentOf(old.timestamp) ?? momentOf(old.created_at);
  return at === null ? "" : seenOf(at, "tool_calls", old, agent).id;
}

function outcomeOf(status: number | null): NewCall["outcome"] {
  if (status === null) return "unknown";
  return status < 400 ? "ok" : status === 429 ? "rate_limited" : "tool_error";
}

/** Without the host and the query, as ours are. */
function pathOf(url: string | null): string | null {
  return url === null ? null : cut(URL.parse(url)?.pathname ?? url.split("?", 1)[0] ?? url, 500);
}
