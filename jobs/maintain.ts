import { deleteExpired } from "../server/auth/queries.ts";
import { deleteOldOpinions } from "../server/filter/transformer/queries.ts";
import { deleteOldSlots, ensurePartitions } from "../server/instances/queries.ts";
import { expireProposals } from "../server/prompts/proposals/queries.ts";
import type { Job } from "./job.ts";

export const maintain: Job = {
  name: "maintain",
  summary: "Make the next months' partitions and forget old slots, sessions, links, opinions of the model and proposals",
  schedule: { cron: "17 3 * * *", tz: "UTC" },
  needs: "database",
  async run() {
    const made = await ensurePartitions();
    const slots = await deleteOldSlots();
    const expired = await deleteExpired();
    await deleteOldOpinions();
    const proposals = await expireProposals();
    return {
      ok: true,
      text: `${made} partitions made, ${slots} slots and ${expired} sessions and links forgotten, ${proposals} proposals expired.`,
    };
  },
};
