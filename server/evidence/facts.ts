import type { Action } from "../actions/schema.ts";
import { canonical, digest } from "../audit/canonical.ts";
import type { ToolCall } from "../calls/schema.ts";
import type { Claim } from "../claims/schema.ts";
import type { Run } from "../runs/schema.ts";
import type { EventDetail } from "../security/schema.ts";
import type { CallLine, Counts, Dropped, ExposureLine, Header, PromptLine, Trailer } from "./schema.ts";

/**
 * What is kept of a call while a file is read: its digests, and in order what it brought and did. `values` are its arguments and its result; `told` what
 * the chain tells of it.
 */
export type CallFacts = {
  line: number;
  call: Pick<ToolCall, "tool" | "arguments_sha256" | "result_sha256" | "outcome" | "withheld">;
  values: { arguments: Fit; result: Fit };
  exposures: { seq: number; digested: unknown[] }[];
  actions: string[];
  told: { opened: boolean; closed: boolean };
};

/** Whether a stored value is the one of its digest; `altered` if it was stored redacted or cut, so that nobody can say. */
export type Fit = "fits" | "altered" | "differs";

type Placed<Content> = { line: number; content: Content };

/**
 * What is kept of a file while it is read: digests, no texts. `dropped` are the partitions of which the chain tells that they were dropped, `missing` is
 * what they have to explain, and `fault` the first line that does not fit, and why.
 */
export type Facts = {
  header: Header | undefined;
  run: Placed<Run> | undefined;
  prompt: Placed<PromptLine> | undefined;
  calls: Map<string, CallFacts>;
  events: Map<string, Placed<Pick<EventDetail, "type" | "severity" | "fingerprint">>>;
  claims: { line: number; status: Claim["status"] }[];
  counts: Counts;
  records: number;
  dropped: Set<string>;
  missing: Missing[];
  trailer: Trailer | undefined;
  fault: Fault | null;
};
export type Fault = { line: number; reason: string };
/** What is not in a file though a line speaks of it. It is explained if one of the `partitions` in which it may have been was dropped. */
type Missing = Fault & { partitions: string[] };

export function newFacts(): Facts {
  return {
    header: undefined,
    run: undefined,
    prompt: undefined,
    calls: new Map(),
    events: new Map(),
    claims: [],
    counts: { calls: 0, exposures: 0, actions: 0, claims: 0, events: 0 },
    records: 0,
    dropped: new Set(),
    missing: [],
    trailer: undefined,
    fault: null,
  };
}

/** Notes that a line does not fit. The first line of a file that does not is the one to tell of. */
export function blame(facts: Facts, line: number, reason: string): void {
  if (facts.fault === null || line < facts.fault.line) facts.fault = { line, reason };
}

/** Notes what is missing, by its class and by what tells when it was recorded: UUIDv7 ids, or moments in RFC 3339. */
export function miss(facts: Facts, line: number, reason: string, kind: Dropped, recorded: string[]): void {
  facts.missing.push({ line, reason, partitions: recorded.map((idOrMoment) => `${kind}_${monthOf(idOrMoment)}`) });
}

function monthOf(idOrMoment: string): string {
  const [, high = "", low = ""] = UUID7.exec(idOrMoment) ?? [];
  const moment = high === "" ? idOrMoment : new Date(Number.parseInt(high + low, 16)).toISOString();
  return moment.slice(0, 7).replace("-", "");
}

const UUID7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7/;

/** Takes in a call. */
export function noteCall(facts: Facts, line: number, call: CallLine): void {
  facts.counts.calls += 1;
  if (facts.calls.has(call.id)) return blame(facts, line, "it tells of a call that stands above already");
  const isLeftOut = facts.header?.texts === false && call.result === null;
  const result = isLeftOut ? "fits" : fitOf(call.result, call.result_sha256);
  const values = { arguments: fitOf(call.arguments, call.arguments_sha256), result };
  const { tool, arguments_sha256, result_sha256, outcome, withheld } = call;
  const kept = { tool, arguments_sha256, result_sha256, outcome, withheld };
  facts.calls.set(call.id, { line, call: kept, values, exposures: [], actions: [], told: { opened: false, closed: false } });
}

function fitOf(value: unknown, sha256: string | null): Fit {
  if (sha256 === null) return value === null ? "fits" : "differs";
  const text = canonical(value);
  if (digest(text) === sha256) return "fits";
  return text.includes("[secret]") || text.includes("\ufffd") || text.startsWith('{"truncated":') ? "altered" : "differs";
}

/** Takes in an exposure. A text in which storing has replaced a character is not the one that was hashed. */
export function noteExposure(facts: Facts, line: number, exposure: ExposureLine): void {
  const { call_id, seq, field, content_hash, band, filter_version, delivered, text } = exposure;
  facts.counts.exposures += 1;
  if (text !== null && !text.includes("\ufffd") && digest(text) !== content_hash) blame(facts, line, "its text does not match its hash");
  const call = facts.calls.get(call_id);
  if (call) call.exposures.push({ seq, digested: [field, content_hash, band, filter_version, delivered] });
  else miss(facts, line, "its call is not in the file", "tool_calls", [call_id]);
}

/** Takes in an action. */
export function noteAction(facts: Facts, { call_id, source, type }: Action): void {
  facts.counts.actions += 1;
  if (source === "witnessed" && call_id !== null) facts.calls.get(call_id)?.actions.push(type);
}
