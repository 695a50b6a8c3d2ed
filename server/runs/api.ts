import { Elysia } from "elysia";
import * as z from "zod";

import { listActions } from "../actions/queries.ts";
import { AppError } from "../errors.ts";
import { answerList, exportable } from "../export.ts";
import { pageOf } from "../paging.ts";
import { findRun, listRuns } from "./queries.ts";
import { Run, RunDetail, RunFilter } from "./schema.ts";

export const runsApi = new Elysia({ name: "runs-api", prefix: "/api/runs", tags: ["runs"] })
  .get("", ({ query }) => answerList(query, listRuns, { name: "runs", item: Run }), {
    query: exportable(RunFilter),
    response: pageOf(Run),
    detail: { summary: "Runs, newest first" },
  })
  .get("/:id", ({ params }) => getRunDetail(params.id), {
    params: z.object({ id: z.uuid() }),
    query: z.strictObject({}),
    response: RunDetail,
    detail: { summary: "One run with its actions" },
  });

/** A run with its last hundred actions, in order. Throws AppError `not_found`. */
export async function getRunDetail(id: string): Promise<RunDetail> {
  const run = await findRun(id);
  if (!run) throw new AppError("not_found", "There is no run with this id.");
  const actions = await listActions({ run_id: id, limit: 100 });
  return { ...run, actions: actions.items.toReversed() };
}
