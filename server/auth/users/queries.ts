import { sql } from "../../../db/client.ts";
import { canonical } from "../../audit/canonical.ts";
import { AppError } from "../../errors.ts";
import type { NewUser, User } from "../schema.ts";

/** Who the first link signs in, and OPERATOR_PASSWORD belongs to. This one can never be disabled, so that there is always a way in. */
export const OPERATOR: NewUser = { name: "operator", role: "operator" };

/** The person of that name, made known on first use. Throws AppError `conflict` if that name belongs to somebody of another role, or is not let in any more. */
export async function ensureUser(person: NewUser, actor: string): Promise<{ id: string }> {
  await insertUser(person, actor);
  const [user] = await sql<{ id: string; role: string; is_disabled: boolean }[]>`
    select id, role, disabled_at is not null as is_disabled from users where lower(name) = lower(${person.name})`;
  if (!user) throw new Error("the user was not made");
  if (user.is_disabled)
    throw new AppError("conflict", `${person.name} was disabled. A name is not given to a second person: choose another.`);
  if (user.role !== person.role) throw new AppError("conflict", `${person.name} is known as ${user.role} already. Choose another name.`);
  return { id: user.id };
}

/** Makes a person known; false if the name is taken, now or by somebody who is disabled. */
export async function insertUser({ name, role }: NewUser, actor: string): Promise<boolean> {
  const id = Bun.randomUUIDv7();
  const made = await sql`
    with made as (
      insert into users (id, name, role) values (${id}, ${name}, ${role}) on conflict (lower(name)) do nothing returning id
    )
    select append_audit(null, 'user.created', ${canonical({ actor, id, name, role })}) from made`;
  return made.count === 1;
}

const columns = () => sql`
  id, name, role, password_hash is not null as has_password, created_at, disabled_at,
  (select max(s.last_used_at) from sessions s where s.user_id = u.id) as last_used_at`;

/** Everybody, those who may sign in first. */
export async function listUsers(): Promise<User[]> {
  return sql<User[]>`select ${columns()} from users u order by disabled_at is not null, id limit 500`;
}

/** One person. Throws AppError `not_found`. */
export async function getUser(id: string): Promise<User> {
  const [user] = await sql<User[]>`select ${columns()} from users u where id = ${id}`;
  if (!user) throw new AppError("not_found", "There is no user with this id.");
  return user;
}

/** What a password is compared with: undefined if nobody of that name may sign in. */
export async function findPasswordHash(name: string): Promise<{ id: string; name: string; password_hash: string | null } | undefined> {
  const [found] = await sql<{ id: string; name: string; password_hash: string | null }[]>`
    select id, name, password_hash from users where lower(name) = lower(${name}) and disabled_at is null`;
  return found;
}

/** Whether anybody could sign in with a password. */
export async function hasPasswords(): Promise<boolean> {
  const [row] = await sql<{ has: boolean }[]>`
    select exists (select from users where password_hash is not null and disabled_at is null) as has`;
  return row?.has ?? false;
}

/** Sets a person's password, given as its hash. Their links and all their other sessions end with the old one. */
export async function updatePassword(id: string, hash: string, { session, actor }: { session: string; actor: string }): Promise<void> {
  await sql`
    with person as (update users set password_hash = ${hash} where id = ${id} and disabled_at is null returning id),
    ended as (delete from sessions where user_id in (select id from person) and id <> ${session} returning 1),
    links as (delete from sign_in_links where user_id in (select id from person) returning 1)
    select append_audit(null, 'user.password_set', ${canonical({ actor, id })}) ${onceGone()}`;
}

/** Lets a person in no more, from this moment on. False if they are disabled already, or are the operator of that name. */
export async function disableUser(id: string, actor: string): Promise<boolean> {
  const rows = await sql`
    with person as (
      update users set disabled_at = now() where id = ${id} and disabled_at is null and name <> ${OPERATOR.name} returning id
    ),
    ended as (delete from sessions where user_id in (select id from person) returning 1),
    links as (delete from sign_in_links where user_id in (select id from person) returning 1)
    select append_audit(null, 'user.disabled', ${canonical({ actor, id })}) ${onceGone()}`;
  return rows.count === 1;
}

/** Part of a statement: `person`, once `ended` and `links` are gone. Who holds the chain waits for no row. */
const onceGone = () => sql`from person, (select count(*) from ended) e, (select count(*) from links) l`;
