import type { Link } from "./link.ts";
import { noteOutage } from "./link.ts";
import { awaitReturn } from "./lookout.ts";
import type { Message } from "./message.ts";
import { pause, pauseAfter } from "./pause.ts";
import type { Outcome, Trip } from "./post.ts";
import { post, readOn } from "./post.ts";
import { isGreeting, isPlainRead, keyFor, mayRepeat } from "./repeat.ts";
import { greetAnew } from "./session.ts";
import type { Cursor } from "./stream.ts";

/** How long messages are held while the server is away: clients give up on a server that takes 30 s to start. */
const BUDGET_MS = 20_000;
const SHORTEST_MS = 2_000;

/**
 * Gets a message to the server, or says what became of it. While the server is away the message is held and sent again, for 20 s and no
 * longer than 20 s into the outage; after those, each message still gets one try. A stream that ends before the answer is read on, if the
 * server lets it.
 */
export async function deliver(link: Link, message: Message, trip: Trip): Promise<Outcome> {
  let wasLost = false;
  const outcome = await persist(link, message, trip, () => (wasLost = true));
  // Whatever became of a later try, the first may have taken effect.
  return wasLost && outcome.kind !== "done" ? { kind: "lost", reason: "reason" in outcome ? outcome.reason : outcome.kind } : outcome;
}

/** Since when (ms) a message is being delivered, how often that has failed, and the rest of its answer, if a part of that has come. */
type Effort = { since: number; failures: number; rest: Cursor | undefined; signal: AbortSignal };

async function persist(link: Link, message: Message, { signal, receive }: Trip, noteLoss: () => void): Promise<Outcome> {
  const key = keyFor(link, message);
  const effort: Effort = { since: Date.now(), failures: 0, rest: undefined, signal };
  for (; ; effort.failures++) {
    const seen = effort.rest?.lastEventId;
    const outcome = await tryOnce(link, message, { signal: limited(link, message, effort), receive, key }, effort.rest);
    if (outcome.kind === "lost") noteLoss();
    if (outcome.kind === "done" || outcome.kind === "rejected" || signal.aborted) return outcome;
    if (outcome.kind === "lost" && !outcome.rest && !mayRepeat(link, message)) return outcome;

    if (outcome.kind === "lost") effort.rest = outcome.rest;
    const hasMoved = effort.rest !== undefined && effort.rest.lastEventId !== seen;
    // A call may take its time: its 20 s begin when it first fails, or when its stream has last brought something.
    if (hasMoved || (effort.failures === 0 && !isPlainRead(message))) effort.since = Date.now();
    if (hasMoved) effort.failures = 0;
    if (!(await isWorthAnother(link, outcome, effort))) return outcome;
  }
}

function remaining(link: Link, { since }: Effort): number {
  return Math.min(since, link.outageSince ?? since) + BUDGET_MS - Date.now();
}

/** A readable rest is asked for; else the message is sent, after whatever the server has missed. */
async function tryOnce(link: Link, message: Message, trip: Trip, rest: Cursor | undefined): Promise<Outcome> {
  if (rest) {
    const outcome = await readOn(link, message, rest, trip);
    return outcome.kind === "rejected" || outcome.kind === "forgotten" ? { kind: "lost", reason: "the stream is gone" } : outcome;
  }
  if (link.owed && !isGreeting(message) && message.method !== link.owed.method) {
    const greeted = await greetAnew(link);
    if (greeted.kind === "lost") return { kind: "refused", reason: greeted.reason, isAway: false, retryAfterMs: 0 };
    if (greeted.kind !== "done") return greeted;
  }
  return post(link, message, trip);
}

/** A server that takes connections and says nothing is away, too. Calls wait for it as long as their client does. */
function limited(link: Link, message: Message, effort: Effort): AbortSignal {
  if (!isPlainRead(message)) return effort.signal;
  return AbortSignal.any([effort.signal, AbortSignal.timeout(Math.max(remaining(link, effort), SHORTEST_MS))]);
}

/** Waits until another try makes sense; answers false when that is beyond the time that remains. */
async function isWorthAnother(link: Link, outcome: Outcome, effort: Effort): Promise<boolean> {
  const { failures, rest, signal } = effort;
  if (outcome.kind === "forgotten") {
    if (link.session.id === outcome.sessionId) await greetAnew(link);
    if (failures === 0) return true;
  }
  // A rate limit is no outage: the server is there, only this message has to wait. Nor is the end of a stream that can be read on.
  if ("reason" in outcome && outcome.reason !== "HTTP 429" && !rest) noteOutage(link, outcome.reason);
  if (outcome.kind === "refused" && outcome.isAway) {
    await Promise.race([awaitReturn(link), pause(Math.max(remaining(link, effort), 0), signal)]);
    return remaining(link, effort) > 0 && !signal.aborted;
  }
  const least = outcome.kind === "refused" ? outcome.retryAfterMs : (rest?.retryMs ?? 0);
  const ms = Math.max(pauseAfter(failures), least);
  if (ms > remaining(link, effort)) return false;
  await pause(ms, signal);
  return !signal.aborted;
}
