import * as z from "zod";

/** The only ids and names that may become part of an address on Moltbook. */
export const safeId = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, 'must be 1 to 128 letters, digits, "_" or "-"');

/** Counts are null where Moltbook did not tell them, never a made-up zero. */
export const Count = z.int().nullable();

/** RFC 3339 UTC, or null where Moltbook told no time or none that can be read. */
export const Time = z.iso.datetime().nullable();

/** Who wrote something. */
export const Author = z.object({ name: z.string(), karma: Count });
export type Author = z.infer<typeof Author>;

/**
 * The same value with camelCase keys, so that both of Moltbook's spellings read alike. Where an object has a key in both, the one that
 * is not null wins. The filter's mark keeps its name: nothing from upstream can be spelled into it.
 */
export function camelKeys(value: unknown): unknown {
  return withCamelKeys(value, new Map([["moltbot_filter", "moltbot_filter"]]));
}

/** `names` are the keys that have been met, each with its spelling: the objects of a list have the same ones again and again. */
function withCamelKeys(value: unknown, names: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => withCamelKeys(element, names));
  if (!isRecord(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const name = names.get(key) ?? camel(key);
    names.set(key, name);
    // No key is spelled __proto__ any more.
    if (value[key] !== null || !Object.hasOwn(copy, name)) copy[name] = withCamelKeys(value[key], names);
  }
  return copy;
}

function camel(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** True for a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** A value that must be there, as text: null (a deleted author's words) reads as "". */
export const text = z
  .string()
  .nullable()
  .transform((value) => value ?? "");

/** The id of an item, which must be there and fit for an address. */
export const id = z.union([z.string(), z.int()]).transform(String).pipe(safeId);

/** The name of an agent or submolt, which must be there. */
export const name = z.string().min(1).transform(toHandle);

/** Values that may be missing or odd: each reads as null (a notice as undefined) rather than failing a whole answer. */
export const maybe = {
  text: lenient((value) => (typeof value === "string" ? value : null)),
  id: lenient((value) => id.safeParse(value).data ?? null),
  count: lenient(toCount),
  number: lenient((value) => (typeof value === "number" && Number.isFinite(value) ? value : null)),
  time: lenient(toTime),
  flag: lenient((value) => (typeof value === "boolean" ? value : null)),
  word: lenient((value) => (typeof value === "string" && /^[A-Za-z0-9_-]{1,40}$/.test(value) ? value : null)),
  link: lenient((value) => (typeof value === "string" && /^https?:\/\/\S{1,2000}$/i.test(value) ? value : null)),
  name: lenient(toName),
  author: lenient(toAuthor),
  notice: lenient(toNotice),
};

/** A schema that reads any value, or none. */
export function lenient<T>(read: (value: unknown) => T) {
  return z.unknown().optional().transform(read);
}

/** Readers of one value each, for shapes that choose among several keys. */
export function toCount(value: unknown): number | null {
  const digits = typeof value === "string" && /^-?\d{1,15}$/.test(value.trim()) ? Number(value) : value;
  return typeof digits === "number" && Number.isSafeInteger(Math.trunc(digits)) ? Math.trunc(digits) : null;
}

const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(\.\d{1,9})?)? ?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/** ISO 8601, the same with a space and a short offset (`2026-03-07 19:40:16.57007+00`), or Unix seconds; no offset means UTC. */
export function toTime(value: unknown): string | null {
  const unix = typeof value === "string" && /^\d{9,13}(\.\d{1,9})?$/.test(value) ? Number(value) : value;
  if (typeof unix === "number") return iso(new Date(Math.abs(unix) < 1e11 ? unix * 1000 : unix));
  const [, day, minute = "00:00", second = ":00", fraction = "", offset = "Z"] = typeof value === "string" ? (TIME.exec(value) ?? []) : [];
  if (!day) return null;
  const zone = offset.length === 1 ? "Z" : `${offset.slice(0, 3)}:${offset.length > 3 ? offset.slice(-2) : "00"}`;
  return iso(new Date(`${day}T${minute}${second}${fraction.slice(0, 4)}${zone}`));
}

function iso(date: Date): string | null {
  const year = date.getUTCFullYear();
  return year >= 1970 && year <= 9999 ? date.toISOString() : null;
}

/** Handles pass the filter unread (an item keeps its author even when it is withheld), so no whitespace or markup survives in one. */
function toHandle(value: string): string {
  const clean = value.replace(/[^\p{L}\p{M}\p{N}_.-]/gu, "_");
  return /^.{0,64}/u.exec(clean)?.[0] ?? "";
}

function toName(value: unknown): string | null {
  const found = isRecord(value) ? value.name : value;
  return typeof found === "string" && found !== "" ? toHandle(found) : null;
}

function toAuthor(value: unknown): Author | null {
  const found = toName(value);
  return found === null ? null : { name: found, karma: isRecord(value) ? toCount(value.karma) : null };
}

const NOTICES: Record<string, string> = { mark: "caution", redact: "redacted", withhold: "withheld" };

function toNotice(note: unknown): string | undefined {
  const word = isRecord(note) && typeof note.band === "string" ? NOTICES[note.band] : undefined;
  if (!word || !isRecord(note)) return undefined;
  return `${word}: ${typeof note.reason === "string" ? note.reason.slice(0, 120) : "suspicious text"}`;
}
