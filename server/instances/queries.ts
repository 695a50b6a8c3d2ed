import { sql } from "../../db/client.ts";

/**
 * Takes a data directory for this process, for as long as its database session lives: a killed process loses it at once, whatever its
 * process id was. Null if another process has it.
 */
export async function lockDataDir(dataDir: string): Promise<{ release(): Promise<void> } | null> {
  const connection = await sql.reserve();
  const [lock] = await connection<
    { taken: boolean }[]
  >`select pg_try_advisory_lock(hashtext('moltbot.data_dir'), hashtext(${dataDir})) as taken`;
  const release = async () => {
    await connection`select pg_advisory_unlock(hashtext('moltbot.data_dir'), hashtext(${dataDir}))`;
    connection.release();
  };
  if (lock?.taken) return { release };
  connection.release();
  return null;
}

/** True if an app has this data directory now. */
export async function isDataDirLocked(dataDir: string): Promise<boolean> {
  const rows = await sql`
    select from pg_locks
    where locktype = 'advisory' and objsubid = 2 and granted
      and classid::bigint = hashtext('moltbot.data_dir')::bigint & 4294967295 and objid::bigint = hashtext(${dataDir})::bigint & 4294967295`;
  return rows.count > 0;
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
