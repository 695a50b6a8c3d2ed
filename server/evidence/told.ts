import { canonical, digest } from "../audit/canonical.ts";
import type { CallFacts, Facts } from "./facts.ts";
import { blame } from "./facts.ts";

type Body = Record<string, unknown>;

/**
 * Holds the lines of a file against a record of the chain, which is sound by itself: what the record tells of has to be there as it tells it. Blames
 * the line that says otherwise, or the record's own (`line`) where there is none.
 */
export function hold(facts: Facts, line: number, kind: string, body: Body): void {
  if (kind === "call.opened" || kind === "call.closed") holdCall(facts, line, kind, body);
  else if (kind === "event.recorded") holdEvent(facts, line, body);
  else if (kind === "prompt.created" || kind === "prompt.activated") holdPrompt(facts, body);
  else if (body.run_id === facts.run?.content.id) holdRun(facts, kind, body);
}

function holdCall(facts: Facts, line: number, kind: "call.opened" | "call.closed", body: Body): void {
  const known = facts.calls.get(String(body.call_id));
  if (!known) return missing(facts, line, "tool_calls", "it tells of a call that is not in the file");
  known.isTold = true;
  const reason = kind === "call.opened" ? whyNotOpened(known, body) : whyNotClosed(facts, known, body);
  if (reason) blame(facts, known.line, reason);
}

function whyNotOpened({ call, values }: CallFacts, body: Body): string | null {
  if (call.tool !== body.tool) return "the chain has another tool for this call";
  if (call.arguments_sha256 !== body.arguments_sha256) return "the chain has another digest of its arguments";
  return values.arguments === "differs" ? "its arguments do not match their digest" : null;
}

function whyNotClosed(facts: Facts, { call, values, exposures, actions }: CallFacts, body: Body): string | null {
  if (call.result_sha256 !== body.result_sha256) return "the chain has another digest of its result";
  if (values.result === "differs") return "its result does not match its digest";
  if (call.outcome !== body.outcome || call.withheld !== body.withheld) return "the chain tells another outcome of it";
  if (canonical(actions) !== canonical(body.actions)) return "the chain tells of other actions by it";
  const isDropped = exposures.length === 0 && facts.header?.dropped.includes("exposures");
  const brought = exposures.toSorted((one, other) => one.seq - other.seq).map(({ digested }) => digested);
  return isDropped || digest(brought) === body.exposures_sha256 ? null : "the chain has another digest of what it brought the agent";
}

function holdEvent(facts: Facts, line: number, body: Body): void {
  const event = facts.events.get(String(body.event_id));
  if (!event) return missing(facts, line, "events", "it tells of an event that is not in the file");
  const { type, severity, fingerprint } = event.content;
  if (type !== body.type || severity !== body.severity || fingerprint !== body.fingerprint)
    blame(facts, event.line, "the chain tells otherwise of this event");
}

function missing(facts: Facts, line: number, kind: "tool_calls" | "events", reason: string): void {
  if (!facts.header?.dropped.includes(kind)) blame(facts, line, reason);
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
