import { setTimeout as sleep } from "node:timers/promises";

import type { Link } from "./link.ts";
import { noteOutage } from "./link.ts";
import type { Message } from "./message.ts";
import type { Outcome } from "./post.ts";
import { post } from "./post.ts";
import { renewSession } from "./session.ts";

/** How long messages are held while the server is away: clients give up on a server that takes 30 s to start. */
const BUDGET_MS = 20_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** What may be sent again even if it may have arrived. A tool call never is: done twice, it posts twice. */
const REPEATABLE = new Set(["initialize", "server/discover", "ping", "tools/list"]);

/**
 * Gets a message to the server, or says what became of it. While the server is away the message is held and sent again, for 20 s
 * from its own arrival and no longer than 20 s into the outage; after those, each message still gets one try.
 */
export async function deliver(link: Link, message: Message, signal: AbortSignal, receive: (message: Message) => unknown): Promise<Outcome> {
  const arrived = Date.now();
  const remaining = () => Math.min(arrived, link.outageSince ?? arrived) + BUDGET_MS - Date.now();
  let hasRenewed = false;
  for (let attempt = 0; ; attempt++) {
    const outcome = await post(link, message, limited(message, signal, remaining()), receive);
    if (outcome.kind === "forgotten" && !hasRenewed) {
      hasRenewed = true;
      await renewSession(link);
      continue;
    }
    if (signal.aborted || !mayRepeat(message, outcome)) return outcome;
    // A rate limit is no outage: the server is there, only this message has to wait.
    if (outcome.reason !== "HTTP 429") noteOutage(link, outcome.reason);
    const pause = Math.max(pauseAfter(attempt), outcome.kind === "refused" ? outcome.retryAfterMs : 0);
    if (pause > remaining()) return outcome;
    await sleep(pause, undefined, { signal }).catch(() => {});
    if (signal.aborted) return outcome;
  }
}

/** A server that takes connections and says nothing is away, too. Calls wait for it as long as their client does. */
function limited(message: Message, signal: AbortSignal, remaining: number): AbortSignal {
  if (!REPEATABLE.has(message.method ?? "")) return signal;
  return AbortSignal.any([signal, AbortSignal.timeout(Math.max(remaining, LONGEST_PAUSE_MS))]);
}

function mayRepeat(message: Message, outcome: Outcome): outcome is Extract<Outcome, { reason: string }> {
  return outcome.kind === "refused" || (outcome.kind === "lost" && REPEATABLE.has(message.method ?? ""));
}

/** Exponential, with jitter, so that held messages do not all come at once. */
function pauseAfter(attempt: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2);
}
