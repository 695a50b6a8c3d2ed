import * as z from "zod";

import type { LimitClass, Window } from "./limits.ts";
import { LIMITS } from "./limits.ts";
import type { Caller } from "./modes.ts";
import { listBudgets } from "./queries.ts";

/** What may still be done of one class: `left` calls at once, `limits` such as "1/30min", and in how many seconds the next one is free (0: now). */
export const Budget = z.object({
  class: z.string(),
  left: z.int(),
  limits: z.array(z.string()),
  next_in_s: z.int(),
});
export type Budget = z.infer<typeof Budget>;

const DAY_MS = 86_400_000;

/** What is `used` and `left` of one limit of a class, and in how many seconds the next call is free (0: now). */
export type Allowance = Window & { class: LimitClass; used: number; left: number; next_in_s: number };

/** What an account may still do on Moltbook now, by our own count and by what Moltbook said, for each limit of each class of calls. */
export async function windowsOf(who: Caller, now = Date.now()): Promise<Allowance[]> {
  const { registered_at, budgets } = await listBudgets(who);
  const isYoung = registered_at !== null && now - Date.parse(registered_at) < DAY_MS;
  return (Object.keys(LIMITS) as LimitClass[]).flatMap((name) => {
    const rows = budgets.filter((row) => row.class === name);
    const spent = rows.flatMap((row) => row.spent).map((time) => Date.parse(time));
    const blockedS = Math.max(0, ...rows.map(({ blocked_until }) => secondsUntil(blocked_until, now)));
    const told = rows.flatMap(({ remaining, resets_at }) =>
      remaining !== null && secondsUntil(resets_at, now) > 0 ? [{ remaining, resets_at }] : [],
    );
    const toldS = told.filter(({ remaining }) => remaining <= 0).map(({ resets_at }) => secondsUntil(resets_at, now));
    return (isYoung ? LIMITS[name].young : LIMITS[name].windows).map((window) => {
      const used = spent.filter((time) => time > now - window.seconds * 1000).length;
      const left = Math.min(window.most - used, ...told.map(({ remaining }) => remaining));
      return {
        class: name,
        ...window,
        used,
        left: blockedS > 0 ? 0 : Math.max(0, left),
        next_in_s: Math.max(blockedS, waitFor(window, spent, now), ...toldS),
      };
    });
  });
}

/** The same, summed up for each class: what all of its limits leave. */
export async function budgetOf(who: Caller): Promise<Budget[]> {
  const classes = Map.groupBy(await windowsOf(who), (window) => window.class);
  return [...classes].map(([name, windows]) => ({
    class: name,
    left: Math.min(...windows.map(({ left }) => left)),
    limits: windows.map(inWords),
    next_in_s: Math.max(...windows.map(({ next_in_s }) => next_in_s)),
  }));
}

function waitFor({ most, seconds }: Window, spent: number[], now: number): number {
  const oldest = spent.toSorted((a, b) => b - a)[most - 1];
  return oldest === undefined ? 0 : Math.max(0, Math.ceil((oldest + seconds * 1000 - now) / 1000));
}

function secondsUntil(time: string | null, now: number): number {
  return time === null ? 0 : Math.max(0, Math.ceil((Date.parse(time) - now) / 1000));
}

const UNITS: [string, number][] = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
];

function inWords({ most, seconds }: Window): string {
  const [unit, length] = UNITS.find(([, each]) => seconds % each === 0) ?? ["s", 1];
  return `${most}/${seconds / length}${unit}`;
}
