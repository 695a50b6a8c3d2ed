import { applyRetention, planRetention, type Retention } from "../server/retention/apply.ts";
import type { Job } from "./job.ts";

export const retention: Job = {
  name: "retention",
  summary: "Drop months of old records: transcripts after 30 days, what was read after 90, calls and events after 400",
  options: {
    apply: { type: "boolean", help: "Do it, as the schedule does. Without it the command only says what would go" },
    json: { type: "boolean", help: "Print it as JSON" },
  },
  schedule: { cron: "47 3 * * *", tz: "UTC" },
  needs: "database",
  async run({ slot }, { apply, json }) {
    const isApplied = apply === true || slot !== null;
    const result = isApplied ? await applyRetention() : await planRetention();
    return { ok: true, text: json ? JSON.stringify({ applied: isApplied, ...result }) : inWords(result, isApplied) };
  },
};

function inWords({ dropped, kept, texts }: Retention, isApplied: boolean): string {
  const verb = isApplied ? "were dropped" : "would be dropped (--apply does it)";
  const rows = dropped.reduce((sum, month) => sum + month.rows, 0);
  const lines = [
    `${dropped.length} months of records, ${rows.toLocaleString("en")} rows, and ${texts.toLocaleString("en")} texts ${verb}.`,
  ];
  for (const { name, rows: count } of dropped) lines.push(`  ${name}: ${count.toLocaleString("en")} rows`);
  for (const { name, held } of kept) {
    lines.push(`  ${name} stays: ${held === "triage" ? "it is evidence of an open issue" : "a run of it goes on"}`);
  }
  return lines.join("\n");
}
