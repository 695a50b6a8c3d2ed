import { Elysia } from "elysia";
import * as z from "zod";

import { listActions } from "../../actions/queries.ts";
import { Action } from "../../actions/schema.ts";
import { actorOf, callerOf } from "../../auth/actor.ts";
import { config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { pageOf, PageQuery } from "../../paging.ts";
import { findRun } from "../../runs/queries.ts";
import { Run } from "../../runs/schema.ts";
import { readOutput } from "./output.ts";
import type { Known, Recorded } from "./queries.ts";
import { addToldActions, getRunNamed, witnessed } from "./queries.ts";
import { recordRun } from "./record.ts";
import type { ReportedAction } from "./schema.ts";
import { Named, NewRun, ReportedActions, RunChanges } from "./schema.ts";

const Nothing = z.strictObject({});

/** Where programs report runs that were not started by us: claimed, not witnessed. An id is ours (a UUID) or the one that the program gave. */
export const toldApi = new Elysia({ name: "told-api", prefix: "/api/runs", tags: ["runs"] })
  .post(
    "",
    async ({ body, request, status }) => {
      const recorded = await record({ ...body, agent_name: body.agent_name ?? config.agentName }, request);
      return status(recorded.is_new ? 201 : 200, await getRun(recorded.id));
    },
    {
      body: NewRun,
      query: Nothing,
      response: { 200: Run, 201: Run },
      detail: { summary: "Report a run that happened elsewhere; reporting it again brings it up to date" },
    },
  )
  .patch(
    "/:id",
    async ({ params, body, request }) => {
      const known = await getTold(params.id);
      const started_at = body.started_at ?? known.started_at ?? known.created_at;
      const { id } = await record({ ...body, started_at, run_id: known.external_id, agent_name: known.agent_name }, request);
      return getRun(id);
    },
    { params: Named, query: Nothing, body: RunChanges, response: Run, detail: { summary: "Change what was reported of a run" } },
  )
  .post(
    "/:id/actions",
    async ({ params, body, request, status }) => {
      const { id, agent_id, started_at, created_at } = await getTold(params.id);
      const place = { id, agent_id, started_at: started_at ?? created_at };
      return status(201, await addToldActions(place, [body].flat().map(actionOf), actorOf(request)));
    },
    {
      params: Named,
      query: Nothing,
      body: ReportedActions,
      response: { 201: z.array(Action) },
      detail: { summary: "Report what an agent did in a run that happened elsewhere" },
    },
  )
  .get("/:id/actions", async ({ params, query }) => listActions({ ...query, run_id: (await getRunNamed(params.id)).id }), {
    params: Named,
    query: PageQuery,
    response: pageOf(Action),
    detail: { summary: "What an agent did in one run, newest first" },
  });

async function record({ run_id, started_at, agent_name, ...rest }: NewRun & { agent_name: string }, request: Request): Promise<Recorded> {
  const { prompt_version_id: version, raw_output: raw } = rest;
  const told = {
    runId: run_id,
    agentName: agent_name,
    startedAt: started_at,
    finishedAt: rest.finished_at,
    durationSeconds: rest.duration_seconds,
    status: rest.status,
    exitCode: rest.exit_code,
    scriptVariant: rest.script_variant,
    runNumber: rest.run_number,
    promptVersion: version === undefined || version === null ? version : String(version),
    summary: rest.summary,
    error: rest.error_message,
  };
  const output = typeof raw === "string" ? await readOutput(new Blob([raw]).stream()) : null;
  return recordRun(told, output, { actor: actorOf(request), isKey: callerOf(request).kind === "key", actions: "apart" });
}

function actionOf({ action_type: type, succeeded, ...rest }: ReportedAction) {
  const place =
    type === "subscribed" || type === "unsubscribed" ? /^(?:m\/)?([\w-]{1,100})$/.exec(rest.target_id ?? rest.detail ?? "")?.[1] : null;
  return { ...withoutUndefined(rest), type, submolt: place ?? null, status: succeeded === false ? ("failed" as const) : ("done" as const) };
}

function withoutUndefined({
  target_id = null,
  target_title = null,
  target_author = null,
  detail = null,
}: Omit<ReportedAction, "action_type">) {
  return { target_id, target_title, target_author, detail };
}

async function getTold(name: string): Promise<Known & { external_id: string }> {
  const { external_id, ...run } = await getRunNamed(name);
  if (run.kind !== "claimed" || external_id === null) throw witnessed();
  return { ...run, external_id };
}

async function getRun(id: string): Promise<Run> {
  const run = await findRun(id);
  if (!run) throw new AppError("not_found", "There is no run with this id.");
  return run;
}
