import { Elysia } from "elysia";
import * as z from "zod";

import { Lines } from "../../views/transcript.tsx";
import { actorOf, personOf } from "../auth/actor.ts";
import { isSessionGood } from "../auth/queries.ts";
import { AppError } from "../errors.ts";
import { newPlaces } from "../places.ts";
import { findRun } from "../runs/queries.ts";
import { answerFile, pulled } from "./file.ts";
import type { Happening } from "./follow.ts";
import { followRun } from "./follow.ts";

/** The number of a line, as the database counts. */
const Seq = z.coerce.number().int().min(0).max(2_000_000_000);
const LIVE = ["queued", "running", "stopping"];
const places = newPlaces(100, "Too many logs are open. Close some, and load this one again.");

/**
 * What a run's process printed: as it comes, and as a file. `/runs/:id/lines` is a stream of server-sent events whose unnamed messages are list items; the
 * id of each is the number of its last line, so that a browser that lost the stream goes on behind it.
 */
export const transcriptPages = new Elysia({ name: "transcript-pages" })
  .get(
    "/runs/:id/lines",
    async ({ params: { id }, query, request }) => {
      await isLive(id);
      const seen = Seq.safeParse(request.headers.get("last-event-id") || undefined);
      const from = seen.success ? seen.data + 1 : query.from;
      const { session_id } = personOf(request);
      const happenings = followRun(id, from, { isLive: () => isLive(id), mayRead: () => isSessionGood(session_id) }, request.signal);
      return new Response(streamOf(happenings, id, places.take(actorOf(request))), {
        headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store", "x-accel-buffering": "no" },
      });
    },
    { params: z.object({ id: z.uuid() }), query: z.object({ from: Seq.default(0) }) },
  )
  .get(
    "/runs/:id/transcript.ndjson",
    async ({ params: { id } }) => {
      await isLive(id);
      return answerFile(id);
    },
    { params: z.object({ id: z.uuid() }) },
  );

async function isLive(id: string): Promise<boolean> {
  const run = await findRun(id);
  if (!run) throw new AppError("not_found", "There is no run with this id.");
  return LIVE.includes(run.status);
}

function streamOf(happenings: AsyncGenerator<Happening>, run: string, leave: () => void): ReadableStream<string> {
  return pulled(happenings, (happening) => eventOf(happening, run), "retry: 1000\n\n", leave);
}

function eventOf(happening: Happening, run: string): string {
  if (happening.kind === "quiet") return ": still here\n\n";
  if (happening.kind !== "lines") return `event: ${happening.kind}\ndata: {}\n\n`;
  const markup = (<Lines lines={happening.lines} run={run} />) as string;
  const data = markup.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `id: ${happening.lines.at(-1)?.seq}\n${data.join("")}\n`;
}
