import type { Change } from "../live.ts";
import type { Principal } from "../tokens/queries.ts";

/** The calls that go by one id, and whether there ever were several of them at once. */
type Calls = { open: Set<AbortController>; areSeveral: boolean };

const inFlight = new Map<string, Calls>();

/**
 * Runs a call that its client can give up in either way of the protocol: by going away (`signal`), or, in the 2025 era, by a notification of
 * its own, which may reach another process and comes by `cancelCalls`.
 */
export async function cancellable<Result>(
  { run_id: runId }: Principal,
  requestId: string,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const key = keyOf(runId, requestId);
  const cancelled = new AbortController();
  const calls = inFlight.get(key) ?? { open: new Set(), areSeveral: false };
  inFlight.set(key, calls);
  calls.open.add(cancelled);
  calls.areSeveral ||= calls.open.size > 1;
  try {
    return await call(AbortSignal.any([signal, cancelled.signal]));
  } finally {
    calls.open.delete(cancelled);
    if (calls.open.size === 0) inFlight.delete(key);
  }
}

/** Cancels the call that a change names. Clients that share a token may use the same ids: an id that is not unique cancels nothing. */
export function cancelCalls({ table, run_id: runId, request_id: requestId }: Change): void {
  if (table !== "cancellations" || runId === null || requestId === undefined) return;
  const calls = inFlight.get(keyOf(runId, requestId));
  if (calls && !calls.areSeveral) for (const call of calls.open) call.abort();
}

/** As much of an id as is told to other processes. */
export const ID_LENGTH = 200;

function keyOf(runId: string, requestId: string): string {
  return `${runId} ${requestId.slice(0, ID_LENGTH)}`;
}
