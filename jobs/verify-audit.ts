import { linksOfExport } from "../server/audit/export.ts";
import type { Verification } from "../server/audit/verify.ts";
import { verifyAudit, verifyChain } from "../server/audit/verify.ts";
import { AppError } from "../server/errors.ts";
import type { Job } from "./job.ts";

export const verifyAuditJob: Job = {
  name: "verify-audit",
  summary: "Recompute the audit chain and name the first record that does not fit",
  options: {
    file: { type: "string", help: "An export to recompute in place of the database" },
    json: { type: "boolean", help: "Print the result as JSON" },
  },
  schedule: { cron: "41 4 * * *", tz: "UTC" },
  needs: "database",
  async run({ slot }, { file, json }) {
    const result = typeof file === "string" ? await verifyFile(file) : await verifyDatabase(slot === null ? "command" : "schedule");
    const words = result.fault
      ? `The chain is broken at record ${result.fault.seq}: ${result.fault.reason}.`
      : `The chain is whole: ${result.records} records${result.head ? `, head ${result.head}` : ""}.`;
    return { ok: result.fault === null, text: json ? JSON.stringify(result) : words };
  },
};

async function verifyDatabase(actor: string): Promise<Verification> {
  const { last_seq: records, head, fault } = await verifyAudit(actor, null);
  return { records, head, fault };
}

async function verifyFile(path: string): Promise<Verification> {
  const file = Bun.file(path);
  if (!(await file.exists())) throw new AppError("invalid", `There is no file ${path}.`);
  return verifyChain(linksOfExport(file.stream()));
}
