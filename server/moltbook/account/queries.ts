import { sql } from "../../../db/client.ts";
import { storable } from "../../redact.ts";
import type { Caller } from "../modes.ts";
import { platformMode } from "../modes.ts";

export type AccountState = "unknown" | "ok" | "unclaimed" | "key_refused" | "wrong_host" | "forbidden" | "captcha" | "suspended";

/** What is on record of an account: see the columns of moltbook_accounts. Times are RFC 3339 UTC. */
export type Account = {
  name: string | null;
  state: AccountState;
  detail: string | null;
  registered_at: string | null;
  suspended_until: string | null;
  failures_in_row: number;
  frozen_at: string | null;
  open_since: string | null;
  checked_at: string | null;
};

/** The account that an agent has in the mode that Moltbook sees; undefined before anything is known of it. */
export async function findAccount(who: Caller): Promise<Account | undefined> {
  const [account] = await sql<Account[]>`
    select name, state, detail, registered_at, suspended_until, failures_in_row, frozen_at, open_since, checked_at
    from moltbook_accounts where agent_id = ${who.agent_id} and mode = ${platformMode(who)}`;
  return account;
}

/** Until when an account is suspended (RFC 3339 UTC); undefined when it is not, or when its time is over and a read may ask. */
export async function findSuspension(who: Caller): Promise<string | undefined> {
  const [account] = await sql<{ suspended_until: string }[]>`
    select suspended_until from moltbook_accounts
    where agent_id = ${who.agent_id} and mode = ${platformMode(who)} and suspended_until + interval '1 minute' > now()`;
  return account?.suspended_until;
}

/** Keeps what Moltbook tells of the account itself: its name, whether it is claimed, and since when it exists. */
export async function recordAccount(
  who: Caller,
  told: { name: string | null; isClaimed: boolean; registeredAt: string | null },
): Promise<void> {
  const state = told.isClaimed ? "ok" : "unclaimed";
  await sql`
    insert into moltbook_accounts as a (agent_id, mode, name, state, registered_at, checked_at)
    values (${who.agent_id}, ${platformMode(who)}, ${told.name && storable(told.name).slice(0, 200)}, ${state}, ${told.registeredAt}, now())
    on conflict (agent_id, mode) do update set name = coalesce(excluded.name, a.name), state = excluded.state, detail = null, suspended_until = null,
      registered_at = coalesce(excluded.registered_at, a.registered_at), checked_at = now()`;
}

/** Moltbook has answered as it should: the account works, the breaker closes. Answers which troubles that ended. */
export async function recordHealthy(who: Caller): Promise<{ was_suspended: boolean; was_open: boolean }> {
  const [ended] = await sql<{ was_suspended: boolean; was_open: boolean }[]>`
    with before as (
      select state, open_since from moltbook_accounts where agent_id = ${who.agent_id} and mode = ${platformMode(who)}
    ), account as (
      insert into moltbook_accounts as a (agent_id, mode, state, checked_at) values (${who.agent_id}, ${platformMode(who)}, 'ok', now())
      on conflict (agent_id, mode) do update set state = case when a.state = 'unclaimed' then a.state else 'ok' end, detail = null,
        suspended_until = null, open_since = null, faults = '{}', probed_at = null, checked_at = now()
    )
    select coalesce(state = 'suspended', false) as was_suspended, open_since is not null as was_open from before`;
  return ended ?? { was_suspended: false, was_open: false };
}

/**
 * The account is in trouble. A suspension lasts `seconds` from now, or longer if an earlier word said so; the state of an account that is
 * suspended changes only by what `recordHealthy` sees. Answers true if that is news.
 */
export async function recordTrouble(who: Caller, state: AccountState, detail: string, seconds: number | null): Promise<boolean> {
  const until = state === "suspended" ? sql`now() + ${seconds ?? 3600} * interval '1 second'` : sql`null::timestamptz`;
  const rows = await sql<{ is_news: boolean }[]>`
    with before as (
      select state from moltbook_accounts where agent_id = ${who.agent_id} and mode = ${platformMode(who)}
    ), account as (
      insert into moltbook_accounts as a (agent_id, mode, state, detail, suspended_until, checked_at)
      values (${who.agent_id}, ${platformMode(who)}, ${state}, ${storable(detail).slice(0, 1000)}, ${until}, now())
      on conflict (agent_id, mode) do update set state = excluded.state, detail = excluded.detail, checked_at = now(),
        suspended_until = case when excluded.state = 'suspended' then greatest(a.suspended_until, excluded.suspended_until) end
      where a.state <> 'suspended' or excluded.state = 'suspended' returning 1
    )
    select coalesce((select state from before), 'unknown') <> ${state} as is_news from account`;
  return rows[0]?.is_news ?? false;
}

/** Five faults within a minute open the breaker, and so does one while somebody tries whether Moltbook is back. True if it has just opened. */
export async function recordFault(who: Caller): Promise<boolean> {
  const [row] = await sql<{ has_opened: boolean }[]>`
    with before as (
      select open_since from moltbook_accounts where agent_id = ${who.agent_id} and mode = ${platformMode(who)}
    ), account as (
      insert into moltbook_accounts as a (agent_id, mode, faults) values (${who.agent_id}, ${platformMode(who)}, array[now()])
      on conflict (agent_id, mode) do update set
        faults = array(select f from unnest(a.faults) f where f > now() - interval '1 minute' order by f desc limit 19) || now(),
        open_since = case
          when a.open_since is not null or (select count(*) from unnest(a.faults) f where f > now() - interval '1 minute') >= 4 then now()
        end
      returning open_since
    )
    select open_since is not null and (select open_since from before) is null as has_opened from account`;
  return row?.has_opened ?? false;
}

/**
 * Counts a challenge that was failed or left unanswered, or (after a right answer) ends the count. From the fifth in a row on each failure
 * freezes the writing of new content until the operator resumes it. Answers the count, and what is news about it.
 */
export async function recordChallenge(who: Caller, isPassed: boolean): Promise<{ failures_in_row: number; has_frozen: boolean }> {
  const [row] = await sql<{ failures_in_row: number; has_frozen: boolean }[]>`
    with before as (
      select frozen_at from moltbook_accounts where agent_id = ${who.agent_id} and mode = ${platformMode(who)}
    ), account as (
      insert into moltbook_accounts as a (agent_id, mode, failures_in_row) values (${who.agent_id}, ${platformMode(who)}, ${isPassed ? 0 : 1})
      on conflict (agent_id, mode) do update set failures_in_row = case when ${isPassed} then 0 else a.failures_in_row + 1 end,
        frozen_at = case when not ${isPassed} and a.failures_in_row + 1 >= 5 then coalesce(a.frozen_at, now()) else a.frozen_at end
      returning failures_in_row, frozen_at
    )
    select failures_in_row, frozen_at is not null and (select frozen_at from before) is null as has_frozen from account`;
  return row ?? { failures_in_row: 0, has_frozen: false };
}
