import { timingSafeEqual } from "node:crypto";

import { config } from "../config.ts";
import { AppError } from "../errors.ts";
import { hashOf } from "../tokens/queries.ts";
import { findPasswordHash, hasPasswords, OPERATOR } from "./users/queries.ts";

/** Argon2id with 19 MiB and two passes: the OWASP cheat sheet's first choice, and small enough for a container of 256 MB. */
const COST = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;

/** What a password is kept as. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => Bun.password.hash(password, COST));
}

/**
 * The person whose name and password these are. OPERATOR_PASSWORD, where it is set, is the operator's only one. Names that nobody has, and people
 * without a password, cost as much time as the others.
 */
export async function findByPassword(name: string, password: string): Promise<{ id: string; name: string } | undefined> {
  const person = await findPasswordHash(name);
  const kept = person?.password_hash ?? (await (decoy ??= Bun.password.hash(crypto.randomUUID(), COST)));
  const fits = await inTurn(() => Bun.password.verify(password, kept));
  if (!person) return undefined;
  if (person.name === OPERATOR.name && config.operatorPassword !== undefined) return isOperatorPassword(password) ? person : undefined;
  return fits && person.password_hash !== null ? person : undefined;
}

let decoy: Promise<string> | undefined;

/** Whether a password could let anybody in. */
export async function isPasswordUseful(): Promise<boolean> {
  return config.operatorPassword !== undefined || (await hasPasswords());
}

function isOperatorPassword(given: string): boolean {
  return timingSafeEqual(hashOf(given), hashOf(config.operatorPassword ?? ""));
}

/** So many may wait for their turn. */
const MOST = 50;
let waiting = 0;
let turn: Promise<unknown> = Promise.resolve();

/** One after the other, so that however many knock, one hash's memory is taken. Throws AppError `unavailable` when too many do. */
async function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
  if (waiting >= MOST)
    throw new AppError("unavailable", "Too many are signing in at this moment. Try again in a minute, or use a one-time link.");
  waiting += 1;
  const done = turn.then(work).finally(() => void (waiting -= 1));
  turn = done.catch(() => {});
  return done;
}
