import { sql } from "../../db/client.ts";
import { canonical, digest } from "../audit/canonical.ts";
import type { JobPause, JobResult } from "./schema.ts";

/** The last `limit` results of each of these jobs, newest first. */
export async function listResults(jobs: string[], limit: number): Promise<Record<string, JobResult[]>> {
  const rows = await sql<(JobResult & { job: string })[]>`
    select j.job, s.slot, s.asked_by, s.claimed_at as started_at, s.finished_at, s.ok, s.detail
    from unnest(${jobs}::text[]) as j (job)
    cross join lateral (select * from schedule_slots where job = j.job order by slot desc limit ${limit}) s
    order by s.slot desc`;
  return Object.groupBy(
    rows.map(({ job, ...result }) => ({ ...result, job })),
    ({ job }) => job,
  ) as Record<string, JobResult[]>;
}

/** The paused jobs, by name. */
export async function listPauses(): Promise<Record<string, JobPause>> {
  const rows = await sql<(JobPause & { job: string })[]>`select job, reason, paused_by, paused_at from job_pauses`;
  return Object.fromEntries(rows.map(({ job, ...pause }) => [job, pause]));
}

export async function findPause(job: string): Promise<JobPause | undefined> {
  const [pause] = await sql<JobPause[]>`select reason, paused_by, paused_at from job_pauses where job = ${job}`;
  return pause;
}

/** Pauses a job, for every process; false if it is paused already. */
export async function pauseJob(job: string, reason: string, actor: string): Promise<boolean> {
  const rows = await sql`
    with paused as (
      insert into job_pauses (job, reason, paused_by) values (${job}, ${reason}, ${actor}) on conflict do nothing returning 1
    )
    select append_audit(null, 'job.paused', ${canonical({ actor, job, reason_sha256: digest(reason) })}) from paused`;
  return rows.count === 1;
}

/** Lets the schedule run a job again; false if it is not paused. */
export async function resumeJob(job: string, actor: string): Promise<boolean> {
  const rows = await sql`
    with resumed as (delete from job_pauses where job = ${job} returning 1)
    select append_audit(null, 'job.resumed', ${canonical({ actor, job })}) from resumed`;
  return rows.count === 1;
}

/**
 * Claims a carrying out that `actor` asks for, at this moment; answers its slot, or null while one of the same job goes on. One whose process
 * died counts as going on for a quarter of an hour.
 */
export async function claimNow(job: string, process: string, actor: string): Promise<string | null> {
  return sql.begin(async (tx) => {
    // One after the other, each seeing what the one before it has claimed.
    await tx`select pg_advisory_xact_lock(hashtext(${`moltbot.job.${job}`}))`;
    const [claimed] = await tx<{ slot: string }[]>`
    with claimed as (
      insert into schedule_slots (job, slot, claimed_by, asked_by)
      select ${job}, date_trunc('milliseconds', clock_timestamp()), ${process}, ${actor}
      where not exists (
        select from schedule_slots where job = ${job} and finished_at is null and claimed_at > now() - interval '15 minutes'
      )
      on conflict do nothing returning slot
    )
    select slot, append_audit(null, 'job.started', ${canonical({ actor, job })}) from claimed`;
    return claimed?.slot ?? null;
  });
}
