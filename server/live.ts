import { Elysia } from "elysia";
import * as z from "zod";

import { sql } from "../db/client.ts";
import { actorOf } from "./auth/actor.ts";
import { newPlaces } from "./places.ts";

/**
 * What changed: a table, and whose row. Null where that is not known, so that it may be any. `request_id` is that of a call which its client
 * gave up.
 */
export type Change = { table: string | null; run_id: string | null; agent_id?: string | null; request_id?: string };
type Listener = (change: Change) => void;

const pages = new Set<Listener>();
const others = new Set<Listener>();
let listening: Promise<unknown> | undefined;

const HEARTBEAT_MS = 15_000;
const places = newPlaces(200, "Too many pages are open. Close some, and load this one again.");

/**
 * `/live`: server-sent events that say that something changed, never what: a page then fetches itself again. `?run=ID` narrows it to one run,
 * `?about=jobs` to the jobs, of which the others hear nothing because something of them changes every minute. Changes come through Postgres's NOTIFY, so it does not matter which process made them.
 */
export const live = new Elysia({ name: "live" }).get(
  "/live",
  async ({ query, request }) => {
    await listen();
    const leave = places.take(actorOf(request));
    return new Response(streamChanges(query, request.signal, leave), {
      headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store", "x-accel-buffering": "no" },
    });
  },
  { query: z.object({ run: z.uuid().optional(), about: z.literal("jobs").optional() }) },
);

/** Calls `listener` for every change from now on, whichever process made it; answers how to stop. Throws when the database is away. */
export async function onChange(listener: Listener): Promise<() => void> {
  await listen();
  others.add(listener);
  return () => void others.delete(listener);
}

/**
 * One LISTEN connection a process, whatever the number of listeners. postgres.js renews it after a lost connection; what changed in between
 * nobody knows, so every listener hears of it.
 */
async function listen(): Promise<void> {
  listening ??= sql.listen(
    "live",
    (payload) => tell(JSON.parse(payload) as Change),
    () => tell({ table: null, run_id: null }),
  );
  try {
    await listening;
  } catch (error) {
    listening = undefined;
    throw error;
  }
}

function tell(change: Change): void {
  for (const listener of [...pages, ...others]) listener(change);
}

function streamChanges(
  { run, about }: { run?: string | undefined; about?: "jobs" | undefined },
  signal: AbortSignal,
  leave: () => void,
): ReadableStream<string> {
  let close: (() => void) | undefined;
  return new ReadableStream<string>({
    start(controller) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const beat = setInterval(() => controller.enqueue(": still here\n\n"), HEARTBEAT_MS);
      // A burst of changes is one event: the page needs the newest state, not each step.
      const listener = (change: Change) => {
        // Lines of output come by the hundred, and those who show them follow them by themselves.
        if (change.table === "transcripts") return;
        if (change.table !== null && (change.table === "jobs") !== (about === "jobs")) return;
        if (run && change.run_id !== null && change.run_id !== run) return;
        timer ??= setTimeout(() => {
          timer = undefined;
          controller.enqueue("event: changed\ndata: {}\n\n");
        }, 200);
      };
      close = () => {
        leave();
        pages.delete(listener);
        clearInterval(beat);
        clearTimeout(timer);
      };
      controller.enqueue("retry: 2000\n\n");
      // Who left while we were on our way here is told no more.
      if (signal.aborted) return close();
      pages.add(listener);
      signal.addEventListener("abort", () => close?.(), { once: true });
    },
    cancel: () => close?.(),
  });
}
