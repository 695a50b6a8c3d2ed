import { sql, unflushed } from "../../db/client.ts";
import { storableJson } from "../redact.ts";
import type { Principal } from "../tokens/queries.ts";
import type { Feature } from "./features.ts";
import type { LimitClass } from "./limits.ts";
import { LIMITS } from "./limits.ts";
import type { Caller } from "./modes.ts";
import { modesOf, platformMode } from "./modes.ts";

export type Target = { kind: "post" | "comment"; id: string };

/**
 * A call that was let through, with the moment that it is counted at (`stamp`) and whether something is on record against the account or
 * against Moltbook (`trouble`), or the reason why it was not, with the seconds to wait.
 */
export type Admission = { refusal: null; stamp: string; trouble: boolean };
export type Refusal =
  | { refusal: "suspended" | "unreachable" | "frozen"; class: null; seconds: number | null }
  | { refusal: "limit"; class: LimitClass; seconds: number };

/** Asks for one call: see `moltbook_admit`. A slot that is held is settled with `settleSpent`. */
export async function admit(who: Caller, classes: LimitClass[], holdS: number, creates: boolean): Promise<Admission | Refusal> {
  const wanted = classes.map((name) => ({ class: name, ...LIMITS[name] }));
  const [answer] = await sql<[Admission | Refusal]>`
    select stamp::text as stamp, refusal, class, seconds, trouble, case when ${holdS}::int = 0 then ${unflushed()} end
    from moltbook_admit(${who.agent_id}, ${who.mode}, ${platformMode(who)}, ${sql.json(wanted)}, ${holdS}, ${creates})`;
  return answer;
}

/** Counts a held slot from now on, when its write has ended, or gives it back if nothing was sent. */
export async function settleSpent(who: Caller, classes: LimitClass[], stamp: string, wasSent: boolean): Promise<void> {
  await sql`select moltbook_settle(${who.agent_id}, ${who.mode}, ${classes}, ${stamp}::timestamptz, ${wasSent})`;
}

/** Keeps what a response's headers said is left of a class's limit; of two answers within one window the smaller number holds. */
export async function recordBudget(
  who: Caller,
  limit: LimitClass,
  left: { limit: number | null; remaining: number | null; resetAt: string | null },
): Promise<void> {
  await sql`
    insert into moltbook_budgets as b (agent_id, mode, class, quota, remaining, resets_at)
    values (${who.agent_id}, ${platformMode(who)}, ${limit}, ${toInt(left.limit)}, ${toInt(left.remaining)}, ${left.resetAt})
    on conflict (agent_id, mode, class) do update set quota = excluded.quota, resets_at = excluded.resets_at, updated_at = now(),
      remaining = case when b.resets_at >= excluded.resets_at then least(b.remaining, excluded.remaining) else excluded.remaining end`;
}

/** Moltbook may say anything; a count that no column holds is as good as the nearest one. */
function toInt(count: number | null): number | null {
  return count === null ? null : Math.min(Math.max(count, 0), 2_147_483_647);
}

/** Refuses a class of calls from now on for some seconds, because Moltbook did. */
export async function recordBlock(who: Caller, limit: LimitClass, seconds: number): Promise<void> {
  await sql`
    insert into moltbook_budgets (agent_id, mode, class, blocked_until)
    values (${who.agent_id}, ${platformMode(who)}, ${limit}, now() + ${seconds} * interval '1 second')
    on conflict (agent_id, mode, class) do update
    set blocked_until = greatest(moltbook_budgets.blocked_until, excluded.blocked_until), updated_at = now()`;
}

type BudgetRow = { class: LimitClass; spent: string[]; blocked_until: string | null; remaining: number | null; resets_at: string | null };

/** What is on record of an account's limits, of a dry run beside what was really sent, and since when the account exists. */
export async function listBudgets(who: Caller): Promise<{ registered_at: string | null; budgets: BudgetRow[] }> {
  const [account] = await sql<{ registered_at: string | null }[]>`
    select registered_at from moltbook_accounts where agent_id = ${who.agent_id} and mode = ${platformMode(who)}`;
  const budgets = await sql<BudgetRow[]>`
    select class, array(select to_char(u at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from unnest(spent) u) as spent, blocked_until, remaining, resets_at
    from moltbook_budgets where agent_id = ${who.agent_id} and mode = any(${modesOf(who)})`;
  return { registered_at: account?.registered_at ?? null, budgets };
}

export type Memory = { title: string | null; author: string | null; vote: "up" | "down" | null; voted_at: string | null; own: boolean };

/**
 * What we know of an item: who wrote it, under which title, whether it is the agent's own, and an earlier vote. In a dry run the latest vote
 * counts, really cast or pretended.
 */
export async function findMemory(who: Principal, target: Target): Promise<Memory | undefined> {
  const [memory] = await sql<Memory[]>`
    with known as (
      select * from moltbook_memory
      where agent_id = ${who.agent_id} and mode = any(${modesOf(who)}) and target_kind = ${target.kind} and target_id = ${target.id}
    ), voted as (
      select vote, voted_at from known order by mode = 'dry_run' and voted_at is not null desc, voted_at desc nulls last limit 1
    )
    select max(title) as title, max(author) as author, (select vote from voted), (select voted_at from voted), bool_or(own or coalesce(author = (
      select a.name from moltbook_accounts a where a.agent_id = ${who.agent_id} and a.mode = ${platformMode(who)}), false)) as own
    from known having count(*) > 0`;
  return memory;
}

