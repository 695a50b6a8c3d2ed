import { config } from "../server/config.ts";
import { runHeartbeat } from "../server/runs/heartbeat.ts";
import { findRun, insertSkipped } from "../server/runs/queries.ts";
import type { Job } from "./job.ts";

export const heartbeat: Job = {
  name: "heartbeat",
  summary: "Wake the agent once, now, and wait until it has ended",
  options: {
    "dry-run": { type: "boolean", help: "Check and record what the agent would write, and send nothing" },
    json: { type: "boolean", help: "Print the run as JSON" },
  },
  schedule: { cron: config.heartbeatSchedule, tz: config.heartbeatTimezone },
  needs: "app",
  async run({ agent, mcpUrl, slot }, { json, "dry-run": dryRun }) {
    const id = await runHeartbeat({ agent, trigger: slot ? "schedule" : "manual", slot, mcpUrl, dryRun: dryRun === true });
    const run = id ? await findRun(id) : undefined;
    if (!run) return { ok: slot !== null, text: "Skipped: the list of runs says why." };
    const text = json
      ? JSON.stringify(run)
      : `Run ${run.id}: ${run.status}, ${run.outcome ?? "no outcome"}. ${run.calls} calls, ${run.action_count} actions, ${run.withheld} withheld.`;
    return { ok: run.status === "succeeded", text };
  },
  async onPaused({ agent, slot }, reason) {
    const claim = { agentId: agent.id, mode: config.mode, trigger: "schedule" as const, slot, promptVersionId: null };
    await insertSkipped(claim, "paused", `Heartbeats are paused: ${reason}`);
  },
};
