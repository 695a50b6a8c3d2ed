import type { Action } from "../server/actions/schema.ts";
import type { CallExposure, ToolCall } from "../server/calls/schema.ts";
import type { Mode, Run } from "../server/runs/schema.ts";
import type { Severity } from "../server/security/schema.ts";

/** What a word means for the operator; a tone has a shape as well as a colour. */
export type Tone = "ok" | "quiet" | "live" | "warn" | "bad";
/** Shapes of words that share their tone with others beside them. */
export type Shape = "low" | "high" | "critical" | "open" | "back";
/** `isLoud`: with its colour as the ground. */
export type Wording = { word: string; tone: Tone; shape?: Shape; isLoud?: true };

const STATUS: Record<Run["status"], Wording> = {
  queued: { word: "Queued", tone: "live" },
  running: { word: "Running", tone: "live" },
  stopping: { word: "Stopping", tone: "live" },
  succeeded: { word: "Finished", tone: "ok" },
  failed: { word: "Failed", tone: "bad" },
  timed_out: { word: "Timed out", tone: "bad" },
  cancelled: { word: "Cancelled", tone: "quiet" },
  lost: { word: "Lost", tone: "bad" },
  skipped: { word: "Skipped", tone: "quiet" },
};

export const OUTCOME: Record<NonNullable<Run["outcome"]>, Wording> = {
  acted: { word: "Acted", tone: "ok" },
  nothing_to_do: { word: "Nothing to do", tone: "quiet" },
  degraded: { word: "Degraded", tone: "warn" },
  blocked: { word: "Blocked", tone: "warn" },
  unknown: { word: "Finished, outcome unknown", tone: "warn" },
};

const OUTCOME_OF_CALL: Record<NonNullable<ToolCall["outcome"]>, Wording> = {
  ok: { word: "OK", tone: "ok" },
  tool_error: { word: "Tool error", tone: "warn" },
  protocol_error: { word: "Protocol error", tone: "bad" },
  denied: { word: "Denied", tone: "warn" },
  rate_limited: { word: "Rate limited", tone: "warn" },
  cancelled: { word: "Cancelled", tone: "quiet" },
  unknown: { word: "Unknown", tone: "bad" },
};

export const SEVERITY: Record<Severity, Wording> = {
  info: { word: "Info", tone: "quiet" },
  low: { word: "Low", tone: "live", shape: "low" },
  medium: { word: "Medium", tone: "warn" },
  high: { word: "High", tone: "bad", shape: "high" },
  critical: { word: "Critical", tone: "bad", shape: "critical", isLoud: true },
};

export const BAND: Record<CallExposure["band"], Wording> = {
  allow: { word: "Passed", tone: "ok" },
  mark: { word: "Marked", tone: "warn" },
  redact: { word: "Redacted", tone: "warn" },
  withhold: { word: "Withheld", tone: "bad" },
};

/** What the agent gets of a text, by how the text was judged. */
export const FATE: Record<CallExposure["band"], string> = {
  allow: "The agent would read it, fenced as untrusted like everything.",
  mark: "The agent would read it whole, with a warning beside it.",
  redact: "The agent would read it without what is marked here.",
  withhold: "The agent would be told that something was withheld, and why, and read nothing of it.",
};

export const KIND: Record<CallExposure["kind"], string> = {
  post: "Post",
  comment: "Comment",
  agent: "Profile of an agent",
  submolt: "Description of a submolt",
  notification: "Notification",
  message: "Private message",
  challenge: "Verification challenge",
  other: "Anything else",
};

export const ACTION_STATUS: Record<Action["status"], Wording> = {
  done: { word: "Done", tone: "ok" },
  pending_verification: { word: "Waits for verification", tone: "warn" },
  failed: { word: "Failed", tone: "bad" },
  unknown: { word: "Unknown", tone: "bad" },
};

