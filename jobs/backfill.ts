import { runsIn } from "../server/claims/told/log.ts";
import { recordRun } from "../server/claims/told/record.ts";
import { config } from "../server/config.ts";
import { AppError } from "../server/errors.ts";
import { linesOf } from "../server/runs/process.ts";
import { bytesOf } from "./input.ts";
import type { Job } from "./job.ts";

export const backfill: Job = {
  name: "backfill",
  summary: "Record the runs that a runner's heartbeat.log tells of, as claimed",
  argument: "log",
  options: {
    log: { type: "string", help: "The log (also without --log); - reads standard input" },
    "agent-name": { type: "string", help: "Whose runs they were (the agent of MOLTBOOK_AGENT_NAME by default)" },
    "script-variant": { type: "string", help: "Which script ran them" },
    "dry-run": { type: "boolean", help: "Only count them" },
    json: { type: "boolean", help: "Print the counts as JSON" },
  },
  notes: [
    "A run begins at a line with a time, the word heartbeat (or run) and start, and ends at one with finished, complete, failed or an exit code:",
    "  [2026-02-08 10:00:00] Starting heartbeat #3",
    "  === Heartbeat finished at 2026-02-08T10:04:10Z (exit code 0) ===",
    "  Sun Feb  8 10:04:10 UTC 2026: heartbeat complete",
    "  Exit code: 1                                   (within a run)",
    "What stands between is its output. Without a line such as 'Run ID: …' a run is called AGENT-SECONDS, as the predecessor's scripts called it,",
    "so that reading the log again adds nothing.",
  ].join("\n"),
  needs: "database",
  async run(_context, options) {
    const { log: path, "agent-name": name, "script-variant": scriptVariant, "dry-run": dryRun, json } = options;
    if (typeof path !== "string" || path === "") throw new AppError("invalid", "Say which log: bun run job backfill LOG");
    const agentName = typeof name === "string" ? name : config.agentName;
    const bytes = await bytesOf(path);
    const counts = { runs: 0, new: 0, changed: 0, unchanged: 0, refused: 0, without_end: 0 };
    for await (const { runId, startedAt, output, ...run } of runsIn(linesOf(bytes, new Promise(() => {}), 0))) {
      counts.runs += 1;
      if (run.status === "lost") counts.without_end += 1;
      if (process.stderr.isTTY) process.stderr.write(`\r${counts.runs} runs`);
      if (dryRun) continue;
      const told = {
        ...run,
        runId: runId ?? `${agentName.toLowerCase()}-${Math.floor(startedAt.getTime() / 1000)}`,
        agentName,
        startedAt,
        ...(typeof scriptVariant === "string" ? { scriptVariant } : {}),
      };
      try {
        const { is_new, has_changed } = await recordRun(told, output, { actor: "job", actions: "in the output" });
        counts[is_new ? "new" : has_changed ? "changed" : "unchanged"] += 1;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        counts.refused += 1;
        process.stderr.write(`${told.runId}: ${error.message}\n`);
      }
    }
    if (process.stderr.isTTY && counts.runs > 0) process.stderr.write("\n");
    if (counts.runs === 0) process.stderr.write("No line of the log begins a run: bun run job backfill --help shows such lines.\n");
    const found = `${counts.runs} runs in the log, ${counts.without_end} of them without an end`;
    const did = dryRun
      ? "nothing was recorded"
      : `${counts.new} new, ${counts.changed} brought up to date, ${counts.unchanged} known already`;
    return { ok: counts.runs > 0, text: json ? JSON.stringify(counts) : `${found}: ${did}.` };
  },
};
