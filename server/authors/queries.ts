import type postgres from "postgres";

import { sql } from "../../db/client.ts";
import type { Owner } from "../account/queries.ts";
import { canonical, digest } from "../audit/canonical.ts";
import { AppError } from "../errors.ts";
import { BLOCKED_AUTHOR, FLAGGED_BEFORE } from "../filter/verdict.ts";
import type { Page } from "../paging.ts";
import { toPage } from "../paging.ts";
import { redactText, storable } from "../redact.ts";
import { handleOf } from "./handle.ts";
import type { BlockedAuthor, BlockedAuthorFilter } from "./schema.ts";

const isInForce = () => sql`unblocked_at is null and (expires_at is null or expires_at > now())`;

const columns = () => sql`
  id, author, reason, source, flag_count, blocked_at, blocked_by, expires_at, unblocked_at, unblocked_by, ${isInForce()} as is_active`;

/** Blocked authors, newest first. */
export async function listBlockedAuthors({ agent_id, mode }: Owner, filter: BlockedAuthorFilter): Promise<Page<BlockedAuthor>> {
  const rows = await sql<BlockedAuthor[]>`
    select ${columns()} from blocked_authors
    where agent_id = ${agent_id} and mode = ${mode}
      ${filter.active_only === "true" ? sql`and ${isInForce()}` : sql``}
      ${filter.cursor ? sql`and id < ${filter.cursor}` : sql``}
    order by id desc limit ${filter.limit + 1}`;
  return toPage(rows, filter.limit);
}

/** One block, in force or not. Throws AppError `not_found`. */
export async function getBlock({ agent_id }: Owner, id: string): Promise<BlockedAuthor> {
  const [block] = await sql<BlockedAuthor[]>`select ${columns()} from blocked_authors where agent_id = ${agent_id} and id = ${id}`;
  if (!block) throw new AppError("not_found", "There is no such block.");
  return block;
}

