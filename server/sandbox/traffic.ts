const MOST_KEPT = 10_000;

/**
 * A write as it came in: whose key it carried, when (in the world's milliseconds), the status it got, and whether the world changed by it.
 * A write that failed on purpose before it reached the world is here too, for its client has sent it.
 */
export type Write = { agent: string | null; method: string; path: string; at: number; status: number; landed: boolean };

/** What a test counts: how many requests were refused with 429, and the latest writes, at most 10,000 of them. */
export type Traffic = { refused: number; writes: Write[] };

/** Nothing has come in yet. */
export function noTraffic(): Traffic {
  return { refused: 0, writes: [] };
}

/** Notes a request and the status it got. */
export function note(traffic: Traffic, request: Write): void {
  if (request.status === 429) traffic.refused += 1;
  if (request.method === "GET") return;
  traffic.writes.push(request);
  traffic.writes.splice(0, traffic.writes.length - MOST_KEPT);
}
