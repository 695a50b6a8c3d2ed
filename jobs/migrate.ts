import type { Job } from "./job.ts";

export const migrate: Job = {
  name: "migrate",
  summary: "Bring the database up to date, as every start does too",
  needs: "owner",
  async run({ owner }) {
    return { ok: true, text: owner?.applied ? `${owner.applied} migrations applied.` : "The database is up to date." };
  },
};
