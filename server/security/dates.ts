import * as z from "zod";

/** A moment (RFC 3339), or a date, which means the whole day in UTC. */
export const DateOrMoment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

const DAY_MS = 86_400_000;

/** Where a period that begins with `from` begins, in UTC. */
export function startOf(from: string): string {
  return new Date(from).toISOString();
}

/** Where a period that `to` is the last day or moment of ends, itself not included, in UTC. */
export function endOf(to: string): string {
  return new Date(Date.parse(to) + (to.length === "YYYY-MM-DD".length ? DAY_MS : 1)).toISOString();
}
