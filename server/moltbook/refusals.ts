import type { FailureKind } from "./failures.ts";
import { isRecord, toCount, toTime } from "./wire.ts";

/** What a call does, as far as limits and advice depend on it. */
export type Action = "read" | "write" | "post" | "comment" | "submolt" | "message" | "vote" | "verify" | "register";

/** A refusal as upstream worded it (camelCase keys), before the filter: only ever looked at, never passed on. */
export type Refusal = { status: number; body: unknown; headers: Headers };

/** True for an answer that says no: by its status, or by `success: false` under a status that says yes. */
export function isRefusal(status: number, body: unknown): boolean {
  return status >= 400 || (isRecord(body) && body.success === false);
}

/**
 * Which failure a refusal is. The words are read before the filter sees them, because a redacted "suspended" must still stop the agent;
 * nothing of them leaves this function.
 */
export function kindOf({ status, body, headers }: Refusal, action: Action): FailureKind {
  const said = wordsOf(body, ["error", "message", "code"]);
  if (status === 429) return "rate_limited";
  if ((status < 400 || status === 401 || status === 403) && isSuspension(said, wordsOf(body, ["hint"]))) return "suspended";
  if (CAPTCHA.test(said)) return "captcha";
  if ((status === 401 || status === 403) && UNCLAIMED.test(said)) return "unclaimed";
  // Every call but a registration carries the key: where none arrived, it was lost on the way.
  if (status === 401) return action !== "register" && isKeyLost(said) ? "redirect" : "unauthorized";
  if (status === 403) return "forbidden";
  // Whoever answers for a path that does not exist is a page of the site, or says so.
  if (status === 404) return said.startsWith("endpoint not found") || isPage(headers) ? "no_such_endpoint" : "not_found";
  if (status === 409) return "conflict";
  if (status === 410) return "gone";
  if (status >= 500 || status === 408) return "server_error";
  return action === "verify" && /incorrect|wrong/.test(said) ? "incorrect_answer" : "invalid";
}

/** These words count only by themselves: agents and submolts may be called by them, and refusals name agents and submolts. */
const SUSPENDED = /(?<![\w-])(?:auto-)?suspen(?:ded|sion)(?![\w-])/;
const CAPTCHA = /(?<![\w-])captcha(?:_required)?(?![\w-])/;
const UNCLAIMED = /(?<![\w-])(?:unclaimed|pending_claim|not (?:yet )?(?:been )?claimed|be claimed|claim (?:is )?required)(?![\w-])/;
const KEY_LOST =
  /(?:no|missing) (?:authori[sz]ation|authentication|api key|bearer|token)|(?:authori[sz]ation|api key|token)(?: header)? (?:is |was )?(?:missing|required|not provided)/;

function isSuspension(said: string, hint: string): boolean {
  return SUSPENDED.test(said) || /account (?:is|has been|was) suspended|suspension ends/.test(hint);
}

function isKeyLost(said: string): boolean {
  return KEY_LOST.test(said) && !said.includes("invalid");
}

function isPage(headers: Headers): boolean {
  return /^text\/html/i.test(headers.get("content-type") ?? "");
}

function wordsOf(body: unknown, keys: string[]): string {
  if (!isRecord(body)) return "";
  const holders = [body, body.error].filter(isRecord);
  const words = holders.flatMap((holder) => keys.map((key) => holder[key])).filter((word) => typeof word === "string");
  return words.join(" ").slice(0, 1000).toLowerCase();
}

const MONTH_S = 31 * 24 * 3600;
const UNITS: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 };

/**
 * How long a refusal asks to wait, in seconds, rounded up, with the moment that this ends; both undefined when it does not say. Every spelling
 * of Moltbook and of the open-source server counts, and the longest wins, at most 31 days.
 */
export function waitOf({ status, body, headers }: Refusal, now: number): { retryAfterS?: number; resetAt?: string } {
  const said = isRecord(body) ? body : {};
  const minutes = toCount(said.retryAfterMinutes);
  const stated = [
    toCount(said.retryAfterSeconds),
    toCount(said.retryAfter),
    minutes === null ? null : minutes * 60,
    secondsOfHeader(headers.get("retry-after"), now),
    secondsOfSuspension(said.hint),
  ].filter((seconds) => seconds !== null && seconds >= 0) as number[];
  // Every answer carries this header; it says when to come back only where the limit is what was refused.
  const isByHeader = stated.length === 0 && status === 429;
  const reset = toTime(said.resetAt) ?? (isByHeader ? toTime(headers.get("x-ratelimit-reset")) : null);
  if (stated.length === 0 && reset) stated.push(secondsUntil(reset, now));
  if (stated.length === 0) return {};
  const retryAfterS = Math.min(Math.max(...stated), MONTH_S);
  return { retryAfterS, resetAt: reset ?? new Date(now + retryAfterS * 1000).toISOString() };
}

function secondsOfHeader(header: string | null, now: number): number | null {
  if (!header || header.length > 40) return null;
  const at = /^\d+$/.test(header) ? null : Date.parse(header);
  if (at === null) return toCount(header);
  return Number.isNaN(at) ? null : secondsUntil(new Date(at).toISOString(), now);
}

function secondsOfSuspension(hint: unknown): number | null {
  const [, amount, unit] =
    typeof hint === "string" ? (/ends in (\d{1,4}(?:\.\d{1,4})?) (second|minute|hour|day|week)s?\b/i.exec(hint) ?? []) : [];
  return amount && unit ? Math.ceil(Number(amount) * (UNITS[unit.toLowerCase()] ?? 0)) : null;
}

function secondsUntil(time: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(time) - now) / 1000));
}
