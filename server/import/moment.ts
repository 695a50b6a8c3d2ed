const DATE = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/;
const ISO =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([A-Z]{1,5}|[+-]\d{2}(?::?\d{2})?)?$/i;
const COMPACT = /^(\d{4})(\d{2})(\d{2})T?(\d{2})(\d{2})(\d{2})(?:[.,](\d{1,9}))?([A-Z]{1,5}|[+-]\d{2}(?::?\d{2})?)?$/i;
/** "Sun, 8 Feb 2026 10:00:00 +0100", with or without the weekday (RFC 5322, 3.3). */
const MAIL = /^(?:[A-Z]{3},?\s+)?(\d{1,2})\s+([A-Z]{3})[A-Z]{0,6}\s+(\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([A-Z]{1,5}|[+-]\d{4})?$/i;
/** "Sun Feb  8 10:00:00 UTC 2026", as `date` prints it. */
const SHELL = /^[A-Z]{3}\s+([A-Z]{3})\s+(\d{1,2})\s+(\d{1,2}):(\d{2}):(\d{2})(?:\s+([A-Z]{1,5}|[+-]\d{2,4}))?\s+(\d{4})$/i;
const EPOCH = /^\d{9,19}(?:\.\d{1,9})?$/;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** Names of zones that mean one offset only, in hours: those of RFC 5322, 4.3, and those of Europe. */
const NAMED = "z:0 ut:0 utc:0 gmt:0 wet:0 west:1 bst:1 cet:1 cest:2 eet:2 eest:3 est:-5 edt:-4 cst:-6 cdt:-5 mst:-7 mdt:-6 pst:-8 pdt:-7";
const ZONES = new Map(NAMED.split(" ").map((zone) => [zone.split(":")[0], Number(zone.split(":")[1]) * 60]));

const EARLIEST = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;

/**
 * The moment that a value of any shape names: a Date, Unix time (seconds, milliseconds, microseconds or nanoseconds, as a number or in digits), ISO 8601
 * with a T or a space, mail's and `date`'s format. Without a zone it is UTC. Null for what is none, what is ambiguous (02/03/2026, unknown zones), and
 * what cannot have been (before 2000, or more than a day from now).
 */
export function momentOf(value: unknown): Date | null {
  const time = value instanceof Date ? value.getTime() : typeof value === "number" ? fromEpoch(value) : fromText(textOf(value));
  return time !== null && time >= EARLIEST && time <= Date.now() + DAY_MS ? new Date(Math.trunc(time)) : null;
}

function textOf(value: unknown): string {
  return typeof value === "string" && value.length <= 64 ? value.trim() : typeof value === "bigint" ? String(value) : "";
}

function fromText(text: string): number | null {
  if (EPOCH.test(text)) return COMPACT.test(text) ? fromIso(COMPACT.exec(text)) : fromEpoch(Number(text));
  const mail = MAIL.exec(text);
  if (mail) {
    const [, day, month, year, hour, minute, second, zone] = mail;
    return timeOf([year, monthOf(month), day, hour, minute, second, undefined], zone);
  }
  const shell = SHELL.exec(text);
  if (shell) {
    const [, month, day, hour, minute, second, zone, year] = shell;
    return timeOf([year, monthOf(month), day, hour, minute, second, undefined], zone);
  }
  return fromIso(ISO.exec(text) ?? DATE.exec(text) ?? COMPACT.exec(text));
}

function fromIso(match: RegExpExecArray | null): number | null {
  if (!match) return null;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  return timeOf([year, month, day, hour, minute, second, fraction], zone);
}

function monthOf(name = ""): string {
  return String(MONTHS.indexOf(name.toLowerCase()) + 1);
}

/** A number of today's size says itself what it counts: seconds have ten digits, and each finer unit three more. */
function fromEpoch(value: number): number | null {
  if (!Number.isFinite(value) || value <= 0) return null;
  for (const [least, scale] of [
    [1e17, 1e-6],
    [1e14, 1e-3],
    [1e11, 1],
  ] as const)
    if (value >= least) return value * scale;
  return value * 1000;
}

/** Year, month, day, hour, minute, second, fraction, as far as they are there. */
type Parts = (string | undefined)[];

function timeOf(parts: Parts, zone: string | undefined): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(0, 6).map((part) => Number(part ?? 0));
  const offset = offsetOf(zone);
  const time = Date.UTC(year, month - 1, day, hour, minute, second, Number((parts[6] ?? "").padEnd(3, "0").slice(0, 3)));
  const date = new Date(time);
  // Date.UTC carries over what is too much: 30 February would be a day in March. A second of 60 is a leap second.
  const isReal = date.getUTCMonth() === month - 1 || (second === 60 && day >= 28);
  if (offset === null || !isReal || hour > 23 || minute > 59 || second > 60 || day < 1) return null;
  return time - offset * 60_000;
}

/** Minutes east of UTC, or null for a zone that nobody can know. */
function offsetOf(zone = "z"): number | null {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (!match) return ZONES.get(zone.toLowerCase()) ?? null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return minutes > 15 * 60 ? null : match[1] === "-" ? -minutes : minutes;
}
