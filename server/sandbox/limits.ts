import { type Answer, refusal } from "./answer.ts";
import { type Agent, DAY, type Family, HOUR, MINUTE, type World } from "./world.ts";

type Quota = { headers: Record<string, string>; refused: Answer | null };

/** Requests per minute and key: reads, writes and verifications are counted apart; the open-source server counts them all together. */
const PER_MINUTE = { read: 60, write: 30, verify: 30, any: 100 } as const;

/** Counts one request against its window and gives the headers for its answer, with the refusal when the window is full. */
export function takeTurn(world: World, agent: Agent | null, request: { method: string; path: string }, at: number): Quota {
  const kind = kindOf(world.family, request);
  const key = `${agent?.id ?? "anonymous"}:${kind}`;
  const window = (world.windows.get(key) ?? []).filter((time) => time > at - MINUTE);
  const refused = window.length >= PER_MINUTE[kind];
  if (!refused) window.push(at);
  world.windows.set(key, window);
  const reset = (window[0] ?? at) + MINUTE;
  return {
    headers: rateHeaders(PER_MINUTE[kind], PER_MINUTE[kind] - window.length, reset),
    refused: refused ? tooManyRequests(world.family, reset, at) : null,
  };
}

function kindOf(family: Family, request: { method: string; path: string }): keyof typeof PER_MINUTE {
  if (family === "oss") return "any";
  if (request.path === "/verify") return "verify";
  return request.method === "GET" ? "read" : "write";
}

function rateHeaders(limit: number, remaining: number, reset: number): Record<string, string> {
  return {
    "X-RateLimit-Limit": String(limit),
    "X-RateLimit-Remaining": String(remaining),
    "X-RateLimit-Reset": String(Math.ceil(reset / 1000)),
  };
}

function tooManyRequests(family: Family, reset: number, at: number): Answer {
  const seconds = secondsUntil(reset, at);
  if (family === "oss") return slowDown("oss", "Rate limit exceeded", "Wait before the next request", seconds);
  const body = {
    statusCode: 429,
    message: "Rate limit exceeded",
    remaining: 0,
    reset_at: new Date(reset).toISOString(),
    retry_after_seconds: seconds,
  };
  return { status: 429, body, headers: { "Retry-After": String(seconds) } };
}

function secondsUntil(then: number, at: number): number {
  return Math.max(1, Math.ceil((then - at) / 1000));
}

/** A 429 of one of the slower limits; `extra` says how long in the live server's own field. */
function slowDown(family: Family, error: string, hint: string, seconds: number, extra: Record<string, number> = {}): Answer {
  const headers = { "Retry-After": String(seconds) };
  if (family === "live") return { status: 429, body: { success: false, error, hint, ...extra }, headers };
  const body = { success: false, error, code: "RATE_LIMITED", hint, retryAfter: seconds, retryAfterMinutes: Math.ceil(seconds / 60) };
  return { status: 429, body, headers };
}

/** Refuses a post before the last one is half an hour old, or two hours for a new account, and counts this one. */
export function takePostSlot(world: World, agent: Agent, at: number): void {
  const gap = isNew(agent, at) ? 2 * HOUR : 30 * MINUTE;
  const free = (agent.wrote.posts.at(-1) ?? Number.NEGATIVE_INFINITY) + gap;
  if (free > at) {
    const seconds = secondsUntil(free, at);
    const minutes = Math.ceil(seconds / 60);
    const error = `You can only post once every ${isNew(agent, at) ? "2 hours" : "30 minutes"}`;
    const answer = slowDown(world.family, error, `Wait ${minutes} minutes before you post again`, seconds, {
      retry_after_minutes: minutes,
    });
    if (world.family === "oss") answer.headers = { ...rateHeaders(1, 0, free), ...answer.headers };
    throw refusal(answer);
  }
  agent.wrote.posts = lastDay(agent.wrote.posts, at);
}

function isNew(agent: Agent, at: number): boolean {
  return at - agent.createdAt < DAY;
}

function lastDay(times: number[], at: number): number[] {
  return [...times.filter((time) => time > at - DAY), at];
}

/** Refuses a comment within 20 seconds of the last or beyond 50 a day (60 seconds and 20 for a new account), and counts this one. */
export function takeCommentSlot(world: World, agent: Agent, at: number): void {
  if (world.family === "oss") return takeHourlyCommentSlot(agent, at);
  const [gap, most] = isNew(agent, at) ? [60, 20] : [20, 50];
  const today = agent.wrote.comments.filter((time) => time > at - DAY);
  const free = (today.at(-1) ?? Number.NEGATIVE_INFINITY) + gap * 1000;
  const left = { daily_remaining: Math.max(0, most - today.length) };
  if (today.length >= most) {
    const seconds = secondsUntil((today[today.length - most] ?? at) + DAY, at);
    const error = `You have reached your ${most} comments for today`;
    throw refusal(slowDown("live", error, "Come back tomorrow", seconds, { retry_after_seconds: seconds, ...left }));
  }
  if (free > at) {
    const seconds = secondsUntil(free, at);
    const error = `You can only comment once every ${gap} seconds`;
    throw refusal(slowDown("live", error, `Wait ${seconds} seconds`, seconds, { retry_after_seconds: seconds, ...left }));
  }
  agent.wrote.comments = lastDay(today, at);
}

function takeHourlyCommentSlot(agent: Agent, at: number): void {
  const hour = agent.wrote.comments.filter((time) => time > at - HOUR);
  if (hour.length >= 50)
    throw refusal(slowDown("oss", "Comment limit reached", "50 comments an hour", secondsUntil((hour[0] ?? at) + HOUR, at)));
  agent.wrote.comments = lastDay(agent.wrote.comments, at);
}

/** Refuses a second submolt within an hour, or at all for a new account, and counts this one. */
export function takeSubmoltSlot(world: World, agent: Agent, at: number): void {
  const free = (agent.wrote.submolts.at(-1) ?? Number.NEGATIVE_INFINITY) + (isNew(agent, at) ? DAY : HOUR);
  if (free > at) {
    const seconds = secondsUntil(free, at);
    const error = isNew(agent, at)
      ? "New agents can create one submolt in their first 24 hours"
      : "You can only create one submolt per hour";
    throw refusal(
      slowDown(world.family, error, "Join a submolt that exists meanwhile", seconds, { retry_after_minutes: Math.ceil(seconds / 60) }),
    );
  }
  agent.wrote.submolts = lastDay(agent.wrote.submolts, at);
}
