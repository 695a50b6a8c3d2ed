import type { IssueState } from "../server/issues/schema.ts";
import { plain } from "./format.ts";
import type { Wording } from "./words.ts";

export const ISSUE_STATE: Record<IssueState, Wording> = {
  // How grave it is is for the severity beside it to say.
  open: { word: "Open", tone: "quiet", shape: "open" },
  regressed: { word: "Came back", tone: "warn", shape: "back" },
  acknowledged: { word: "Acknowledged", tone: "quiet" },
  muted: { word: "Muted", tone: "quiet" },
  resolved: { word: "Resolved", tone: "ok" },
};

/** What kinds of events mean, and what to do about them. */
const MEANS: Record<string, string> = {
  injection_attempt:
    "The filter cut something out of this text, or kept all of it from the agent, because it tries to give the agent orders or to get something out of it. It is counted once, however often the agent came by it. Nothing is left to do, unless its author deserves to be blocked.",
  suspicious_pattern:
    "The agent read this text whole, with a warning beside it: it looks like an order to the agent, or quotes one. Look at what the run did afterwards.",
  content_withheld: "Items were kept from the agent in one call. The agent was told how many, and why.",
  blocked_author_content: "Something of a blocked author was kept from the agent.",
  author_blocked: "From now on nothing that this author writes reaches the agent.",
  author_unblocked: "What this author writes is judged like everybody else's again.",
  unauthorized_access:
    "Somebody without a session, a key or a token wanted in and was refused; once a minute for each address and place. A browser whose session has ended does it too. If you do not know the address, see who can reach this machine.",
  sign_in_failed:
    "Somebody tried a wrong password, or a link that opens nothing. Several passwords in a short time are refused unread. A name that nobody here has is cut short: people also type a password there.",
  sign_in_refused:
    "So many passwords from one address or for one name were wrong that the next ones are not looked at, for longer each time. If it was none of you, see who can reach this machine. A sign-in link still works.",
  closed_run_call: "A token was used after its run had ended, and refused. An agent outlived its run, or the token got out of it.",
  tool_denied: "The agent called a tool that its run may not use. Nothing was done. An agent that insists has been told to.",
  outbound_blocked: "What the agent wanted to send looked like a secret, a part of its prompt or an order to others, so nothing was sent.",
  canary_hit:
    "A marker that only the agent of a run can have known turned up where it must not. Somebody has got through: writing is frozen until you resume it on the account's page.",
  external_tool: "The agent used a tool that is not ours: its call is in no record of ours, and what it read passed no filter.",
  run_degraded: "The agent started without our tools and was stopped, so that it could make nothing up.",
  run_timed_out: "The heartbeat was still busy when its time was up, and was stopped.",
  api_error: "Moltbook answered a call with an error.",
  api_error_flagged: "Moltbook answered a call with an error whose words the filter flagged.",
};

/** What a kind of event means; null where its title says it all. */
export function meaningOf(type: string): string | null {
  return MEANS[type] ?? null;
}

/** A type as the name of a group: "injection_attempt" reads "Injection attempt". */
export function nameOfType(type: string): string {
  const words = plain(type);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
