import { reapLostRuns } from "../server/runs/reap.ts";
import type { Job } from "./job.ts";

export const reapRuns: Job = {
  name: "reap-runs",
  summary: "Close runs whose process is gone, as lost",
  schedule: { cron: "* * * * *", tz: "UTC" },
  needs: "database",
  async run() {
    return { ok: true, text: `${await reapLostRuns()} runs closed as lost.` };
  },
};
