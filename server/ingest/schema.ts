import type { Severity } from "../security/schema.ts";

/** What all events of one kind say. Those that say the same share one object. */
export type EventKind = { type: string; severity: Severity; title: string };

/** A security event as a line of a log tells it: redacted, and cut to the columns' lengths. `at` is Unix time in milliseconds. */
export type LoggedEvent = {
  id: string;
  at: number;
  fingerprint: string;
  kind: EventKind;
  /** JSON. */
  detail: string;
  risk_score: number | null;
  author: string | null;
  source_ip: string | null;
  post_id: string | null;
};

/** A request to Moltbook as a line of a log tells it, and the tool that makes such requests. */
export type LoggedCall = {
  id: string;
  at: number;
  fingerprint: string;
  tool: string;
  is_write: boolean;
  /** JSON. */
  arguments: string;
  method: string;
  path: string;
  status: number;
};

/** What a line is: an event or a call to be recorded; an event of our own, which is on record already; or unknown. */
export type Line =
  | { kind: "event"; event: LoggedEvent }
  | { kind: "call"; call: LoggedCall }
  | { kind: "own" }
  | { kind: "unknown"; fingerprint: string; text: string; at: number | null };

export type LogSource = "audit" | "container";

/** How far a file had been read, as the database has it. */
export type Position = { device: string; inode: string; head: Buffer; read_to: string };

/** Where a batch ends in its file, and where the file stood before it (null: it was not known), so that no two collectors can both record it. */
export type Advance = { device: string; inode: string; path: string; head: Buffer; readTo: number; before: Position | null };

/** What a collection found. `added_…` are those that were not on record before. */
export type Tally = {
  bytes: number;
  lines: number;
  events: number;
  added_events: number;
  calls: number;
  added_calls: number;
  own: number;
  unknown: number;
  too_long: number;
  too_old: number;
  restarted: number;
  /** Another collection was at work on the same file, and this one left it to that. */
  interrupted: boolean;
};
