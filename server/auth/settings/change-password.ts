import type * as z from "zod";

import { config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import type { Caller } from "../actor.ts";
import { attemptPassword } from "../attempts/attempt.ts";
import { hashPassword } from "../password.ts";
import type { NewPassword } from "../schema.ts";
import { getUser, OPERATOR, updatePassword } from "../users/queries.ts";

type Person = Extract<Caller, { kind: "session" }>;

/**
 * Sets one's own password; all one's other sessions end. Who signed in with a password has to know it still, so that a browser left open is not
 * enough; who came by a link may have forgotten it. Throws AppError `invalid` or `conflict`.
 */
export async function changePassword(
  person: Person,
  { current, password }: z.infer<typeof NewPassword>,
  { source, actor }: { source: string; actor: string },
): Promise<void> {
  if (isFixed(person.name)) throw new AppError("conflict", "OPERATOR_PASSWORD sets this password. Change it there, and start again.");
  if (person.opened_by === "password" && (await getUser(person.user_id)).has_password) {
    const { person: known, wait } = await attemptPassword(person.name, current, { source, path: "/settings/password" });
    if (wait > 0) throw new AppError("invalid", `Too many wrong passwords. Wait ${wait} seconds.`);
    if (known?.id !== person.user_id) throw new AppError("invalid", "The current password is not right. Forgotten it? Sign in by a link.");
  }
  await updatePassword(person.user_id, await hashPassword(password), { session: person.session_id, actor });
}

/** Whether a person's password comes from the environment. */
export function isFixed(name: string): boolean {
  return name === OPERATOR.name && config.operatorPassword !== undefined;
}
