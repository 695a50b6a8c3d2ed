import { redactJson } from "../redact.ts";
import { cut, fingerprintOf, identityOf, timeOf } from "./identity.ts";
import type { EventKind, Line, LoggedEvent } from "./schema.ts";

type Fields = Record<string, unknown>;

const INJECTION: EventKind = { type: "injection_attempt", severity: "medium", title: "A text with an injection attempt was flagged" };
const SUSPICIOUS: EventKind = { type: "suspicious_pattern", severity: "low", title: "A text with a suspicious pattern was flagged" };
const NOT_SCANNED: EventKind = { type: "filter_model_degraded", severity: "low", title: "The filter's model failed on a text" };
const ERROR: EventKind = { type: "api_error", severity: "low", title: "Moltbook answered with an error" };
const FLAGGED_ERROR: EventKind = { type: "api_error_flagged", severity: "medium", title: "An error answer of Moltbook was flagged" };

/** Somebody called the MCP endpoint who may not: both kinds of logs tell of it. */
export const UNAUTHORIZED: EventKind = {
  type: "unauthorized_access",
  severity: "medium",
  title: "The MCP endpoint was called without a valid token",
};

/** The events of the security audit log, by the names they have there. Those that say the same thing as one of ours bear our name. */
const KINDS: Record<string, EventKind | ((fields: Fields) => EventKind)> = {
  content_flagged: flaggedKind,
  api_error: ({ flagged }) => (flagged === true ? FLAGGED_ERROR : ERROR),
  blocked_author_content: { type: "blocked_author_content", severity: "info", title: "Content of a blocked author was withheld" },
  author_blocked: { type: "author_blocked", severity: "medium", title: "An author was blocked" },
  author_unblocked: { type: "author_unblocked", severity: "info", title: "An author's block was lifted" },
  unauthorized_access: UNAUTHORIZED,
  write_response_raw: { type: "write_response_raw", severity: "info", title: "Moltbook's answer to a write was logged" },
  verification_challenge_received: {
    type: "verification_challenge_received",
    severity: "info",
    title: "Moltbook asked for a verification",
  },
  challenge_solved_by_llm: { type: "challenge_solved_by_llm", severity: "info", title: "A model solved a verification challenge" },
  challenge_solved_by_regex: { type: "challenge_solved_by_regex", severity: "info", title: "A rule solved a verification challenge" },
  verification_challenge_unsolved: {
    type: "verification_challenge_unsolved",
    severity: "medium",
    title: "A verification challenge was not solved",
  },
  verification_challenge_answered: {
    type: "verification_challenge_answered",
    severity: "info",
    title: "A verification challenge was answered",
  },
  verification_challenge_error: {
    type: "verification_challenge_error",
    severity: "low",
    title: "Answering a verification challenge failed",
  },
};

/**
 * Why a text was flagged, by the flags that the audit log gives: a model that found an injection, or a rule that blocked, is an attempt; a model
 * that failed found nothing. The risk score says nothing here, because rules never raise it there.
 */
function flaggedKind({ flags }: Fields): EventKind {
  const texts = (Array.isArray(flags) ? flags : []).filter((flag): flag is string => typeof flag === "string");
  const found = texts.filter((flag) => !flag.startsWith("LLM Guard scan failed"));
  if (found.some((flag) => flag.startsWith("Regex hard-block") || /injection/i.test(flag.slice(0, 100)))) return INJECTION;
  return found.length === 0 && texts.length > 0 ? NOT_SCANNED : SUSPICIOUS;
}

/** What a line of a security audit log is: ours, or one in the format of the events above. */
export function readAuditLine(line: string): Line {
  const fields = parseFields(line);
  if (fields && isOwn(fields)) return { kind: "own" };
  const event = fields && eventOf(fields, line);
  return event ? { kind: "event", event } : { kind: "unknown", fingerprint: fingerprintOf(line), text: line, at: null };
}

function parseFields(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
  } catch {
    return null;
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Ours bear the id of their event, which was on record before the line was written. */
function isOwn({ id, agent_id }: Fields): boolean {
  return typeof id === "string" && typeof agent_id === "string" && UUID.test(id) && UUID.test(agent_id);
}

/**
 * The event that the fields of a line of the audit log name, or null for an event or a time that is not known; `line` is the whole line, by which the
 * event knows itself again. The author that a filter put out of sight, and one called "unknown", is none.
 */
export function eventOf(fields: Fields, line: string): LoggedEvent | null {
  const { timestamp, event, post_id, author, risk_score, source_ip, ...rest } = fields;
  const known = typeof event === "string" && Object.hasOwn(KINDS, event) ? KINDS[event] : undefined;
  const at = timeOf(timestamp);
  if (!known || at === null) return null;
  const detail = shorten(rest, 0);
  const name = cut(author, 200);
  return {
    ...identityOf(at, line),
    kind: typeof known === "function" ? known(fields) : known,
    detail: redactJson(detail, JSON.stringify(detail)),
    risk_score: typeof risk_score === "number" && risk_score >= 0 && risk_score <= 1 ? risk_score : null,
    author: name === "unknown" || name?.startsWith("[REDACTED") ? null : name,
    source_ip: cut(source_ip, 100),
    post_id: cut(post_id, 200),
  };
}

const MOST = 20;
const LONGEST = 500;
const DEEPEST = 3;

/** A copy of a value that has an end: 20 members of each list and object, 500 characters of each text, three levels. A `path` is a `target_path`. */
function shorten(value: unknown, depth: number): unknown {
  if (typeof value === "string") return value.slice(0, LONGEST);
  if (typeof value !== "object" || value === null) return value;
  if (depth === DEEPEST) return "…";
  if (Array.isArray(value)) return value.slice(0, MOST).map((member: unknown) => shorten(member, depth + 1));
  const members = Object.entries(value).slice(0, MOST);
  return Object.fromEntries(
    members.map(([key, member]) => [depth === 0 && key === "path" ? "target_path" : key.slice(0, 100), shorten(member, depth + 1)]),
  );
}
