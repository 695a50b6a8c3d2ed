import { stripVTControlCharacters } from "node:util";

import { digest } from "../audit/canonical.ts";
import { fingerprintOf } from "../ingest/identity.ts";
import { redact } from "../redact.ts";
import { observedId } from "../security/queries.ts";
import type { Severity } from "../security/schema.ts";
import type { Agent } from "./fields.ts";
import { cut, leave, timeOf, wordOf } from "./fields.ts";
import { momentOf } from "./moment.ts";
import type { OldEvent } from "./schema.ts";
import type { Tally } from "./tally.ts";

export type NewEvent = {
  id: string;
  agent_id: string;
  type: string;
  severity: Severity;
  title: string;
  detail: unknown;
  risk_score: number | null;
  author: string | null;
  source_ip: string | null;
  post_id: string | null;
  fingerprint: string;
};

const EVENTS: Record<string, { severity: Severity; title: string }> = {
  injection_attempt: { severity: "medium", title: "A text with an injection attempt was flagged" },
  suspicious_pattern: { severity: "low", title: "A text with a suspicious pattern was flagged" },
  unauthorized_access: { severity: "medium", title: "The MCP endpoint was called without a valid token" },
  api_error: { severity: "low", title: "Moltbook answered with an error" },
  api_error_flagged: { severity: "medium", title: "An error answer of Moltbook was flagged" },
};

/** A security event as it is kept here, of the type that it was filed under; null, with the reason in the tally, if it cannot be. */
export function eventOf(old: OldEvent, agent: Agent, tally: Tally): NewEvent | null {
  const at = timeOf("timestamp", old, old.timestamp, tally);
  if (at === null) return null;
  const type = wordOf(old.event_type);
  if (type === null) return leave(tally, "it has no event_type", old.id);
  const { severity, title } = EVENTS[type] ?? { severity: "low", title: "An event of the old database" };
  const isScore = old.risk_score !== null && old.risk_score >= 0 && old.risk_score <= 1;
  if (old.risk_score !== null && !isScore) tally.note("its risk_score is not between 0 and 1: left out", old.id);
  const detail = {
    submolt: old.submolt_name,
    flags: listOf(old.flags),
    fields_affected: listOf(old.fields_affected),
    target_path: old.target_path,
  };
  return {
    ...seenOf(at, "security_events", old, agent),
    agent_id: agent.id,
    type,
    severity,
    title,
    detail: redact(Object.fromEntries(Object.entries(detail).filter(([, value]) => value !== null))),
    risk_score: isScore ? old.risk_score : null,
    author: cut(old.author_name, 200),
    source_ip: cut(old.source_ip, 100),
    post_id: cut(old.post_id, 200),
  };
}

const LISTED_MAX = 20;

/** Flags and fields were stored as JSON; what is none is one text. */
function listOf(text: string | null): string[] | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value))
      return value.slice(0, LISTED_MAX).map((member) => (typeof member === "string" ? member : JSON.stringify(member)).slice(0, 500));
  } catch {
    // Then it is a text.
  }
  return [text.slice(0, 500)];
}

/**
 * The identity of what a log told: its moment and its line, as `collect-logs` makes it, so that whoever reads that log later finds it known. Without a
 * line it is the row. The old collector cut its moment to the second, which a line says more exactly.
 */
export function seenOf(
  at: Date,
  table: string,
  old: { id: string; raw_log_line: string | null },
  agent: Agent,
): { id: string; fingerprint: string } {
  if (old.raw_log_line === null) {
    const fingerprint = digest({ table, key: old.id, at: at.toISOString(), agent: agent.name });
    return { id: observedId(at, fingerprint), fingerprint };
  }
  const line = (old.raw_log_line.startsWith("{") ? old.raw_log_line : stripVTControlCharacters(old.raw_log_line)).trim();
  const told = momentOf(/^\d\S+/.exec(line)?.[0]);
  const exact = told !== null && Math.floor(told.getTime() / 1000) === Math.floor(at.getTime() / 1000) ? told : at;
  const fingerprint = fingerprintOf(line);
  return { id: observedId(exact, fingerprint), fingerprint };
}
