import { sql, unflushed } from "../../db/client.ts";
import { canonical, digest } from "../audit/canonical.ts";
import { redact, redactText } from "../redact.ts";
import type { Mode } from "../runs/schema.ts";
import { appendSecurityLog } from "./log.ts";
import type { SecurityEvent, Severity } from "./schema.ts";

export type NewEvent = {
  agentId: string;
  runId?: string | null;
  callId?: string | null;
  mode?: Mode | null;
  type: string;
  severity: Severity;
  title: string;
  detail?: Record<string, unknown>;
  /** From 0 to 1. */
  riskScore?: number | null;
  author?: string | null;
  sourceIp?: string | null;
  postId?: string | null;
  /** What makes this event the same one when it is observed again; `at` is the moment of what was observed. */
  fingerprint: unknown;
  at?: Date;
};

/** Records a security event. The same observation (type, fingerprint and moment) recorded again changes nothing. */
export async function insertEvent(event: NewEvent): Promise<void> {
  const fingerprint = digest({ of: event.fingerprint, type: event.type });
  const id = observedId(event.at ?? new Date(), fingerprint);
  const recorded = await sql`
    with event as (
      insert into events (id, agent_id, run_id, call_id, mode, type, severity, title, detail, fingerprint, risk_score, author, source_ip, post_id)
      values (${id}, ${event.agentId}, ${event.runId ?? null}, ${event.callId ?? null}, ${event.mode ?? null}, ${event.type}, ${event.severity},
        ${redactText(event.title).slice(0, 300)}, ${sql.json(redact(event.detail ?? {}) as never)}, ${fingerprint},
        ${event.riskScore ?? null}, ${cut(event.author, 200)}, ${cut(event.sourceIp, 100)}, ${cut(event.postId, 200)})
      on conflict do nothing returning id, severity
    )
    select append_audit(${event.agentId}, 'event.recorded', ${canonical({ event_id: id, fingerprint, severity: event.severity, type: event.type })}),
      case when severity in ('info', 'low') then ${unflushed()} end from event`;
  if (recorded.count === 1) await appendSecurityLog({ id, ...event });
}

function cut(text: string | null | undefined, length: number): string | null {
  return text ? redactText(text).slice(0, length) : null;
}

/** A UUIDv7 (RFC 9562, 5.7) whose time is that of the observation and whose random bits are the fingerprint's first ones. */
export function observedId(at: Date, fingerprint: string): string {
  const time = at.getTime().toString(16).padStart(12, "0");
  const variant = (8 + (Number.parseInt(fingerprint.charAt(3), 16) & 3)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${fingerprint.slice(0, 3)}-${variant}${fingerprint.slice(4, 7)}-${fingerprint.slice(7, 19)}`;
}

const columns = () => sql`id, agent_id, run_id, call_id, type, severity, title, uuid_time(id) as created_at`;

/** The events of one run, in order. */
export async function listEventsOfRun(runId: string): Promise<SecurityEvent[]> {
  return sql<SecurityEvent[]>`select ${columns()} from events where run_id = ${runId} and id >= run_floor(${runId}) order by id limit 200`;
}

/** An agent's newest events of a mode, with those that belong to none. */
export async function listLatestEvents(agentId: string, mode: Mode, limit: number): Promise<SecurityEvent[]> {
  return sql<SecurityEvent[]>`
    select ${columns()} from events where agent_id = ${agentId} and (mode = ${mode} or mode is null) order by id desc limit ${limit}`;
}

/** How many events of an agent were high or critical within the last day, in a mode or in none. */
export async function countUrgentEvents(agentId: string, mode: Mode): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from events
    where agent_id = ${agentId} and (mode = ${mode} or mode is null) and id >= uuid_floor(now() - interval '1 day') and severity in ('high', 'critical')`;
  return row?.n ?? 0;
}