/**
 * Reserves a vote (null: taking one back) before it is sent, so that no two processes send the same one. False if it has changed since `before`
 * was read, or if the agent has voted that way already: on Moltbook a second vote in one direction takes the first one back.
 */
export async function reserveVote(
  who: Principal,
  target: Target,
  vote: "up" | "down" | null,
  before: Memory | undefined,
): Promise<boolean> {
  if (vote === before?.vote) return false;
  const rows = await sql`
    insert into moltbook_memory (agent_id, mode, target_kind, target_id, vote, voted_at)
    values (${who.agent_id}, ${who.mode}, ${target.kind}, ${target.id}, ${vote}, ${vote && sql`now()`})
    on conflict (agent_id, mode, target_kind, target_id) do update set vote = excluded.vote, voted_at = excluded.voted_at
    where moltbook_memory.vote is distinct from excluded.vote and not moltbook_memory.own`;
  return rows.count === 1;
}

/** Takes a reservation back after Moltbook has refused the vote for certain. */
export async function releaseVote(who: Principal, target: Target, before: Memory | undefined): Promise<void> {
  await sql`
    update moltbook_memory set vote = ${before?.vote ?? null}, voted_at = ${before?.voted_at ?? null}
    where agent_id = ${who.agent_id} and mode = ${who.mode} and target_kind = ${target.kind} and target_id = ${target.id}`;
}

export type Seen = Target & { title: string | null; author: string | null; comments: number | null; own?: boolean };

/** Remembers items that the agent was shown, with their number of comments then, or that it wrote itself. */
export async function recordSeen(who: Principal, items: Seen[]): Promise<void> {
  const unique = new Map(items.map((item) => [`${item.kind} ${item.id}`, item]));
  const rows = [...unique.values()].map(({ kind, id, title, author, comments, own = false }) => ({
    kind,
    id,
    title,
    author,
    comments: toInt(comments),
    own,
  }));
  if (rows.length === 0) return;
  await sql`
    with seen as (
      -- In one order: two calls that show the same items at the same moment would otherwise wait for each other for ever.
      insert into moltbook_memory (agent_id, mode, target_kind, target_id, title, author, seen_at, seen_comments, own)
      select ${who.agent_id}, ${who.mode}, kind, id, left(title, 300), left(author, 200), now(), comments, own
      from json_to_recordset(${storableJson(rows)}::text::json) as item (kind text, id text, title text, author text, comments int, own boolean)
      order by kind, id
      on conflict (agent_id, mode, target_kind, target_id) do update
      set seen_at = excluded.seen_at, seen_comments = coalesce(excluded.seen_comments, moltbook_memory.seen_comments),
        title = coalesce(excluded.title, moltbook_memory.title), author = coalesce(excluded.author, moltbook_memory.author),
        own = moltbook_memory.own or excluded.own
      returning moltbook_memory.own
    )
    select case when not bool_or(own) then ${unflushed()} end from seen`;
}

/** What the agent had to do with an item before: `voted_on` is a date, `seen_comments` their number when it last opened the post. */
export type Dealing = {
  kind: Target["kind"];
  id: string;
  own: boolean;
  vote: "up" | "down" | null;
  voted_on: string | null;
  seen_comments: number | null;
  commented: boolean;
};

/** The agent's earlier dealings with some items, in one look; nothing for those that it never met. What a dry run pretended counts in it alone. */
export async function listDealings(who: Principal, items: (Target & { author: string | null })[]): Promise<Dealing[]> {
  if (items.length === 0) return [];
  const modes = modesOf(who);
  const [kinds, ids, authors] = [items.map(({ kind }) => kind), items.map(({ id }) => id), items.map(({ author }) => author)];
  return sql<Dealing[]>`
    select i.kind, i.id, coalesce(m.own, false) or coalesce(i.author = a.name, false) as own, m.vote,
      to_char(m.voted_at at time zone 'utc', 'YYYY-MM-DD') as voted_on, m.seen_comments, w.place is not null as commented
    from unnest(${kinds}::text[], ${ids}::text[], ${authors}::text[]) as i (kind, id, author)
    left join moltbook_accounts a on a.agent_id = ${who.agent_id} and a.mode = ${platformMode(who)}
    left join (
      select target_kind, target_id, bool_or(own) as own, (array_agg(vote order by voted_at desc nulls last))[1] as vote, max(voted_at) as voted_at,
        (array_agg(seen_comments order by seen_at desc nulls last) filter (where seen_comments is not null))[1] as seen_comments
      from moltbook_memory where agent_id = ${who.agent_id} and mode = any(${modes}) and target_kind = any(${kinds})
        and target_id = any(${ids})
      group by target_kind, target_id
    ) m on m.target_kind = i.kind and m.target_id = i.id
    left join (
      select distinct place from moltbook_writings
      where agent_id = ${who.agent_id} and mode = any(${modes}) and (mode <> 'dry_run' or run_id = ${who.run_id}) and kind = 'comment'
        and state in ('pending', 'published', 'visible') and place = any(${ids})
    ) w on i.kind = 'post' and w.place = i.id
    where m.target_id is not null or w.place is not null or i.author = a.name`;
}

/** Which functions Moltbook did not offer when they were last looked for, within a day, each with that time. */
export async function listMissingFeatures(who: Caller): Promise<Map<Feature, string>> {
  const rows = await sql<{ feature: Feature; checked_at: string }[]>`
    select feature, checked_at from moltbook_features
    where agent_id = ${who.agent_id} and mode = ${platformMode(who)} and not available and checked_at > now() - interval '24 hours'`;
  return new Map(rows.map((row) => [row.feature, row.checked_at]));
}
