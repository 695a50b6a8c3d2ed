import { Elysia } from "elysia";
import * as z from "zod";

import { listActions } from "../actions/queries.ts";
import { actorOf } from "../auth/actor.ts";
import { getRunNamed } from "../claims/told/queries.ts";
import { Named } from "../claims/told/schema.ts";
import { AppError } from "../errors.ts";
import { answerList, exportable } from "../export.ts";
import { pageOf } from "../paging.ts";
import { answerFile } from "../transcripts/file.ts";
import { findRun, listRuns, requestStop } from "./queries.ts";
import { Run, RunDetail, RunFilter } from "./schema.ts";

export const runsApi = new Elysia({ name: "runs-api", prefix: "/api/runs", tags: ["runs"] })
  .get("", ({ query }) => answerList(query, listRuns, { name: "runs", item: Run }), {
    query: exportable(RunFilter),
    response: pageOf(Run),
    detail: { summary: "Runs, newest first" },
  })
  .get("/:id", async ({ params }) => getRunDetail((await getRunNamed(params.id)).id), {
    params: Named,
    query: z.strictObject({}),
    response: RunDetail,
    detail: { summary: "One run with its actions" },
  })
  .get("/:id/transcript", async ({ params }) => answerFile((await getRunNamed(params.id)).id), {
    params: Named,
    query: z.strictObject({}),
    detail: { summary: "What a run printed, line by line" },
  })
  .post(
    "/:id/stop",
    async ({ params, request }) => {
      await stopRun(params.id, actorOf(request));
      return getRunDetail(params.id);
    },
    { params: z.object({ id: z.uuid() }), query: z.strictObject({}), response: RunDetail, detail: { summary: "End a live heartbeat" } },
  );

/** A run with its last hundred actions, in order. Throws AppError `not_found`. */
export async function getRunDetail(id: string): Promise<RunDetail> {
  const run = await findRun(id);
  if (!run) throw new AppError("not_found", "There is no run with this id.");
  const actions = await listActions({ run_id: id, limit: 100 });
  return { ...run, actions: actions.items.toReversed() };
}

/**
 * Asks for a live heartbeat's end; it has ended once its process has, so its status is `stopping` until then. Throws AppError `not_found`, or `conflict`
 * when it has ended or is ending.
 */
export async function stopRun(id: string, actor: string): Promise<void> {
  if (await requestStop(id, actor)) return;
  const run = await findRun(id);
  if (!run) throw new AppError("not_found", "There is no run with this id.");
  throw new AppError("conflict", run.status === "stopping" ? "The run is ending already." : "The run has ended: there is nothing to stop.");
}
