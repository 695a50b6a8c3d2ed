import { timingSafeEqual } from "node:crypto";

import { refuse } from "./answer.ts";
import { type Agent, KEY_PREFIX, type World } from "./world.ts";

/** Who sent a request. Any key that is not the sandbox's own is refused with 403 and forgotten: it might be a real one. */
export function callerOf(world: World, headers: Headers): { agent: Agent | null; refused?: Error } {
  const authorization = headers.get("authorization");
  const keys = [authorization?.replace(/^Bearer\s+/i, ""), headers.get("x-api-key")].filter((key) => typeof key === "string");
  if (keys.some((key) => !key.startsWith(KEY_PREFIX))) {
    const hint = `Keys of this sandbox start with ${KEY_PREFIX}. If you sent a real key, remove it from the settings of this client`;
    return { agent: null, refused: refuse(403, "This is a sandbox: the real key should not be sent here", hint) };
  }
  if (authorization === null) return { agent: null };
  const agent = world.keys.get(keys[0] ?? "") ?? null;
  return agent ? { agent } : { agent, refused: refuse(401, "Invalid API key", "Use the key that the sandbox printed or registered") };
}

/** Whether two secrets are equal, in a time that does not tell where they differ. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(given), sha256(expected));
}

function sha256(text: string): Uint8Array {
  return new Bun.CryptoHasher("sha256").update(text).digest();
}
