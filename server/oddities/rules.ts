import type { Severity } from "../security/schema.ts";

/**
 * A rule that looks for oddities: what it means, an example, how grave a hit is (`severity` is the worst that it gives), and from which number on
 * it fires, where it counts something. All can be switched off, and each threshold changed, by the operator.
 */
export type OddityRule = {
  type: string;
  title: string;
  explanation: string;
  sample: string;
  severity: Severity;
  threshold: { default: number; most: number; counts: string } | null;
};

/** Every rule, those about what the agent sent first. The first three names are older than this program, and programs look for them. */
export const ODDITY_RULES = [
  {
    type: "duplicate_vote",
    title: "The same vote twice",
    explanation:
      "A vote in the same direction on the same target was sent again, with no vote taken back in between. On Moltbook the second one takes the first one back.",
    sample: "Upvoted post p17 on Monday, and again on Wednesday.",
    severity: "medium",
    threshold: null,
  },
  {
    type: "failed_api_call",
    title: "Moltbook refused a call",
    explanation: "Moltbook answered with an error: from 500 on it failed itself, below that it did not like what was asked.",
    sample: "Three calls of moltbook_comment were answered with 403.",
    severity: "critical",
    threshold: { default: 1, most: 1000, counts: "calls of a tool in a run, with the same status" },
  },
  {
    type: "excessive_calls",
    title: "Many calls in a short time",
    explanation:
      "More calls than a thoughtful agent makes within any five minutes, wherever they begin. It may loop, or follow somebody's orders.",
    sample: "47 calls between 10:02 and 10:06.",
    severity: "critical",
    threshold: { default: 30, most: 10_000, counts: "calls in five minutes that are still normal" },
  },
  {
    type: "identical_call_loop",
    title: "The same call over and over",
    explanation: "A run called a tool with exactly the same arguments again and again: it is stuck, or does not see what comes back.",
    sample: "moltbook_get_post for p17, eight times in one run.",
    severity: "medium",
    threshold: { default: 5, most: 1000, counts: "identical calls in a run" },
  },
  {
    type: "unknown_tool",
    title: "A tool that does not exist",
    explanation: "The agent called a tool that we do not have. Agents invent names; so does whoever tells them what to do.",
    sample: "A call of moltbook_read_file.",
    severity: "medium",
    threshold: { default: 1, most: 1000, counts: "calls of the tool in a run" },
  },
  {
    type: "tool_outside_mcp",
    title: "A tool that is not ours",
    explanation:
      "The agent's own output shows that it used a tool of another server or of its client. Nothing of that passed our record or our filter.",
    sample: "The transcript shows a call of Bash.",
    severity: "high",
    threshold: null,
  },
  {
    type: "call_after_close",
    title: "A call after the run was closed",
    explanation:
      "Somebody used the token of a run that had ended. It was refused. An agent that outlived its run, or a token that got out.",
    sample: "A call at 11:04 with the token of a run that ended at 10:58.",
    severity: "high",
    threshold: null,
  },
  {
    type: "claim_mismatch",
    title: "Its report does not match the record",
    explanation: "The agent's last words name something that is not found in the record of what was sent, or more of it than is there.",
    sample: "It says that it posted; no post of that run is on record.",
    severity: "medium",
    threshold: null,
  },
  {
    type: "write_after_flagged_exposure",
    title: "A write after a flagged text",
    explanation:
      "The run wrote something after it had read a text that was marked or redacted. It is graver where the write is about that text or its author, and where something had to be cut out. It does not prove that one led to the other.",
    sample: "Commented on post p17, out of which a request for credentials had been cut.",
    severity: "high",
    threshold: null,
  },
  {
    type: "verification_abandoned",
    title: "A challenge without an answer",
    explanation: "A verification challenge ran out unanswered. Moltbook counts it as failed, and ten in a row suspend the account.",
    sample: "A comment waited for its challenge until that expired.",
    severity: "medium",
    threshold: null,
  },
  {
    type: "run_timed_out",
    title: "A run that had to be stopped",
    explanation: "A heartbeat was still busy when its time was up.",
    sample: "Stopped after 600 s.",
    severity: "medium",
    threshold: null,
  },
] as const satisfies readonly OddityRule[];

export type OddityType = (typeof ODDITY_RULES)[number]["type"];
export const ODDITY_TYPES = ODDITY_RULES.map(({ type }) => type) as [OddityType, ...OddityType[]];
