import { verifyChain } from "../server/audit/verify.ts";
import type { Job } from "./job.ts";

export const verifyAudit: Job = {
  name: "verify-audit",
  summary: "Recompute the audit chain and name the first record that does not fit",
  options: { json: { type: "boolean", help: "Print the result as JSON" } },
  needs: "database",
  async run(_context, { json }) {
    const result = await verifyChain();
    const words = result.fault
      ? `The chain is broken at record ${result.fault.seq}: ${result.fault.reason}.`
      : `The chain is whole: ${result.records} records${result.head ? `, head ${result.head}` : ""}.`;
    return { ok: result.fault === null, text: json ? JSON.stringify(result) : words };
  },
};
