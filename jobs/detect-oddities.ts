import { AppError } from "../server/errors.ts";
import { compactTallies } from "../server/issues/queries.ts";
import { detectOddities } from "../server/oddities/detect.ts";
import type { Job } from "./job.ts";

const HOUR_MS = 3_600_000;

export const detectOdditiesJob: Job = {
  name: "detect-oddities",
  summary: "Look for oddities in what agents did in the last hour and in the runs under way; looking again changes nothing",
  options: {
    since: { type: "string", help: "Look at what came since this moment or day (RFC 3339, UTC) instead" },
    json: { type: "boolean", help: "Print the counts as JSON" },
  },
  schedule: { cron: "*/5 * * * *", tz: "UTC" },
  needs: "database",
  async run(_context, { since, json }) {
    const found = await detectOddities(typeof since === "string" ? momentOf(since) : new Date(Date.now() - HOUR_MS));
    await compactTallies();
    const total = Object.values(found).reduce((sum, n) => sum + n, 0);
    const named = Object.entries(found).flatMap(([type, n]) => (n > 0 ? [`${type} ${n}`] : []));
    return { ok: true, text: json ? JSON.stringify(found) : `${total} new oddities${named.length > 0 ? `: ${named.join(", ")}` : ""}.` };
  },
};

function momentOf(since: string): Date {
  const moment = new Date(since);
  if (Number.isNaN(moment.getTime())) throw new AppError("invalid", "--since must be a moment or a day such as 2026-11-25T10:00:00Z.");
  return moment;
}
