import { canonical, digest } from "../audit/canonical.ts";
import type { CallFacts, Facts } from "./facts.ts";
import { blame, miss } from "./facts.ts";

type Body = Record<string, unknown>;
/** A record of the chain that is sound by itself. */
export type Told = { kind: string; at: string; body: Body };

/**
 * Holds the lines of a file against a record of the chain: what it tells of has to be there as it tells it. Blames the line that says otherwise, or
 * the record's own (`line`) where there is none.
 */
export function hold(facts: Facts, line: number, { kind, at, body }: Told): void {
  if (kind === "call.opened") holdOpened(facts, line, body);
  else if (kind === "call.closed") holdClosed(facts, line, at, body);
  else if (kind === "retention.dropped") facts.dropped.add(String(body.partition));
  else if (kind === "event.recorded") holdEvent(facts, line, body);
  else if (kind === "prompt.created" || kind === "prompt.activated") holdPrompt(facts, body);
  else if (body.run_id === facts.run?.content.id) holdRun(facts, kind, body);
}

function holdOpened(facts: Facts, line: number, body: Body): void {
  const known = findCall(facts, line, body);
  if (!known) return;
  known.told.opened = true;
  const reason = whyNotOpened(known, body);
  if (reason) blame(facts, known.line, reason);
}

function findCall(facts: Facts, line: number, body: Body): CallFacts | undefined {
  const id = String(body.call_id);
  const known = facts.calls.get(id);
  if (!known) miss(facts, line, "it tells of a call that is not in the file", "tool_calls", [id]);
  return known;
}

function whyNotOpened({ call, values }: CallFacts, body: Body): string | null {
  if (call.tool !== body.tool) return "the chain has another tool for this call";
  if (call.arguments_sha256 !== body.arguments_sha256) return "the chain has another digest of its arguments";
  if (values.arguments === "differs") return "its arguments do not match their digest";
  return values.result === "differs" ? "its result does not match its digest" : null;
}

function holdClosed(facts: Facts, line: number, at: string, body: Body): void {
  const known = findCall(facts, line, body);
  if (!known) return;
  known.told.closed = true;
  const reason = whyNotClosed(known, body);
  if (reason) return blame(facts, known.line, reason);
  const brought = known.exposures.toSorted((one, other) => one.seq - other.seq).map(({ digested }) => digested);
  if (digest(brought) === body.exposures_sha256) return;
  const otherwise = "the chain has another digest of what it brought the agent";
  if (brought.length > 0) blame(facts, known.line, otherwise);
  else miss(facts, known.line, otherwise, "exposures", [String(body.call_id), at]);
}

function whyNotClosed({ call, values, actions }: CallFacts, body: Body): string | null {
  if (call.result_sha256 !== body.result_sha256) return "the chain has another digest of its result";
  if (values.result === "differs") return "its result does not match its digest";
  if (call.outcome !== body.outcome || call.withheld !== body.withheld) return "the chain tells another outcome of it";
  return canonical(actions) === canonical(body.actions ?? null) ? null : "the chain tells of other actions by it";
}

function holdEvent(facts: Facts, line: number, body: Body): void {
  const id = String(body.event_id);
  const event = facts.events.get(id);
  if (!event) return miss(facts, line, "it tells of an event that is not in the file", "events", [id]);
  const { type, severity, fingerprint } = event.content;
  if (type !== body.type || severity !== body.severity || fingerprint !== body.fingerprint)
    blame(facts, event.line, "the chain tells otherwise of this event");
}

function holdPrompt(facts: Facts, body: Body): void {
  const { prompt } = facts;
  if (prompt === undefined || prompt.content.id !== body.version_id) return;
  if (prompt.content.sha256 !== body.sha256 || prompt.content.number !== body.number)
    blame(facts, prompt.line, "the chain has another text or number of this prompt version");
}

function holdRun(facts: Facts, kind: string, body: Body): void {
  const { run, prompt } = facts;
  if (!run) return;
  if (kind === "run.claimed" && (run.content.mode !== body.mode || (prompt?.content.id ?? null) !== body.prompt_version_id))
    blame(facts, run.line, "the chain tells of another mode or prompt of the run");
  if (kind === "run.closed" && (run.content.status !== body.status || run.content.outcome !== body.outcome))
    blame(facts, run.line, "the chain tells of another end of the run");
  if (kind === "claims.checked") holdClaims(facts, body);
}

function holdClaims(facts: Facts, body: Body): void {
  const found = Object.groupBy(facts.claims, ({ status }) => status);
  const tally = Object.fromEntries(Object.entries(found).map(([status, claims]) => [status, claims.length]));
  if (canonical({ ...tally, run_id: body.run_id }) !== canonical(body))
    blame(facts, facts.claims[0]?.line ?? facts.run?.line ?? 1, "the chain tells of other claims");
}
