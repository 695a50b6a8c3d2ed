import { recordRefusal } from "../../security/refusals.ts";
import { findByPassword } from "../password.ts";
import { UserName } from "../schema.ts";
import { findPasswordHash } from "../users/queries.ts";
import { countAttempt, findClosedDoor, openDoors } from "./queries.ts";

/** A password attempt's outcome: who it is, or undefined and the seconds until the next attempt is looked at (0: at once). */
export type Attempt = { person: { id: string; name: string }; wait: 0 } | { person: undefined; wait: number };

/** Where an attempt is made: the address of whoever tries, and the route that they try at. */
type Place = { source: string; path: string };

/** Looks at a name and a password, unless too many from that source or for that name were wrong. What is wrong or not looked at is on record. */
export async function attemptPassword(name: string, password: string, place: Place): Promise<Attempt> {
  const doors = [`source ${networkOf(place.source)}`, `account ${UserName.safeParse(name).success ? name.toLowerCase() : "?"}`];
  const wait = await countAttempt(doors);
  if (wait > 0) {
    await recordRefused(name, doors, place);
    return { person: undefined, wait };
  }
  const person = await findByPassword(name, password);
  if (person) {
    await openDoors(doors);
    return { person, wait: 0 };
  }
  const tried = await shortened(name);
  await recordRefusal({ ...place, ...FAILED, title: "Someone tried a wrong dashboard password", detail: { name: tried } });
  return { person: undefined, wait: 0 };
}

const FAILED = { type: "sign_in_failed", severity: "low" } as const;

/** Records that somebody tried a link that opens nothing, of which nothing is kept. */
export function recordWrongLink(place: Place): Promise<void> {
  return recordRefusal({ ...place, ...FAILED, title: "Someone tried a sign-in link that is used, too old or invented" });
}

/** One event each time that a door closes, at the moment when it did, however many find it closed. */
async function recordRefused(name: string, doors: string[], place: Place): Promise<void> {
  const closed = await findClosedDoor(doors);
  if (!closed) return;
  const { of, failures, closed_at: at } = closed;
  await recordRefusal({
    ...place,
    type: "sign_in_refused",
    severity: "medium",
    title: `Too many wrong passwords ${of === "source" ? "from one address" : "for one name"}: no more are looked at for a while`,
    detail: { name: await shortened(name), counted_by: of, failures },
    once: { closed: at, door: doors.find((door) => door.startsWith(`${of} `)) },
    at: new Date(at),
  });
}

/** A name as it may be on record: in full if somebody here has it, since people also type a password where the name belongs. */
async function shortened(name: string): Promise<string> {
  return (await findPasswordHash(name))?.name ?? (name.length > 3 ? `${name.slice(0, 3)}…` : name);
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