/** How many blocks are in force. */
export async function countBlockedAuthors({ agent_id, mode }: Owner): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from blocked_authors where agent_id = ${agent_id} and mode = ${mode} and ${isInForce()}`;
  return row?.n ?? 0;
}

/** Those of some authors who are blocked. */
export async function blockedAmong({ agent_id, mode }: Owner, authors: string[]): Promise<Set<string>> {
  const rows = await sql<{ handle: string }[]>`
    select handle from blocked_authors
    where agent_id = ${agent_id} and mode = ${mode} and ${isInForce()} and handle = any(${authors.map(handleOf)}::text[])`;
  const handles = new Set(rows.map(({ handle }) => handle));
  return new Set(authors.filter((author) => handles.has(handleOf(author))));
}

/** What has to be known of every block in force, to keep it and to write it to a file. */
export type ActiveBlock = Pick<BlockedAuthor, "author" | "reason" | "flag_count" | "blocked_at" | "expires_at"> & { handle: string };

/** All blocks in force, by name. */
export async function listActiveBlocks({ agent_id, mode }: Owner): Promise<ActiveBlock[]> {
  return sql<ActiveBlock[]>`
    select author, handle, reason, flag_count, blocked_at, expires_at from blocked_authors
    where agent_id = ${agent_id} and mode = ${mode} and ${isInForce()} order by handle`;
}

/** The names that an agent goes by, in lower case; `on` a transaction, as it sees them. */
export async function listOwnNames({ agent_id, mode }: Owner, on: postgres.ISql = sql): Promise<string[]> {
  const rows = await on<{ name: string }[]>`
    select lower(name) as name from agents where id = ${agent_id}
    union select lower(name) from moltbook_accounts where agent_id = ${agent_id} and mode = ${mode} and name is not null`;
  return rows.map(({ name }) => name);
}

export type NewBlock = {
  author: string;
  reason: string;
  source: BlockedAuthor["source"];
  actor: string;
  flagCount: number;
  /** Null: now, by the database's clock. */
  blockedAt: Date | null;
  expiresAt: Date | null;
};

/**
 * Blocks authors; answers those that it blocked. Left alone are authors who are blocked already, and those whose block was lifted after the moment
 * for which it is asked (a file may be older than what was decided since).
 */
export async function insertBlocks({ agent_id, mode }: Owner, blocks: NewBlock[]): Promise<{ id: string; author: string }[]> {
  const rows = blocks.map(({ author, reason, source, actor, flagCount, blockedAt, expiresAt }) => {
    const id = Bun.randomUUIDv7();
    const said = redactText(reason).slice(0, 500);
    const [blocked_at, expires_at] = [blockedAt?.toISOString() ?? null, expiresAt?.toISOString() ?? null];
    const body = canonical({ actor, block_id: id, expires_at, mode, reason_sha256: digest(said), source });
    const name = storable(author).slice(0, 100);
    return { id, author: name, handle: handleOf(name), reason: said, source, actor, flag_count: flagCount, blocked_at, expires_at, body };
  });
  return sql<{ id: string; author: string }[]>`
    with given as (
      select * from json_to_recordset(${JSON.stringify(rows)}::text::json) as g (id uuid, author text, handle text, reason text, source text, actor text,
        flag_count int, blocked_at timestamptz, expires_at timestamptz, body text)
    ), lapsed as (
      -- What has run out is closed, to make room for the next block of the same author.
      update blocked_authors b set unblocked_at = b.expires_at, unblocked_by = 'expiry' from given g
      where b.agent_id = ${agent_id} and b.mode = ${mode} and b.handle = g.handle and b.unblocked_at is null and b.expires_at <= now() returning 1
    ), blocked as (
      insert into blocked_authors (id, agent_id, mode, author, handle, reason, source, flag_count, blocked_at, blocked_by, expires_at)
      select id, ${agent_id}, ${mode}, author, handle, reason, source, flag_count, coalesce(blocked_at, now()), actor, expires_at
      from given g, (select count(*) from lapsed) l
      where not exists (
        select from blocked_authors b
        where b.agent_id = ${agent_id} and b.mode = ${mode} and b.handle = g.handle and b.unblocked_at > g.blocked_at)
      on conflict (agent_id, mode, handle) where unblocked_at is null do nothing returning id, author
    )
    select b.id, b.author, append_audit(${agent_id}, 'author.blocked', g.body) from blocked b join given g using (id)`;
}

/** How many authors `insertBlocks` would block now. */
export async function countNewBlocks({ agent_id, mode }: Owner, blocks: NewBlock[]): Promise<number> {
  const rows = blocks.map(({ author, blockedAt }) => ({
    handle: handleOf(storable(author).slice(0, 100)),
    blocked_at: blockedAt?.toISOString() ?? null,
  }));
  const [row] = await sql<{ n: number }[]>`
    select count(distinct handle)::int as n
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as g (handle text, blocked_at timestamptz)
    where not exists (
      select from blocked_authors b
      where b.agent_id = ${agent_id} and b.mode = ${mode} and b.handle = g.handle and (${isInForce()} or b.unblocked_at > g.blocked_at))`;
  return row?.n ?? 0;
}

/** Lifts a block, of an author or by its id; undefined if there is none in force. */
export async function liftBlock(
  { agent_id, mode }: Owner,
  which: { author: string } | { id: string },
  actor: string,
): Promise<{ id: string; author: string } | undefined> {
  const [lifted] = await sql<{ id: string; author: string }[]>`
    with lifted as (
      update blocked_authors set unblocked_at = now(), unblocked_by = ${actor}
      where agent_id = ${agent_id} and mode = ${mode} and ${isInForce()}
        and ${"id" in which ? sql`id = ${which.id}` : sql`handle = ${handleOf(which.author)}`}
      returning id, author
    )
    select id, author, append_audit(${agent_id}, 'author.unblocked',
      ${canonical({ actor }).slice(0, -1)} || ',"block_id":"' || id || '"}') from lifted`;
  return lifted;
}

/**
 * Of `authors`, those of whom at least `threshold` different posts and comments were redacted or withheld, with that number. An item counts once,
 * however often it was seen, and not at all if it was seen before the author's last block ended: that has been dealt with.
 */
export async function listOffenders(
  { agent_id, mode }: Owner,
  authors: string[],
  threshold: number,
): Promise<{ author: string; flagged: number }[]> {
  return sql<{ author: string; flagged: number }[]>`
    with item as (
      select distinct on (lower(e.author), e.kind, e.item_id) e.author, lower(e.author) as name, uuid_time(e.id) as seen_at
      from exposures e join runs r on r.id = e.run_id
      where e.agent_id = ${agent_id} and lower(e.author) in (select lower(a) from unnest(${authors}::text[]) a)
        and e.band in ('redact', 'withhold') and coalesce(e.reason, '') not in (${BLOCKED_AUTHOR}, ${FLAGGED_BEFORE})
        and e.kind in ('post', 'comment') and e.item_id is not null and r.mode in (${mode}, 'dry_run')
      order by lower(e.author), e.kind, e.item_id, e.id
    ), ended as (
      select lower(author) as name, max(coalesce(unblocked_at, expires_at)) as at from blocked_authors
      where agent_id = ${agent_id} and mode = ${mode} group by 1
    )
    select min(item.author) as author, count(*)::int as flagged from item left join ended using (name)
    where ended.at is null or item.seen_at > ended.at group by name having count(*) >= ${threshold}`;
}

/** Authors of whom some post or comment was redacted or withheld for itself within the last 30 days, in lower case; an unblock forgives what was before. */
export async function listSuspects({ agent_id, mode }: Owner): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    with flagged as (
      select lower(e.author) as name, max(uuid_time(e.id)) as seen_at
      from exposures e join runs r on r.id = e.run_id
      where e.agent_id = ${agent_id} and e.band in ('redact', 'withhold') and e.id >= uuid_floor(now() - interval '30 days')
        and e.author is not null and coalesce(e.reason, '') not in (${BLOCKED_AUTHOR}, ${FLAGGED_BEFORE})
        and e.kind in ('post', 'comment') and e.item_id is not null and r.mode in (${mode}, 'dry_run')
      group by 1
    )
    select name from flagged where seen_at > all(
      select coalesce(unblocked_at, expires_at) from blocked_authors b
      where b.agent_id = ${agent_id} and b.mode = ${mode} and lower(b.author) = flagged.name and coalesce(unblocked_at, expires_at) is not null)`;
  return rows.map(({ name }) => name);
}
