import * as z from "zod";

import type { LimitClass, Window } from "./limits.ts";
import { LIMITS } from "./limits.ts";
import type { Caller } from "./modes.ts";
import { listBudgets } from "./queries.ts";

/** What may still be done of one class: `left` calls at once, `limits` in words, and in how many seconds the next one is free (0: now). */
export const Budget = z.object({
  class: z.string(),
  left: z.int(),
  limits: z.string(),
  next_in_s: z.int(),
});
export type Budget = z.infer<typeof Budget>;

const DAY_MS = 86_400_000;

/** What an account may still do on Moltbook now, by our own count and by what Moltbook said, for each class of calls. */
export async function budgetOf(who: Caller, now = Date.now()): Promise<Budget[]> {
  const { registered_at, budgets } = await listBudgets(who);
  const isYoung = registered_at !== null && now - Date.parse(registered_at) < DAY_MS;
  return (Object.keys(LIMITS) as LimitClass[]).map((name) => {
    const windows = isYoung ? LIMITS[name].young : LIMITS[name].windows;
    const rows = budgets.filter((row) => row.class === name);
    const spent = rows.flatMap((row) => row.spent).map((time) => Date.parse(time));
    const blockedS = Math.max(0, ...rows.map(({ blocked_until }) => secondsUntil(blocked_until, now)));
    const told = rows.flatMap(({ remaining, resets_at }) =>
      remaining !== null && secondsUntil(resets_at, now) > 0 ? [{ remaining, resets_at }] : [],
    );
    const left = Math.min(...windows.map((window) => leftIn(window, spent, now)), ...told.map(({ remaining }) => remaining));
    const waits = windows.map((window) => waitFor(window, spent, now));
    const toldS = told.filter(({ remaining }) => remaining <= 0).map(({ resets_at }) => secondsUntil(resets_at, now));
    return {
      class: name,
      left: blockedS > 0 ? 0 : Math.max(0, left),
      limits: windows.map(inWords).join(", "),
      next_in_s: Math.max(blockedS, ...waits, ...toldS),
    };
  });
}

function leftIn({ most, seconds }: Window, spent: number[], now: number): number {
  return most - spent.filter((time) => time > now - seconds * 1000).length;
}

function waitFor({ most, seconds }: Window, spent: number[], now: number): number {
  const oldest = spent.toSorted((a, b) => b - a)[most - 1];
  return oldest === undefined ? 0 : Math.max(0, Math.ceil((oldest + seconds * 1000 - now) / 1000));
}

function secondsUntil(time: string | null, now: number): number {
  return time === null ? 0 : Math.max(0, Math.ceil((Date.parse(time) - now) / 1000));
}

function inWords({ most, seconds }: Window): string {
  const [amount, unit] =
    seconds % 86_400 === 0
      ? [seconds / 86_400, "d"]
      : seconds % 3600 === 0
        ? [seconds / 3600, "h"]
        : seconds % 60 === 0
          ? [seconds / 60, "min"]
          : [seconds, "s"];
  return `${most} per ${amount}${unit}`;
}
