import { Elysia } from "elysia";
import * as z from "zod";

import { sql } from "../db/client.ts";

type Change = { table: string; run_id: string | null };
const listeners = new Set<(change: Change) => void>();
let listening: Promise<unknown> | undefined;

const HEARTBEAT_MS = 15_000;
const MAX_STREAMS = 200;

/**
 * `/live`: server-sent events that say that something changed, never what: a page then fetches itself again. `?run=ID` narrows it to one run.
 * Changes come through Postgres's NOTIFY, so it does not matter which process made them.
 */
export const live = new Elysia({ name: "live" }).get(
  "/live",
  async ({ query, request, set }) => {
    await listen();
    if (listeners.size >= MAX_STREAMS) {
      set.status = 503;
      return "too many live pages";
    }
    return new Response(streamChanges(query.run, request.signal), {
      headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store", "x-accel-buffering": "no" },
    });
  },
  { query: z.object({ run: z.uuid().optional() }) },
);

/** One LISTEN connection a process, whatever the number of pages; postgres.js renews it after a lost connection. */
async function listen(): Promise<void> {
  listening ??= sql.listen("live", (payload) => {
    const change = JSON.parse(payload) as Change;
    for (const listener of listeners) listener(change);
  });
  try {
    await listening;
  } catch (error) {
    listening = undefined;
    throw error;
  }
}

function streamChanges(run: string | undefined, signal: AbortSignal): ReadableStream<string> {
  let close: (() => void) | undefined;
  return new ReadableStream<string>({
    start(controller) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const beat = setInterval(() => controller.enqueue(": still here\n\n"), HEARTBEAT_MS);
      // A burst of changes is one event: the page needs the newest state, not each step.
      const listener = (change: Change) => {
        if (run && change.run_id !== run) return;
        timer ??= setTimeout(() => {
          timer = undefined;
          controller.enqueue("event: changed\ndata: {}\n\n");
        }, 200);
      };
      close = () => {
        listeners.delete(listener);
        clearInterval(beat);
        clearTimeout(timer);
      };
      listeners.add(listener);
      signal.addEventListener("abort", () => close?.(), { once: true });
      controller.enqueue("retry: 2000\n\n");
    },
    cancel: () => close?.(),
  });
}
