import { openSession, sql } from "../../db/client.ts";

const RETAKE_MS = 10_000;

/**
 * Takes a data directory, by its id, for this process, for as long as its database session lives: a killed process loses it at once, whatever
 * its process id was. Null if another process has it. A lock that was lost with its session, in a restart of Postgres, is taken again.
 */
export async function lockDataDir(id: string): Promise<{ release(): Promise<void> } | null> {
  const session = openSession();
  const take = () => session<{ taken: boolean }[]>`
    select pg_try_advisory_lock(hashtext('moltbot.data_dir'), hashtext(${id})) as taken`;
  const [lock] = await take();
  if (!lock?.taken) {
    await session.end();
    return null;
  }
  const retake = setInterval(() => void take().catch(() => {}), RETAKE_MS);
  const release = async () => {
    clearInterval(retake);
    await session.end({ timeout: 1 });
  };
  return { release };
}

/** True if an app has this data directory now. */
export async function isDataDirLocked(id: string): Promise<boolean> {
  const rows = await sql`
    select from pg_locks
    where locktype = 'advisory' and objsubid = 2 and granted
      and classid::bigint = hashtext('moltbot.data_dir')::bigint & 4294967295 and objid::bigint = hashtext(${id})::bigint & 4294967295`;
  return rows.count > 0;
}

/** Does what only one process may do at a time, unless another one does it now. The lock goes with its transaction, so that a killed process has none. */
export async function doAlone(name: string, work: () => void): Promise<void> {
  await sql.begin(async (transaction) => {
    const [lock] = await transaction<{ taken: boolean }[]>`
      select pg_try_advisory_xact_lock(hashtext('moltbot.alone'), hashtext(${name})) as taken`;
    if (lock?.taken) work();
  });
}

/** Makes the partitions of this month and the next three, for the tables that have them. Answers how many it made. */
export async function ensurePartitions(): Promise<number> {
  const [row] = await sql<{ made: number }[]>`select ensure_partitions(now(), 3) as made`;
  return row?.made ?? 0;
}

/** Claims one firing of a scheduled job; false if another process has it. */
export async function claimSlot(job: string, slot: string, process: string): Promise<boolean> {
  const rows = await sql`insert into schedule_slots (job, slot, claimed_by) values (${job}, ${slot}, ${process}) on conflict do nothing`;
  return rows.count === 1;
}

export async function finishSlot(job: string, slot: string, ok: boolean, detail: string): Promise<void> {
  await sql`update schedule_slots set finished_at = now(), ok = ${ok}, detail = ${detail.slice(0, 1000)} where job = ${job} and slot = ${slot}`;
}

/** Forgets slots that are too old to be claimed again. */
export async function deleteOldSlots(): Promise<number> {
  const rows = await sql`delete from schedule_slots where slot < now() - interval '30 days'`;
  return rows.count;
}
