import { Elysia } from "elysia";
import * as z from "zod";

import { JobsPage, JobsPanel } from "../../views/jobs.tsx";
import { actorOf, mayChange } from "../auth/actor.ts";
import { config } from "../config.ts";
import { AppError, STATUS } from "../errors.ts";
import { html, isFragment } from "../html.ts";
import { listScheduledJobs, pause, resume, startScheduled } from "./api.ts";
import { PauseRequest } from "./schema.ts";

const Named = z.object({ name: z.string().max(100) });

/** The schedule: what runs by itself, when, how it went, and how to run or pause it. */
export const jobPages = (mcpUrl: () => string) =>
  new Elysia({ name: "job-pages" })
    .get("/jobs", async ({ request }) => {
      const props = { jobs: await listScheduledJobs(), mode: config.mode, mayChange: mayChange(request) };
      return html(isFragment(request) ? <JobsPanel {...props} /> : <JobsPage {...props} fault={null} />);
    })
    .post("/jobs/:name/run", ({ params, request }) => done(startScheduled(params.name, mcpUrl(), actorOf(request)), params.name), {
      params: Named,
    })
    .post("/jobs/:name/pause", ({ params, body, request }) => done(pause(params.name, body.reason, actorOf(request)), params.name), {
      params: Named,
      body: PauseRequest,
    })
    .post("/jobs/:name/resume", ({ params, request }) => done(resume(params.name, actorOf(request)), params.name), { params: Named });

/** Back to the job once it is done; what kept it from being done is said on the page. */
async function done(change: Promise<void>, name: string): Promise<Response> {
  try {
    await change;
    return new Response(null, { status: 303, headers: { location: `/jobs#${encodeURIComponent(name)}` } });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return html(<JobsPage jobs={await listScheduledJobs()} mode={config.mode} mayChange fault={error.message} />, {
      status: STATUS[error.code],
    });
  }
}
