import { AppError } from "../server/errors.ts";
import { claimSlot, finishSlot } from "../server/instances/queries.ts";
import { claimNow, findPause } from "../server/jobs/queries.ts";
import { describe, log } from "../server/log.ts";
import { RUNNER } from "../server/runs/heartbeat.ts";
import { jobs } from "./index.ts";
import type { Job, JobContext } from "./job.ts";

type Outcome = "ran" | "failed" | "paused" | "not_ours";

/** Starts every job that has a schedule. `stop` ends the schedule; what runs already is not touched. */
export function startSchedule(context: Omit<JobContext, "slot">): { stop(): void } {
  const handles = jobs.flatMap((job) =>
    job.schedule ? [Bun.cron(job.schedule.cron, () => fire(job, context, new Date()), { tz: job.schedule.tz })] : [],
  );
  return { stop: () => handles.forEach((handle) => handle.stop()) };
}

/**
 * One firing of a job. Every process fires; the one that inserts the slot's row runs it, unless the job is paused: that is on record too. It
 * never throws, because a rejected cron callback would end the process.
 */
export async function fire(job: Job, context: Omit<JobContext, "slot">, at: Date): Promise<Outcome> {
  const slot = new Date(Math.floor(at.getTime() / 60_000) * 60_000).toISOString();
  return carryOut(job, slot, async () => {
    if (!(await claimSlot(job.name, slot, RUNNER))) return "not_ours";
    const pause = await findPause(job.name);
    const due = { ...context, slot: `${job.name}:${slot}` };
    if (!pause) return job.run(due, {});
    await job.onPaused?.(due, pause.reason);
    await finishSlot(job.name, slot, true, `Paused: ${pause.reason}`);
    return "paused";
  });
}

/**
 * Starts a job because `actor` asks for it, paused or not, and does not wait for its end: that is found among its results. Throws AppError
 * `conflict` while it is running.
 */
export async function startNow(job: Job, context: Omit<JobContext, "slot">, actor: string): Promise<void> {
  const slot = await claimNow(job.name, RUNNER, actor);
  if (!slot)
    throw new AppError("conflict", `${job.name} is running. Its result will stand on the page of jobs; start it again after that.`);
  void carryOut(job, slot, () => job.run({ ...context, slot: null }, {}));
}

async function carryOut(job: Job, slot: string, work: () => Promise<{ ok: boolean; text: string } | Outcome>): Promise<Outcome> {
  const started = performance.now();
  try {
    const done = await work();
    if (typeof done === "string") return done;
    await finishSlot(job.name, slot, done.ok, done.text);
    log.info("job.finished", { job: job.name, ok: done.ok, ms: Math.round(performance.now() - started) });
    return done.ok ? "ran" : "failed";
  } catch (error) {
    log.error("job.failed", { job: job.name, ...describe(error) });
    await finishSlot(job.name, slot, false, "It failed; the log says why.").catch(() => {});
    return "failed";
  }
}
