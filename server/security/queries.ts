import { sql, unflushed } from "../../db/client.ts";
import { canonical, digest } from "../audit/canonical.ts";
import { AppError } from "../errors.ts";
import type { Page } from "../paging.ts";
import { idRange, toPage } from "../paging.ts";
import { redact, redactText, storableJson } from "../redact.ts";
import type { Mode } from "../runs/schema.ts";
import { appendSecurityLog } from "./log.ts";
import type { EventDetail, EventFilter, SecurityEvent, Severity } from "./schema.ts";

export type NewEvent = {
  agentId: string;
  runId?: string | null;
  callId?: string | null;
  mode?: Mode | null;
  type: string;
  severity: Severity;
  title: string;
  detail?: Record<string, unknown>;
  /** How sure the filter was, 0 to 1. */
  riskScore?: number | null;
  /** Whose words it is about: a name on Moltbook, not ours. */
  author?: string | null;
  postId?: string | null;
  /** The address that a stranger called from. */
  sourceIp?: string | null;
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

export type Attempt = {
  type: "injection_attempt" | "suspicious_pattern";
  severity: Severity;
  title: string;
  detail: Record<string, unknown>;
  riskScore: number;
  author: string | null;
  postId: string | null;
  /** What makes it the same text when it is read again. */
  fingerprint: unknown;
};

/** Records what the filter found in a call's answer, each text once, however often it is read: read again it changes nothing. */
export async function insertAttempts(call: { id: string; agentId: string; runId: string; mode: Mode }, attempts: Attempt[]): Promise<void> {
  const at = new Date();
  const events = attempts.map(({ fingerprint, riskScore, author, postId, title, detail, ...attempt }) => {
    const digested = digest({ of: fingerprint, type: attempt.type });
    return {
      ...attempt,
      id: observedId(at, digested),
      title: redactText(title).slice(0, 300),
      detail: redact(detail) as Record<string, unknown>,
      risk_score: riskScore,
      author: cut(author, 200),
      post_id: cut(postId, 200),
      fingerprint: digested,
    };
  });
  const recorded = await sql<{ id: string }[]>`
    with event as (
      insert into events (id, agent_id, run_id, call_id, mode, type, severity, title, detail, risk_score, author, post_id, fingerprint)
      select g.id, ${call.agentId}, ${call.runId}, ${call.id}, ${call.mode}, g.type, g.severity, g.title, g.detail, g.risk_score, g.author, g.post_id,
        g.fingerprint
      from json_to_recordset(${storableJson(events)}::text::json) as g (id uuid, type text, severity text, title text, detail jsonb, risk_score real,
        author text, post_id text, fingerprint text)
      where not exists (
        select from events e
        where e.agent_id = ${call.agentId} and e.fingerprint = g.fingerprint and e.call_id is not null
          and e.type in ('injection_attempt', 'suspicious_pattern'))
      on conflict do nothing returning id, fingerprint, severity, type
    )
    select id, append_audit(${call.agentId}, 'event.recorded',
      format('{"event_id":"%s","fingerprint":"%s","severity":"%s","type":"%s"}', id, fingerprint, severity, type)), ${unflushed()} from event`;
  const caller = { agentId: call.agentId, runId: call.runId, callId: call.id };
  const fresh = new Set(recorded.map(({ id }) => id));
  for (const event of events)
    if (fresh.has(event.id)) await appendSecurityLog({ ...event, ...caller, riskScore: event.risk_score, postId: event.post_id });
}

/** A UUIDv7 (RFC 9562, 5.7) whose time is that of the observation and whose random bits are the fingerprint's first ones. */
export function observedId(at: Date, fingerprint: string): string {
  const time = at.getTime().toString(16).padStart(12, "0");
  const variant = (8 + (Number.parseInt(fingerprint.charAt(3), 16) & 3)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${fingerprint.slice(0, 3)}-${variant}${fingerprint.slice(4, 7)}-${fingerprint.slice(7, 19)}`;
}

/** The columns of a `SecurityEvent`, of `events e`. */
export const eventColumns = () => sql`
  e.id, e.agent_id, e.run_id, e.call_id, e.mode, e.type, e.severity, e.title, e.risk_score::float8, e.author, e.source_ip, e.post_id, e.issue,
  uuid_time(e.id) as created_at`;

/** Events, newest first. */
export async function listEvents(filter: EventFilter): Promise<Page<SecurityEvent>> {
  const { event_type: type, severity, min_risk_score: risk, search, agent_name: agent, limit } = filter;
  const { from, to } = idRange(filter);
  const rows = await sql<SecurityEvent[]>`
    select ${eventColumns()} from events e
    where true
      ${type ? sql`and e.type = ${type}` : sql``}
      ${severity ? sql`and e.severity = ${severity}` : sql``}
      ${filter.mode ? sql`and (e.mode = ${filter.mode} or e.mode is null)` : sql``}
      ${filter.run_id ? sql`and e.run_id = ${filter.run_id} and e.id >= run_floor(${filter.run_id})` : sql``}
      ${filter.issue ? sql`and e.issue = ${filter.issue}` : sql``}
      ${agent ? sql`and e.agent_id = (select id from agents where name = ${agent})` : sql``}
      ${risk === undefined ? sql`` : sql`and e.risk_score >= ${risk}::real`}
      ${from ? sql`and e.id >= ${from}` : sql``}
      ${to ? sql`and e.id < ${to}` : sql``}
      ${filter.state ? inState(filter.state) : sql``}
      ${search ? sql`and strpos(lower(concat_ws(' ', e.title, e.author, e.source_ip, e.post_id)), lower(${search})) > 0` : sql``}
      ${filter.cursor ? sql`and e.id < ${filter.cursor}` : sql``}
    order by e.id desc limit ${limit + 1}`;
  return toPage(rows, limit);
}

/** Most issues are open: then the newest events are read until the page is full. Other states have few events, which are found by their issues. */
function inState(state: NonNullable<EventFilter["state"]>) {
  const keys = sql`select issue from issues where state = ${state} and kind = 'event'`;
  return state === "open" ? sql`and (e.issue in (${keys})) is true` : sql`and e.issue in (${keys})`;
}

/** One event with its details. Throws AppError `not_found`. */
export async function getEvent(id: string): Promise<EventDetail> {
  const [event] = await sql<EventDetail[]>`select ${eventColumns()}, e.detail, e.fingerprint from events e where e.id = ${id}`;
  if (!event) throw new AppError("not_found", "There is no event with this id.");
  return event;
}

/** The events of one run, in order. */
export async function listEventsOfRun(runId: string): Promise<SecurityEvent[]> {
  return sql<
    SecurityEvent[]
  >`select ${eventColumns()} from events e where e.run_id = ${runId} and e.id >= run_floor(${runId}) order by e.id limit 200`;
}

/**
 * An agent's six newest events of a mode, with those that belong to none. The number stands in the text: were it a parameter, the statement would look
 * so dear without its value that all months were planned anew for every single call.
 */
export async function listLatestEvents(agentId: string, mode: Mode): Promise<SecurityEvent[]> {
  return sql<SecurityEvent[]>`
    select ${eventColumns()} from events e
    where e.agent_id = ${agentId} and (e.mode = ${mode} or e.mode is null) order by e.id desc limit 6`;
}
