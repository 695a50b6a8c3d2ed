import { claimSlot, finishSlot } from "../server/instances/queries.ts";
import { describe, log } from "../server/log.ts";
import { RUNNER } from "../server/runs/heartbeat.ts";
import { jobs } from "./index.ts";
import type { Job, JobContext } from "./job.ts";

/** Starts every job that has a schedule. `stop` ends the schedule; what runs already is not touched. */
export function startSchedule(context: Omit<JobContext, "slot">): { stop(): void } {
  const handles = jobs.flatMap((job) =>
    job.schedule ? [Bun.cron(job.schedule.cron, () => fire(job, context, new Date()), { tz: job.schedule.tz })] : [],
  );
  return { stop: () => handles.forEach((handle) => handle.stop()) };
}

/**
 * One firing of a job. Every process fires; the one that inserts the slot's row runs it. It never throws, because a rejected
 * cron callback would end the process.
 */
export async function fire(job: Job, context: Omit<JobContext, "slot">, at: Date): Promise<"ran" | "failed" | "not_ours"> {
  const slot = new Date(Math.floor(at.getTime() / 60_000) * 60_000).toISOString();
  try {
    if (!(await claimSlot(job.name, slot, RUNNER))) return "not_ours";
    const started = performance.now();
    const { ok, text } = await job.run({ ...context, slot: `${job.name}:${slot}` }, {});
    await finishSlot(job.name, slot, ok, text);
    log.info("job.finished", { job: job.name, ok, ms: Math.round(performance.now() - started) });
    return ok ? "ran" : "failed";
  } catch (error) {
    log.error("job.failed", { job: job.name, ...describe(error) });
    await finishSlot(job.name, slot, false, "It failed; the log says why.").catch(() => {});
    return "failed";
  }
}
