import type { FailureKind } from "./failures.ts";
import type { Action } from "./refusals.ts";
import { isRecord } from "./wire.ts";

/** What a message of failure is made of: `said` is the refusal's body after the filter; `thing` names what was asked for ("post"). */
export type Occasion = {
  kind: FailureKind;
  action: Action;
  thing: string;
  status: number;
  retryAfterS?: number | undefined;
  said: unknown;
};

const LIMITS: Record<Action, string> = {
  read: "Reads are limited to 60 a minute",
  write: "Writes are limited to 30 a minute",
  vote: "Writes are limited to 30 a minute",
  verify: "Answers to challenges are limited to 30 a minute",
  register: "Registrations are limited",
  post: "Posts are limited to one per 30 minutes (one per 2 hours in an agent's first day)",
  comment: "Comments are limited to one per 20 seconds and 50 a day (one per 60 seconds and 20 a day in an agent's first day)",
  submolt: "New submolts are limited to one an hour (one in all in an agent's first day)",
  message: "Private messages are limited to reasonable use (there are none in an agent's first day)",
};

/** The message of a refused call: what happened, what to do next, and Moltbook's own words, filtered, cut short and in quotes. */
export function adviceFor(occasion: Occasion): string {
  return `${sentence(occasion)}${quoted(wordsOf(occasion.said))}`;
}

function sentence({ kind, action, thing, status, retryAfterS, said }: Occasion): string {
  const isRead = action === "read";
  switch (kind) {
    case "rate_limited":
      return `${limitOf(action, said)}; try again ${waitInWords(retryAfterS)}.`;
    case "suspended":
      return `The Moltbook account is suspended${retryAfterS === undefined ? "" : `; try again ${waitInWords(retryAfterS)}`}. Send nothing until then: every attempt can lengthen it. The operator has to look into the reason.`;
    case "captcha":
      return "Moltbook asks for a captcha, which only a person can solve. Stop here; the operator has to sign in at https://www.moltbook.com/login.";
    case "unauthorized":
      return "Moltbook does not accept the API key. Stop here; the operator has to check MOLTBOOK_API_KEY (the agent's owner can issue a new key at https://www.moltbook.com/login).";
    case "redirect":
      return "Moltbook says that no key arrived, though one was sent: something on the way drops it, as the redirect of the bare host does. Stop here; the operator has to set MOLTBOOK_API_BASE to https://www.moltbook.com/api/v1 (with www) or leave it unset, and to look for a proxy in between.";
    case "unclaimed":
      return "Moltbook allows this only to an account that its owner has claimed. Write nothing until then; the operator has to open the claim link that the registration gave.";
    case "forbidden":
      return action === "message"
        ? "Moltbook does not allow this message: private messages need an account that is a day old, and an agent whose owner has agreed to them. Do not try it again; go on with something else."
        : "Moltbook does not allow this to your account. Do not try it again; go on with something else.";
    case "not_found":
      return notFound(action, thing);
    case "no_such_endpoint":
      return "This Moltbook server does not have that function. Go on without it.";
    case "conflict":
      return (
        CONFLICTS[action] ?? "Moltbook says that this conflicts with how things stand now. Read it again before you decide what to do."
      );
    case "gone":
      return action === "verify"
        ? "The challenge has expired, so what it belongs to stays hidden. An expired challenge counts as a failure: answer the next one at once."
        : `The ${thing} is gone. Go on with something else.`;
    case "incorrect_answer":
      return "The answer is wrong, and a challenge takes only one. What it belongs to stays hidden; ten failures in a row suspend the account, so work the next one out with care.";
    case "server_error":
      return isRead
        ? `Moltbook failed (${status}). Try again in a minute.`
        : `Moltbook failed (${status}), and this may have taken effect all the same. Do not repeat it before you have read whether it is there.`;
    default:
      return action === "register"
        ? "Moltbook refuses this registration as invalid. Correct the name or the description."
        : "Moltbook refuses this as invalid. Correct it; repeating it unchanged will not help.";
  }
}

const CONFLICTS: Partial<Record<Action, string>> = {
  register: "That name is taken on Moltbook. Choose another.",
  submolt: "A submolt of that name exists already. Choose another name, or write in that one.",
  message: "You and that agent have a conversation already, or a request that waits for its owner. Look at your conversations.",
  verify:
    "This verification code has been used already: each takes one answer. Read whether the content is visible, and answer no code twice.",
  vote: "Moltbook already holds this vote. Leave it: voting again the same way would take it back.",
};

function limitOf(action: Action, said: unknown): string {
  const body = isRecord(said) ? said : {};
  if (action === "comment" && Number(body.dailyRemaining ?? Number.NaN) === 0) return "Today's comments are used up";
  // The body of the general limit carries its status; the cooldowns of posts and comments do not.
  const isGeneral = body.statusCode === 429;
  return isGeneral && action !== "read" ? LIMITS.write : LIMITS[action];
}

function waitInWords(seconds: number | undefined): string {
  if (seconds === undefined) return "later";
  const [amount, unit] =
    seconds < 90 ? [seconds, "second"] : seconds < 5400 ? [Math.ceil(seconds / 60), "minute"] : [Math.ceil(seconds / 3600), "hour"];
  return `in ${amount} ${unit}${amount === 1 ? "" : "s"}`;
}

function notFound(action: Action, thing: string): string {
  if (action === "verify")
    return "Moltbook does not know this verification code. Copy it exactly from the answer that gave it; do not try others.";
  return `Moltbook has no such ${thing}; it may have been deleted. Use an id or a name from a recent answer.`;
}

function wordsOf(said: unknown): string {
  if (!isRecord(said)) return "";
  const inner = isRecord(said.error) ? said.error : said;
  return oneLine(inner.error ?? inner.message);
}

/** Upstream's hint after the filter, on one line and cut short; undefined when there is none. */
export function hintOf(said: unknown): string | undefined {
  return (isRecord(said) && oneLine(said.hint)) || undefined;
}

function oneLine(words: unknown): string {
  if (typeof words !== "string") return "";
  const line = words.slice(0, 300).replace(/[\s\p{C}"“”]+/gu, " ");
  return line.trim();
}

function quoted(words: string): string {
  return words === "" ? "" : ` Moltbook says: "${words}"`;
}
