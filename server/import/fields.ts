import { redactText } from "../redact.ts";
import { momentOf } from "./moment.ts";
import type { Tally } from "./tally.ts";

/** The agent that a row is taken for whose table names none. */
export type Agent = { id: string; name: string };

/** The moment of a row: that of its own column, else that at which it was stored; null, with the reason in the tally, if neither is one. */
export function timeOf(column: string, old: { id: string; created_at?: unknown }, value: unknown, tally: Tally): Date | null {
  const at = momentOf(value);
  if (at !== null) return at;
  const stored = momentOf(old.created_at);
  if (stored === null) return leave(tally, `neither ${column} nor created_at is a time`, old.id);
  tally.note(`${column} is no time: created_at stands for it`, old.id);
  return stored;
}

/** A kind's name as ours are written: small letters and `_`. */
export function wordOf(text: string | null): string | null {
  const word = redactText(text ?? "")
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, "_")
    .replace(/^_/, "")
    .slice(0, 64)
    .replace(/_$/, "");
  return word === "" ? null : word;
}

/** A text as it may be stored, at most so long in characters as Postgres counts them. */
export function cut(text: string | null, most: number): string | null {
  return text === null ? null : redactText(text).slice(0, most).toWellFormed();
}

/** Leaves a row out, and says why. */
export function leave(tally: Tally, reason: string, id: string): null {
  tally.skip(reason, id);
  return null;
}
