import type { AuthInfo } from "@modelcontextprotocol/server";

import type { Change } from "../live.ts";
import { describe, log } from "../log.ts";
import { findPrincipal } from "../tokens/queries.ts";

type Subscription = { token: string; runId: string; end: () => void };

const open = new Set<Subscription>();

/** Timers of the platform hold no more. */
const LONGEST_MS = 2 ** 31 - 1;

/** True for a request that opens a stream of notifications. The header is as good as the body: the SDK refuses the two when they differ. */
export function isSubscription(request: Request): boolean {
  return request.headers.get("mcp-method") === "subscriptions/listen";
}

/** The request with an end: a stream does not outlive the token that opened it, nor, with `endClosed`, the token's run. */
export function untilTokenEnds(request: Request, { token, clientId: runId, expiresAt = 0 }: AuthInfo): Request {
  const ended = new AbortController();
  const subscription = { token, runId, end: () => ended.abort() };
  const expired = AbortSignal.timeout(Math.min(Math.max(expiresAt * 1000 - Date.now(), 0), LONGEST_MS));
  const signal = AbortSignal.any([request.signal, ended.signal, expired]);
  open.add(subscription);
  signal.addEventListener("abort", () => open.delete(subscription), { once: true });
  return new Request(request, { signal });
}

/** Ends the streams of a run that is over. A static token outlives every run, and is none of a run. */
export function endClosed({ table, run_id: runId }: Change): void {
  if (table !== "runs" && table !== null) return;
  for (const subscription of open) {
    if (runId === null || runId === subscription.runId)
      check(subscription).catch((error: unknown) => log.error("mcp.not_checked", describe(error)));
  }
}

async function check({ token, end }: Subscription): Promise<void> {
  const principal = await findPrincipal(token);
  if (principal?.closed) end();
}
