import { config } from "../server/config.ts";
import { followUp } from "../server/moltbook/follow-up/follow-up.ts";
import type { Job } from "./job.ts";

export const followUpJob: Job = {
  name: "follow-up",
  summary: "Look after what is open with Moltbook: lost answers, texts not seen yet, challenges, the account, requests to talk",
  options: { json: { type: "boolean", help: "Print the counts as JSON" } },
  schedule: { cron: "* * * * *", tz: "UTC" },
  needs: "moltbook",
  async run({ agent }, { json }) {
    const done = await followUp({ agent_id: agent.id, mode: config.mode });
    const text = json
      ? JSON.stringify(done)
      : `${done.intents} lost answers, ${done.writings} texts and ${done.features} functions looked after; ${done.challenges_expired} challenges expired; ${done.requests} new requests.`;
    return { ok: true, text };
  },
};
