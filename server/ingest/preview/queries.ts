import { openSession } from "../../../db/client.ts";

/** Counts ids of events, each once and only if it is not on record. */
export type FreshIds = AsyncDisposable & { count: (ids: string[]) => Promise<number> };

/** The ids are kept in a table of this session alone, so that a log of any length may name an event twice. */
export async function openFreshIds(): Promise<FreshIds> {
  const session = openSession();
  await session`create temporary table fresh_ids (id uuid primary key)`;
  return {
    async count(ids) {
      const fresh = await session`
        insert into fresh_ids select id from unnest(${ids}::uuid[]) given (id) where not exists (select from events e where e.id = given.id)
        on conflict do nothing`;
      return fresh.count;
    },
    [Symbol.asyncDispose]: () => session.end({ timeout: 1 }),
  };
}
