import { sql } from "../../db/client.ts";
import { canonical } from "../audit/canonical.ts";
import type { Page } from "../paging.ts";
import { toPage } from "../paging.ts";
import { hashOf } from "../tokens/queries.ts";
import type { Caller } from "./actor.ts";
import type { ApiKey, ApiKeyFilter, Scope, Session } from "./schema.ts";
import { ensureUser, OPERATOR } from "./users/queries.ts";

const PREFIX: Record<Scope, string> = { read: "mbr", write: "mbw", ingest: "mbi" };

/** Who does what the command line is told to do. */
const COMMAND = "command";

const opens = () => sql`revoked_at is null and (expires_at is null or expires_at > now())`;

const keyColumns = () => sql`id, name, scope, created_at, expires_at, last_used_at, revoked_at, ${opens()} as is_active`;

/** Makes an API key; only its hash is kept, so this answer is the one time that it can be read. It expires in `expiresDays`; 0: never. */
export async function insertApiKey(name: string, scope: Scope, { actor = COMMAND, expiresDays = 0 } = {}): Promise<string> {
  const key = `${PREFIX[scope]}_${secret()}`;
  const id = Bun.randomUUIDv7();
  await sql`
    with key as (
      insert into api_keys (id, name, scope, key_hash, expires_at)
      values (${id}, ${name}, ${scope}, ${hashOf(key)}, case when ${expiresDays}::int > 0 then now() + ${expiresDays}::int * interval '1 day' end) returning id
    )
    select append_audit(null, 'key.created', ${canonical({ actor, expires_days: expiresDays, id, scope })}) from key`;
  return key;
}

/** What an API key says of its sender, if it is good. Notes its use, at most once a minute. */
export async function findApiKey(key: string): Promise<Extract<Caller, { kind: "key" }> | undefined> {
  const [found] = await sql<{ id: string; name: string; scope: Scope }[]>`
    with used as (
      update api_keys set last_used_at = now()
      where key_hash = ${hashOf(key)} and ${opens()} and coalesce(last_used_at < now() - interval '1 minute', true)
    )
    select id, name, scope from api_keys where key_hash = ${hashOf(key)} and ${opens()}`;
  return found && { kind: "key", key_id: found.id, name: found.name, scope: found.scope };
}

/** The key that was made from this one's text, as a row. */
export async function findApiKeyRow(key: string): Promise<ApiKey | undefined> {
  const [row] = await sql<ApiKey[]>`select ${keyColumns()} from api_keys where key_hash = ${hashOf(key)}`;
  return row;
}

/** API keys, newest first. */
export async function listApiKeys(filter: ApiKeyFilter): Promise<Page<ApiKey>> {
  const rows = await sql<ApiKey[]>`
    select ${keyColumns()} from api_keys
    where true ${filter.active_only === "true" ? sql`and ${opens()}` : sql``} ${filter.cursor ? sql`and id < ${filter.cursor}` : sql``}
    order by id desc limit ${filter.limit + 1}`;
  return toPage(rows, filter.limit);
}

/** Takes a key back; undefined if there is none that is not revoked. */
export async function revokeApiKey(id: string, actor: string): Promise<ApiKey | undefined> {
  const [revoked] = await sql<ApiKey[]>`
    with key as (update api_keys set revoked_at = now() where id = ${id} and revoked_at is null returning *),
    audited as (select append_audit(null, 'key.revoked', ${canonical({ actor, id })}) from key)
    select ${keyColumns()} from key, audited`;
  return revoked;
}

/** Makes a sign-in link's token for a person, who becomes known by it: good once, for an hour. */
export async function insertSignInLink(person = OPERATOR, actor = COMMAND): Promise<string> {
  const token = secret();
  const user = await ensureUser(person, actor);
  await sql`
    with link as (
      insert into sign_in_links (token_hash, user_id, expires_at) values (${hashOf(token)}, ${user.id}, now() + interval '1 hour') returning user_id
    )
    select append_audit(null, 'link.created', ${canonical({ actor, user_id: user.id })}) from link`;
  return token;
}

/** Where a session is opened from, as far as is known. */
export type Opening = { source?: string | undefined; client?: string | undefined };

/** Uses up a sign-in link and opens a session, whose cookie it answers; undefined if the link is unknown, used or too old. */
export async function redeemSignInLink(token: string, from: Opening = {}): Promise<string | undefined> {
  const [used] = await sql<{ user_id: string }[]>`
    update sign_in_links set used_at = now() where token_hash = ${hashOf(token)} and used_at is null and expires_at > now() returning user_id`;
  return used && insertSession(used.user_id, "link", from);
}

