import { redactText } from "../redact.ts";
import { observedId } from "../security/queries.ts";

const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/;
/** Moltbook opened in 2026. A month of its own is made for every month in which something happened, so that a line may not name any year it likes. */
const EARLIEST = Date.UTC(2025, 0, 1);
const DAY_MS = 86_400_000;

/** Unix time in milliseconds of an ISO 8601 time as logs write it, in UTC if it names no zone; null for anything else, and for what cannot have been. */
export function timeOf(value: unknown): number | null {
  const match = typeof value === "string" && value.length <= 40 ? ISO.exec(value) : null;
  if (!match) return null;
  const iso = match[0].replace(" ", "T").replace(",", ".");
  const time = Date.parse(match[1] ? iso : `${iso}Z`);
  return time >= EARLIEST && time <= Date.now() + DAY_MS ? time : null;
}

/** SHA-256 of a line without the white space around it, as 64 hex digits: the same line is the same observation, wherever it stands. */
export function fingerprintOf(line: string): string {
  return Bun.CryptoHasher.hash("sha256", line.trim(), "hex");
}

/** What makes an observation itself: the moment that its line names, and the line. */
export function identityOf(at: number, line: string): { id: string; at: number; fingerprint: string } {
  const fingerprint = fingerprintOf(line);
  return { id: observedId(new Date(at), fingerprint), at, fingerprint };
}

/** A text of at most so many characters, redacted; null for what is none or empty. */
export function cut(value: unknown, length: number): string | null {
  return typeof value === "string" && value !== "" ? redactText(value.slice(0, length + 100)).slice(0, length) : null;
}
