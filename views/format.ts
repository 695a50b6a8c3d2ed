/**
 * How long ago, or in how long, `at` is as seen from `now` (milliseconds): "just now", "14 min ago", "in 46 min", "2 d ago".
 * What is `due` has not been, so that from then on it is "due now". app.js says the same in the browser when time passes.
 */
export function relative(at: string, now: number = Date.now(), due = false): string {
  const seconds = (Date.parse(at) - now) / 1000;
  const distance = span(Math.abs(seconds));
  if (distance === null) return at.slice(0, 10);
  if (due && seconds < 0) return "due now";
  if (distance === "") return seconds > (due ? 0 : 5) ? "in a moment" : "just now";
  return seconds > 0 ? `in ${distance}` : `${distance} ago`;
}

/** The moment itself, to the second, in UTC. */
export function absolute(at: string): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Seconds between two moments; `to` missing means until now. */
export function secondsBetween(from: string, to: string | null, now: number = Date.now()): number {
  return Math.max(0, ((to === null ? now : Date.parse(to)) - Date.parse(from)) / 1000);
}

/** A length of time in seconds: "0.84 s", "42 s", "3 min 12 s", "1 h 4 min". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Made once: to make one takes fifty times as long as to use it. */
const CENTS = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const MILLS = new Intl.NumberFormat("en-US", { minimumFractionDigits: 3, maximumFractionDigits: 3 });

/** US dollars; sums below ten cents keep three digits, because most runs cost that little. */
export function money(usd: number): string {
  return `$${(usd > 0 && usd < 0.1 ? MILLS : CENTS).format(usd)}`;
}

/** A whole number with thousands apart. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** A number with its noun: "1 call", "12 calls". */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** A size in bytes: "812 B", "14.2 kB". */
export function bytes(value: number): string {
  return value < 1000 ? `${value} B` : value < 1_000_000 ? `${(value / 1000).toFixed(1)} kB` : `${(value / 1_000_000).toFixed(1)} MB`;
}

/** A machine's word for people: "timed_out" reads "timed out". */
export function plain(word: string): string {
  return word.replaceAll("_", " ");
}

/** Empty below 45 seconds, null beyond 30 days. */
function span(seconds: number): string | null {
  if (seconds < 45) return "";
  if (seconds < 3570) return `${Math.max(1, Math.round(seconds / 60))} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return seconds < 30 * 86_400 ? `${Math.round(seconds / 86_400)} d` : null;
}
