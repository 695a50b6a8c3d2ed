import cronstrue from "cronstrue";

import { config } from "./config.ts";

/** When the agent wakes, in words and with its time zone: "At minute 0 past every 4th hour (UTC)" or the like. */
export function scheduleInWords(): string {
  return inWords(config.heartbeatSchedule, config.heartbeatTimezone);
}

/** When the agent wakes next, or null for a schedule that never comes round. */
export function nextHeartbeat(): Date | null {
  return nextTimes(config.heartbeatSchedule, config.heartbeatTimezone, 1)[0] ?? null;
}

/** A five-field cron expression in words, with its time zone. */
export function inWords(cron: string, timezone: string): string {
  return `${cronstrue.toString(cron, { use24HourTimeFormat: true })} (${timezone})`;
}

/** The next `count` times of a schedule, clock changes of its time zone included; fewer where it ends, as none does but one that never comes round. */
export function nextTimes(cron: string, timezone: string, count: number, from = Date.now()): Date[] {
  const next = Bun.cron.parse(cron, from, { tz: timezone });
  return next === null || count < 1 ? [] : [next, ...nextTimes(cron, timezone, count - 1, next.getTime())];
}
