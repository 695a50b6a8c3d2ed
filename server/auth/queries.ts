import { sql } from "../../db/client.ts";
import { canonical } from "../audit/canonical.ts";
import { hashOf } from "../tokens/queries.ts";

export type Scope = "read" | "write" | "ingest";
const PREFIX: Record<Scope, string> = { read: "mbr", write: "mbw", ingest: "mbi" };

/** Makes an API key; only its hash is kept, so this answer is the one time that it can be read. */
export async function insertApiKey(name: string, scope: Scope): Promise<string> {
  const key = `${PREFIX[scope]}_${secret()}`;
  const id = Bun.randomUUIDv7();
  await sql`
    with key as (insert into api_keys (id, name, scope, key_hash) values (${id}, ${name}, ${scope}, ${hashOf(key)}) returning id)
    select append_audit(null, 'key.created', ${canonical({ id, scope })}) from key`;
  return key;
}

/** The scope of an API key that is not revoked. Notes its use, at most once a minute. */
export async function findApiKeyScope(key: string): Promise<Scope | undefined> {
  const [found] = await sql<{ scope: Scope }[]>`
    with used as (
      update api_keys set last_used_at = now()
      where key_hash = ${hashOf(key)} and revoked_at is null and coalesce(last_used_at < now() - interval '1 minute', true)
    )
    select scope from api_keys where key_hash = ${hashOf(key)} and revoked_at is null`;
  return found?.scope;
}

/** Makes a sign-in link's token: good once, for an hour. */
export async function insertSignInLink(): Promise<string> {
  const token = secret();
  await sql`insert into sign_in_links (token_hash, expires_at) values (${hashOf(token)}, now() + interval '1 hour')`;
  return token;
}

/** Uses up a sign-in link and opens a session; undefined if the link is unknown, used or too old. */
export async function redeemSignInLink(token: string): Promise<string | undefined> {
  const used = await sql`
    update sign_in_links set used_at = now() where token_hash = ${hashOf(token)} and used_at is null and expires_at > now()`;
  return used.count === 1 ? insertSession() : undefined;
}

/** Opens a session of thirty days; answers the cookie's value. */
export async function insertSession(): Promise<string> {
  const token = secret();
  const id = Bun.randomUUIDv7();
  await sql`
    with session as (insert into sessions (id, token_hash, expires_at) values (${id}, ${hashOf(token)}, now() + interval '30 days') returning id)
    select append_audit(null, 'session.opened', ${canonical({ id })}) from session`;
  return token;
}

export async function sessionExists(token: string): Promise<boolean> {
  const rows = await sql`select from sessions where token_hash = ${hashOf(token)} and expires_at > now()`;
  return rows.count === 1;
}

export async function deleteSession(token: string): Promise<void> {
  await sql`
    with session as (delete from sessions where token_hash = ${hashOf(token)} returning id)
    select append_audit(null, 'session.closed', format('{"id":"%s"}', id)) from session`;
}

/** Forgets sessions and links that open nothing any more; answers how many. */
export async function deleteExpired(): Promise<number> {
  const sessions = await sql`delete from sessions where expires_at < now()`;
  const links = await sql`delete from sign_in_links where expires_at < now()`;
  return sessions.count + links.count;
}

function secret(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
}
