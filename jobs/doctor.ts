import { reachDatabase } from "../server/boot.ts";
import { checkDatabase } from "../server/doctor/database.ts";
import { checkMachine } from "../server/doctor/machine.ts";
import type { Finding } from "../server/doctor/schema.ts";
import { checkSettings } from "../server/doctor/settings.ts";
import type { Job } from "./job.ts";

const MARKS = { ok: "ok", warning: "WARN", failed: "FAIL" };

export const doctor: Job = {
  name: "doctor",
  summary: "Look at everything that Moltbot stands on, change nothing, and say what to do; 1 if something failed",
  options: { json: { type: "boolean", help: "Print the findings as JSON" } },
  needs: "nothing",
  async run(_context, { json }) {
    await using steps = new AsyncDisposableStack();
    const findings = [...(await checkMachine()), ...(await checkSettings()), ...(await checkDatabase(() => reachDatabase(steps)))];
    const ok = findings.every(({ state }) => state !== "failed");
    return { ok, text: json ? JSON.stringify({ ok, findings }) : table(findings) };
  },
};

function table(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings
    .flatMap(({ check, state, seen, cure }) => [
      `${MARKS[state].padEnd(4)}  ${check.padEnd(width)}  ${seen}`,
      ...(cure ? [`${" ".repeat(width + 8)}${cure}`] : []),
    ])
    .join("\n");
}
