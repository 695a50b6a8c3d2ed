import { config } from "../server/config.ts";
import { fetchDocuments } from "../server/documents/fetch.ts";
import type { Job } from "./job.ts";

export const fetchDocumentsJob: Job = {
  name: "fetch-documents",
  summary: "Fetch what Moltbook publishes for agents; what is new waits for your review",
  options: { json: { type: "boolean", help: "Print the counts as JSON" } },
  schedule: { cron: "41 4 * * *", tz: "UTC" },
  needs: "moltbook",
  async run({ agent }, { json }) {
    const counts = await fetchDocuments({ agent_id: agent.id, mode: config.mode });
    const ok = counts.failed.length === 0;
    if (json) return { ok, text: JSON.stringify(counts) };
    const faults = counts.failed.map(({ name, fault }) => `\n${name}: ${fault}`).join("");
    return {
      ok,
      text: `${counts.fetched} documents fetched, ${counts.changed.length} of them to review, ${counts.failed.length} failed.${faults}`,
    };
  },
};
