import { ensureAgent } from "../../agents/queries.ts";
import { config } from "../../config.ts";
import { insertEvent } from "../../security/queries.ts";
import { findByPassword } from "../password.ts";
import { UserName } from "../schema.ts";
import { countAttempt, openDoors } from "./queries.ts";

/** A password attempt's outcome: who it is, or undefined and the seconds until the next attempt is looked at (0: at once). */
export type Attempt = { person: { id: string; name: string }; wait: 0 } | { person: undefined; wait: number };

/** Looks at a name and a password, unless too many from that source or for that name were wrong. `source` is the address of whoever tries. */
export async function attemptPassword(name: string, password: string, source: string): Promise<Attempt> {
  const doors = [`source ${networkOf(source)}`, `account ${UserName.safeParse(name).success ? name.toLowerCase() : "?"}`];
  const wait = await countAttempt(doors);
  if (wait > 0) return { person: undefined, wait };
  const person = await findByPassword(name, password);
  if (person) {
    await openDoors(doors);
    return { person, wait: 0 };
  }
  await recordFailure(source);
  return { person: undefined, wait: 0 };
}

/** What one party has of addresses: of IPv4 one, of IPv6 a network of 64 bits (RFC 4291, 2.5.4), in which it can take any. */
export function networkOf(source: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(source)?.[1];
  if (mapped || !source.includes(":")) return mapped ?? source.slice(0, 60);
  const [head = "", tail] = source.toLowerCase().split("::");
  const groups = [head, tail].map((part) => part?.split(":").filter(Boolean) ?? []);
  const zeros = tail === undefined ? 0 : 8 - groups.flat().length;
  return `${[...(groups[0] ?? []), ...Array<string>(Math.max(zeros, 0)).fill("0"), ...(groups[1] ?? [])].slice(0, 4).join(":")}::/64`;
}

/** One event a minute for each source, however often it tries. */
async function recordFailure(source: string): Promise<void> {
  const agent = await ensureAgent(config.agentName);
  await insertEvent({
    agentId: agent.id,
    type: "sign_in_failed",
    severity: "medium",
    title: "Someone tried a wrong dashboard password",
    detail: { source },
    fingerprint: { source },
    at: new Date(Math.floor(Date.now() / 60_000) * 60_000),
  });
}
