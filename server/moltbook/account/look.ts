import { moltbook } from "../connection.ts";
import type { Purpose } from "../governor.ts";
import { guarded } from "../governor.ts";
import type { Caller } from "../modes.ts";
import { recordAccount } from "./queries.ts";

/** Asks Moltbook about the account and keeps what it says; answers whether it is claimed, and its own profile. */
export async function lookAtAccount(who: Caller, signal?: AbortSignal) {
  const read: Purpose = { classes: ["read"], signal };
  const status = await guarded(who, read, (options) => moltbook().status(options));
  const me = await guarded(who, read, (options) => moltbook().me(options));
  const { name, createdAt } = me.data;
  await recordAccount(who, { name, isClaimed: status.data.isClaimed, registeredAt: createdAt });
  return { status, me };
}
