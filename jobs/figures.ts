import { refreshFigures } from "../server/stats/refresh/queries.ts";
import type { Job } from "./job.ts";

export const figures: Job = {
  name: "figures",
  summary: "Count the days that are over, and those of which a record came or changed since",
  schedule: { cron: "7 * * * *", tz: "UTC" },
  needs: "database",
  async run() {
    return { ok: true, text: `${await refreshFigures()} rows of daily figures written.` };
  },
};