/** Opens a session of thirty days, which ends earlier when it is not used for seven; answers the cookie's value. Without a user: the operator's. */
export async function insertSession(userId?: string, openedBy: Session["opened_by"] = "link", from: Opening = {}): Promise<string> {
  const token = secret();
  const id = Bun.randomUUIDv7();
  const user = userId ?? (await ensureUser(OPERATOR, COMMAND)).id;
  const [source, client] = [from.source?.slice(0, 100), from.client?.replaceAll("\0", "").slice(0, 200)];
  await sql`
    with session as (
      insert into sessions (id, user_id, token_hash, opened_by, source, client, expires_at)
      select ${id}, id, ${hashOf(token)}, ${openedBy}, ${source ?? null}, ${client ?? null}, now() + interval '30 days'
      from users where id = ${user} and disabled_at is null returning user_id
    )
    select append_audit(null, 'session.opened', ${canonical({ by: openedBy, id, user_id: user })}) from session`;
  return token;
}

const isAlive = () => sql`s.expires_at > now() and s.last_used_at > now() - interval '7 days' and u.disabled_at is null`;

/** Who a session's cookie belongs to, if it is good. Notes its use, at most once a minute. */
export async function findSession(token: string): Promise<Extract<Caller, { kind: "session" }> | undefined> {
  const [found] = await sql<Omit<Extract<Caller, { kind: "session" }>, "kind">[]>`
    with used as (
      update sessions s set last_used_at = now() from users u
      where s.token_hash = ${hashOf(token)} and u.id = s.user_id and ${isAlive()} and s.last_used_at < now() - interval '1 minute'
    )
    select s.id as session_id, s.user_id, s.opened_by, u.name, u.role from sessions s join users u on u.id = s.user_id
    where s.token_hash = ${hashOf(token)} and ${isAlive()}`;
  return found && { kind: "session", ...found };
}

/** Whether a session is good still: for what goes on after it was let in. */
export async function isSessionGood(id: string): Promise<boolean> {
  return (await sql`select from sessions s join users u on u.id = s.user_id where s.id = ${id} and ${isAlive()}`).count === 1;
}

/** Who is signed in, newest first: of one user, or of all. */
export async function listSessions(userId: string | null): Promise<Session[]> {
  return sql<Session[]>`
    select s.id, s.user_id, u.name as user_name, u.role, s.opened_by, s.source, s.client, s.created_at, s.last_used_at, s.expires_at
    from sessions s join users u on u.id = s.user_id
    where ${isAlive()} ${userId === null ? sql`` : sql`and s.user_id = ${userId}`} order by s.id desc limit 100`;
}

/** Ends sessions: that of a cookie, one by its id (of `userId` alone, if that is given), or all of a user but perhaps one. Answers how many. */
export async function closeSessions(
  which: { token: string } | { id: string; userId?: string | undefined } | { userId: string; except?: string | undefined },
  actor: string,
): Promise<number> {
  const owned = "userId" in which && which.userId ? sql`user_id = ${which.userId}` : sql`true`;
  const meant =
    "token" in which
      ? sql`token_hash = ${hashOf(which.token)}`
      : "id" in which
        ? sql`id = ${which.id} and ${owned}`
        : sql`${owned} and id is distinct from ${which.except ?? null}`;
  const closed = await sql`
    with meant as (
      select id from sessions where ${meant} order by id for update
    ), session as (
      delete from sessions where id in (select id from meant) returning id
    )
    -- All are gone before the first is put on record: who holds the chain waits for no row.
    select append_audit(null, 'session.closed', ${canonical({ actor }).slice(0, -1)} || ',"id":"' || id || '"}')
    from session, (select count(*) from session) gone`;
  return closed.count;
}

/** Forgets sessions and links that open nothing any more, and old attempts to sign in; answers how many sessions and links. */
export async function deleteExpired(): Promise<number> {
  const sessions = await sql`delete from sessions where expires_at < now() or last_used_at < now() - interval '7 days'`;
  const links = await sql`delete from sign_in_links where expires_at < now()`;
  await sql`delete from sign_in_attempts where last_at < now() - interval '1 day'`;
  return sessions.count + links.count;
}

function secret(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
}
