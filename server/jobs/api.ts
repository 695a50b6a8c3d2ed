import { Elysia } from "elysia";
import * as z from "zod";

import { jobs } from "../../jobs/index.ts";
import { startNow } from "../../jobs/schedule.ts";
import { ensureAgent } from "../agents/queries.ts";
import { actorOf } from "../auth/actor.ts";
import { config } from "../config.ts";
import { AppError } from "../errors.ts";
import { inWords, nextTimes } from "../schedule.ts";
import { listPauses, listResults, pauseJob, resumeJob } from "./queries.ts";
import { PauseRequest, ScheduledJob } from "./schema.ts";

const NoQuery = z.strictObject({});
const Named = z.object({ name: z.string().max(100) });
const scheduled = jobs.flatMap(({ schedule, ...job }) => (schedule ? [{ ...job, schedule }] : []));

export const jobsApi = (mcpUrl: () => string) =>
  new Elysia({ name: "jobs-api", prefix: "/api/jobs", tags: ["jobs"] })
    .get("", async () => ({ items: await listScheduledJobs(), next: null }), {
      query: NoQuery,
      response: z.object({ items: z.array(ScheduledJob), next: z.null() }),
      detail: { summary: "The jobs that run by themselves, with their next times and last results" },
    })
    .post(
      "/:name/run",
      async ({ params, request, set }) => {
        await startScheduled(params.name, mcpUrl(), actorOf(request));
        set.status = 202;
        return getScheduledJob(params.name);
      },
      {
        params: Named,
        query: NoQuery,
        response: { 202: ScheduledJob },
        detail: { summary: "Start a job now, and do not wait for its end" },
      },
    )
    .post(
      "/:name/pause",
      async ({ params, body, request }) => {
        await pause(params.name, body.reason, actorOf(request));
        return getScheduledJob(params.name);
      },
      {
        params: Named,
        query: NoQuery,
        body: PauseRequest,
        response: ScheduledJob,
        detail: { summary: "Keep a job from running by itself" },
      },
    )
    .post(
      "/:name/resume",
      async ({ params, request }) => {
        await resume(params.name, actorOf(request));
        return getScheduledJob(params.name);
      },
      { params: Named, query: NoQuery, response: ScheduledJob, detail: { summary: "Let a paused job run by itself again" } },
    );

/** The jobs that have a schedule, as the table of jobs orders them. */
export async function listScheduledJobs(): Promise<ScheduledJob[]> {
  const [pauses, results] = await Promise.all([
    listPauses(),
    listResults(
      scheduled.map(({ name }) => name),
      5,
    ),
  ]);
  return scheduled.map(({ name, summary, schedule: { cron, tz } }) => ({
    name,
    summary,
    schedule: cron,
    timezone: tz,
    in_words: inWords(cron, tz),
    next_runs: nextTimes(cron, tz, 5).map((time) => time.toISOString()),
    paused: pauses[name] ?? null,
    last_results: results[name] ?? [],
  }));
}

async function getScheduledJob(name: string): Promise<ScheduledJob> {
  const job = (await listScheduledJobs()).find((each) => each.name === name);
  if (!job) throw notScheduled(name);
  return job;
}

/** Starts a job in this process. Throws AppError `not_found` for one without a schedule, `conflict` while it runs. */
export async function startScheduled(name: string, mcpUrl: string, actor: string): Promise<void> {
  await startNow(known(name), { agent: await ensureAgent(config.agentName), mcpUrl }, actor);
}

/** Keeps a job from running by itself. Throws AppError `not_found` for one without a schedule, `conflict` if it is paused. */
export async function pause(name: string, reason: string, actor: string): Promise<void> {
  if (!(await pauseJob(known(name).name, reason, actor))) throw new AppError("conflict", `${name} is paused already.`);
}

/** Lets a job run by itself again. Throws AppError `not_found` for one without a schedule, `conflict` if it is not paused. */
export async function resume(name: string, actor: string): Promise<void> {
  if (!(await resumeJob(known(name).name, actor))) throw new AppError("conflict", `${name} is not paused.`);
}

function known(name: string) {
  const job = scheduled.find((each) => each.name === name);
  if (!job) throw notScheduled(name);
  return job;
}

function notScheduled(name: string): AppError {
  return new AppError("not_found", `No job ${name.slice(0, 100)} runs by itself. GET /api/jobs lists those that do.`);
}
