import cronstrue from "cronstrue";

import { config } from "./config.ts";

/** When the agent wakes, in words and with its time zone: "At minute 0 past every 4th hour (UTC)" or the like. */
export function scheduleInWords(): string {
  return `${cronstrue.toString(config.heartbeatSchedule, { use24HourTimeFormat: true })} (${config.heartbeatTimezone})`;
}

/** When the agent wakes next, or null for a schedule that never comes round. */
export function nextHeartbeat(): Date | null {
  return Bun.cron.parse(config.heartbeatSchedule, Date.now(), { tz: config.heartbeatTimezone });
}
