import { deleteOldSlots, ensurePartitions } from "../server/instances/queries.ts";
import type { Job } from "./job.ts";

export const maintain: Job = {
  name: "maintain",
  summary: "Make the next months' partitions and forget old schedule slots",
  schedule: { cron: "17 3 * * *", tz: "UTC" },
  needs: "database",
  async run() {
    const made = await ensurePartitions();
    const forgotten = await deleteOldSlots();
    return { ok: true, text: `${made} partitions made, ${forgotten} slots forgotten.` };
  },
};
