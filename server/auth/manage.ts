import { AppError } from "../errors.ts";
import { findApiKeyRow, insertApiKey, insertSignInLink, revokeApiKey } from "./queries.ts";
import type { ApiKey, MadeApiKey, NewApiKey, NewUser, SignInLink, User } from "./schema.ts";
import { disableUser, getUser, insertUser } from "./users/queries.ts";

/** Makes an API key. The answer is the one time that it can be read. */
export async function makeApiKey({ name, scope, expires_days }: NewApiKey, actor: string): Promise<MadeApiKey> {
  const key = await insertApiKey(name, scope, { actor, expiresDays: expires_days });
  const row = await findApiKeyRow(key);
  if (!row) throw new AppError("unavailable", "The key was revoked as soon as it was made. Make another one.");
  return { ...row, key };
}

/** Takes a key back. Throws AppError `not_found`. */
export async function revokeKey(id: string, actor: string): Promise<ApiKey> {
  const revoked = await revokeApiKey(id, actor);
  if (!revoked) throw new AppError("not_found", "There is no such key, or it was revoked before.");
  return revoked;
}

/** Makes a person known and a link that lets them in. Throws AppError `conflict` if the name is taken. */
export async function inviteUser(person: NewUser, actor: string): Promise<SignInLink> {
  if (!(await insertUser(person, actor)))
    throw new AppError("conflict", `The name ${person.name} is taken, perhaps by somebody who was disabled. Choose another one.`);
  return linkFor(person, actor);
}

/** Makes a link that lets a person in who is known already. Throws AppError `not_found`, or `conflict` for somebody who was disabled. */
export async function linkForUser(id: string, actor: string): Promise<SignInLink> {
  return linkFor(await getUser(id), actor);
}

/** Lets a person in no more. Throws AppError `not_found`, or `conflict` if that cannot be. */
export async function endUser(id: string, { user_id, actor }: { user_id: string; actor: string }): Promise<User> {
  if (id === user_id) throw new AppError("conflict", "You cannot disable yourself. Another operator can.");
  const user = await getUser(id);
  if (!(await disableUser(id, actor)))
    throw new AppError(
      "conflict",
      user.disabled_at ? `${user.name} is disabled already.` : `${user.name} stays: so there is always a way in.`,
    );
  return getUser(id);
}

async function linkFor({ name, role }: NewUser, actor: string): Promise<SignInLink> {
  return { name, path: `/sign-in/${await insertSignInLink({ name, role }, actor)}` };
}
