import { config } from "../server/config.ts";
import { AppError } from "../server/errors.ts";
import { collectFile, collectStream, newTally } from "../server/ingest/collect.ts";
import { filesOf } from "../server/ingest/file.ts";
import type { Tally } from "../server/ingest/schema.ts";
import { detectOddities } from "../server/oddities/detect.ts";
import type { Job } from "./job.ts";

export const collectLogs: Job = {
  name: "collect-logs",
  summary: "Record what the security audit log, and a container's log, have that is not on record yet",
  options: {
    "audit-log": { type: "string", help: "The security audit log, with its rotated files; else that at SECURITY_LOG_PATH" },
    "container-log": { type: "string", help: "Lines of docker logs --timestamps: a file, or - for stdin" },
    "detect-oddities": { type: "boolean", help: "Then look for oddities in what is new" },
    "since-minutes": { type: "string", help: "Leave out what is older" },
    json: { type: "boolean", help: "Print the counts as JSON" },
  },
  schedule: { cron: "*/5 * * * *", tz: "UTC" },
  needs: "database",
  async run({ agent }, options) {
    const { "audit-log": audit = config.securityLogPath, "container-log": container, "since-minutes": minutes } = options;
    const since = minutes === undefined ? 0 : Date.now() - minutesOf(minutes) * 60_000;
    const tally = newTally();
    if (typeof audit === "string" && (options["audit-log"] !== undefined || (await filesOf(audit)).length > 0))
      await collectFile(audit, { agentId: agent.id, source: "audit", since }, tally);
    const ofContainer = { agentId: agent.id, source: "container" as const, since };
    if (container === "-") await collectStream(Bun.stdin.stream(), ofContainer, tally);
    else if (typeof container === "string") await collectFile(container, ofContainer, tally);
    if (options["detect-oddities"]) await detectOddities(new Date(since || Date.now() - 3_600_000));
    return { ok: true, text: options.json ? JSON.stringify(tally) : sentenceOf(tally) };
  },
};

function minutesOf(text: string | boolean): number {
  const minutes = Number(text);
  if (!(minutes > 0)) throw new AppError("invalid", "Say how many minutes: --since-minutes 60");
  return minutes;
}

function sentenceOf(tally: Tally): string {
  const odd = [
    tally.unknown > 0 && `${tally.unknown} unknown lines`,
    tally.too_long > 0 && `${tally.too_long} lines cut`,
    tally.too_old > 0 && `${tally.too_old} left out as too old`,
    tally.restarted > 0 && `${tally.restarted} files begun anew`,
    tally.interrupted && "another collection is at work on the rest",
  ].filter((part) => typeof part === "string");
  const found = `${tally.lines} lines: ${tally.added_events} of ${tally.events} events and ${tally.added_calls} of ${tally.calls} calls were new, ${tally.own} events were ours.`;
  return odd.length > 0 ? `${found} ${odd.join(", ")}.` : found;
}
