import { sql } from "../../../db/client.ts";

/** So many attempts in a row pass a door; each one after them closes it for twice as long, from half a minute to a quarter of an hour. */
const FREE = 5;

/**
 * Counts an attempt to sign in at its doors (a source, an account) before it is looked at, so that many at once, in any number of processes,
 * get no further than one after the other. Answers 0 if it may be looked at, else the seconds to wait; an attempt at a closed door counts nowhere.
 */
export async function countAttempt(doors: string[]): Promise<number> {
  const [row] = await sql<{ wait: number }[]>`
    with shut as (
      select max(ceil(extract(epoch from closed_until - now())))::int as wait from sign_in_attempts where door = any(${doors}) and closed_until > now()
    ), counted as (
      insert into sign_in_attempts as a (door, failures) select d, 1 from unnest(${doors}::text[]) d, shut where shut.wait is null order by d
      on conflict (door) do update set
        failures = case when a.last_at < now() - interval '1 day' then 1 else a.failures + 1 end,
        closed_until = case when a.last_at >= now() - interval '1 day' and a.failures + 1 >= ${FREE}
          then now() + least(30 * 2 ^ (least(a.failures + 1, 20) - ${FREE}), 900) * interval '1 second' end,
        last_at = now()
      where coalesce(a.closed_until <= now(), true)
      returning 1
    )
    select coalesce(shut.wait, case when (select count(*) from counted) < ${doors.length} then 30 else 0 end)::int as wait from shut`;
  return row?.wait ?? 0;
}

/** A door that is closed: what it is to (`source` or `account`), after how many failures, and since when. */
type ClosedDoor = { of: string; failures: number; closed_at: string };

/** The one of these doors that stays closed the longest; undefined if all are open. */
export async function findClosedDoor(doors: string[]): Promise<ClosedDoor | undefined> {
  const [door] = await sql<ClosedDoor[]>`
    select split_part(door, ' ', 1) as of, failures, last_at as closed_at from sign_in_attempts
    where door = any(${doors}) and closed_until > now() order by closed_until desc, door limit 1`;
  return door;
}

/** Forgets the attempts at doors, after one that was right. */
export async function openDoors(doors: string[]): Promise<void> {
  await sql`delete from sign_in_attempts where door = any(${doors})`;
}
