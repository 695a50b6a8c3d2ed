import { linksOfExport } from "../server/audit/export.ts";
import type { Verification } from "../server/audit/verify.ts";
import { verifyAudit, verifyChain } from "../server/audit/verify.ts";
import { AppError } from "../server/errors.ts";
import type { EvidenceVerification } from "../server/evidence/verify.ts";
import { verifyEvidence } from "../server/evidence/verify.ts";
import { bytesOf } from "./input.ts";
import type { Job } from "./job.ts";

export const verifyAuditJob: Job = {
  name: "verify-audit",
  summary: "Recompute the audit chain and name the first record that does not fit",
  options: {
    file: { type: "string", help: "An export to recompute in place of the database" },
    bundle: { type: "string", help: "A run's evidence to check: its records, digests and trailer" },
    json: { type: "boolean", help: "Print the result as JSON" },
  },
  notes:
    "A file is checked by itself, without a database; - reads it from stdin. An export of the chain comes from /api/audit/export, a run's evidence\n" +
    "from its page or from /api/runs/RUN/evidence, whose first line says what it does not prove. Whatever does not fit ends the command with 1.",
  schedule: { cron: "41 4 * * *", tz: "UTC" },
  needs: "database",
  isAlone: ({ file, bundle }) => file !== undefined || bundle !== undefined,
  async run({ slot }, { file, bundle, json }) {
    if (file !== undefined && bundle !== undefined)
      throw new AppError("invalid", "--file and --bundle are files of different kinds. Check one at a time.");
    if (typeof bundle === "string") {
      const result = await verifyEvidence(await bytesOf(bundle));
      return { ok: result.fault === null, text: json ? JSON.stringify(result) : wordsOfBundle(result) };
    }
    const result = typeof file === "string" ? await verifyFile(file) : await verifyDatabase(slot === null ? "command" : "schedule");
    return { ok: result.fault === null, text: json ? JSON.stringify(result) : wordsOfChain(result) };
  },
};

async function verifyDatabase(actor: string): Promise<Verification> {
  const { last_seq: records, head, fault } = await verifyAudit(actor, null);
  return { records, head, fault };
}

async function verifyFile(path: string): Promise<Verification> {
  return verifyChain(linksOfExport(await bytesOf(path)));
}

function wordsOfChain({ fault, records, head }: Verification): string {
  if (fault) return `The chain is broken at record ${fault.seq}: ${fault.reason}.`;
  return `The chain is whole: ${records} records${head ? `, head ${head}` : ""}.`;
}

function wordsOfBundle({ fault, run_id, lines, records, calls, untold, altered, texts, dropped, head }: EvidenceVerification): string {
  if (fault) return `Line ${fault.line} does not fit: ${fault.reason}.`;
  return [
    `All ${lines} lines fit, of run ${run_id}.`,
    `Records of the chain: ${records}. Calls as they tell of them: ${calls}.`,
    ...(untold > 0 ? [`Calls of which they tell nothing, or not the end: ${untold}.`] : []),
    ...(altered > 0 ? [`Arguments and results that were stored redacted or cut, so that nobody can recompute them: ${altered}.`] : []),
    ...(texts ? [] : ["The texts that were read, and what calls answered, are not in the file."]),
    ...(dropped.length > 0 ? [`Dropped when their time was over, in whole or in part: ${dropped.join(", ")}.`] : []),
    head ? `The chain ended at record ${head.seq} with ${head.hash}.` : "The chain was empty.",
  ].join(" ");
}