export const ACTION: Record<Action["type"], string> = {
  browsed: "Browsed",
  upvoted: "Upvoted",
  downvoted: "Downvoted",
  unvoted: "Took its vote back from",
  commented: "Commented on",
  replied: "Replied to",
  posted: "Posted",
  subscribed: "Subscribed to",
  unsubscribed: "Unsubscribed from",
  welcomed: "Welcomed",
  checked_status: "Checked its status",
  checked_submolts: "Looked at submolts",
  followed: "Followed",
  unfollowed: "Unfollowed",
  deleted: "Deleted",
  searched: "Searched",
  verified: "Verified",
  registered: "Registered",
  proposed_identity: "Proposed a change of identity",
  updated_profile: "Changed its profile",
  created_submolt: "Created the submolt",
  updated_submolt: "Changed the submolt",
  pinned: "Pinned",
  unpinned: "Unpinned",
  reported: "Reported",
  messaged: "Sent a direct message",
  read_messages: "Read messages of",
  marked_read: "Marked notifications as read",
  set_up_owner_email: "Set up the owner's e-mail",
};

/** What an agent only reads, and so does even in a dry run. */
const READS: Action["type"][] = ["browsed", "searched", "checked_status", "checked_submolts", "read_messages"];

/** Participles that are not the past tense. */
const PARTICIPLE: Partial<Record<Action["type"], string>> = { unvoted: "taken its vote back from", messaged: "written to" };

/** An action as the beginning of a sentence; what a dry run did not do is not said as if it had. */
export function wordsOfAction({ type, mode }: Pick<Action, "type" | "mode">): string {
  if (mode !== "dry_run" || READS.includes(type)) return ACTION[type];
  return `Would have ${PARTICIPLE[type] ?? `${ACTION[type].charAt(0).toLowerCase()}${ACTION[type].slice(1)}`}`;
}

/** What marks a dry run wherever one is shown. */
export const DRY_RUN: Wording = { word: "Dry run: nothing was sent", tone: "quiet" };

/** What marks a run that was told of from outside, wherever one is shown. */
export const CLAIMED: Wording = { word: "Claimed, not witnessed", tone: "warn" };

/** Skipped heartbeats that are no trouble. */
export const WANTED_SKIPS = ["overlap", "paused"];

export const MODE: Record<Mode, string> = { real: "Real", dry_run: "Dry run", sandbox: "Sandbox" };

export const TRIGGER: Record<Run["trigger"], string> = {
  schedule: "Schedule",
  manual: "By hand",
  first_start: "First start",
  token: "Token",
  import: "Import",
};

/** Status and outcome of a run in one word or two: the outcome where it ended well, else the status. */
export function wordingOfRun(run: Pick<Run, "status" | "outcome" | "skip_reason" | "mode">): Wording {
  if (run.mode === "dry_run" && run.outcome === "acted") return { ...OUTCOME.acted, word: "Would have acted" };
  if (run.status === "succeeded" && run.outcome !== null) return OUTCOME[run.outcome];
  if (run.status === "skipped" && !WANTED_SKIPS.includes(run.skip_reason ?? "")) return { word: STATUS.skipped.word, tone: "warn" };
  return STATUS[run.status];
}

/** Whether a run can still change. */
export function isLive(run: Pick<Run, "status">): boolean {
  return STATUS[run.status].tone === "live";
}

/** A call without an outcome is in flight while its run lives; afterwards nobody knows what became of it. */
export function wordingOfCall(call: Pick<ToolCall, "outcome">, live: boolean): Wording {
  if (call.outcome !== null) return OUTCOME_OF_CALL[call.outcome];
  return live ? { word: "In flight", tone: "live" } : OUTCOME_OF_CALL.unknown;
}

/** What a run's ending means, for those endings that do not speak for themselves. */
export function explanationOf(run: Pick<Run, "status" | "outcome">): string | null {
  if (run.status === "lost") return "The process that ran it disappeared. What it did after its last recorded call is not known.";
  if (run.status === "timed_out") return "It ran longer than a heartbeat may and was stopped.";
  if (run.status === "failed") return "The agent's process ended with an error.";
  if (run.status === "cancelled") return "It was stopped on request.";
  if (run.status === "skipped") return "It was not started, so nothing was spent.";
  if (run.outcome === "degraded") return "It ended, but not everything it needs was working, so its own account may be wrong.";
  if (run.outcome === "blocked") return "It ended, but was kept from acting.";
  return null;
}

/** The bare words of a table of wordings. */
export function wordsIn<Key extends string>(wordings: Record<Key, Wording>): Record<Key, string> {
  return Object.fromEntries(Object.entries<Wording>(wordings).map(([key, { word }]) => [key, word])) as Record<Key, string>;
}
