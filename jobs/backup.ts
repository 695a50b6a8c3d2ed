import { writeBackup } from "../server/backups/write.ts";
import { AppError } from "../server/errors.ts";
import type { Job } from "./job.ts";

export const backup: Job = {
  name: "backup",
  summary: "Write everything on record, as it is now, into one file; the app may go on",
  options: {
    file: {
      type: "string",
      help: "The new file. It can be read by its owner only: it holds the keys of registered accounts, and all that was read",
    },
    json: { type: "boolean", help: "Print rows and digests of the tables as JSON" },
  },
  needs: "owner",
  async run({ owner }, { file, json }) {
    if (typeof file !== "string" || !owner) throw new AppError("invalid", "Name the file: --file moltbot.backup");
    const seal = await writeBackup(owner.url, file, showProgress);
    if (json) return { ok: true, text: JSON.stringify({ file, ...seal }) };
    const rows = Object.values(seal.tables).reduce((sum, table) => sum + table.rows, 0);
    const tables = Object.keys(seal.tables).length;
    return {
      ok: seal.audit.fault === null,
      text:
        `${rows.toLocaleString("en")} rows of ${tables} tables are in ${file}, with an audit chain of ${seal.audit.records} records ` +
        (seal.audit.fault === null ? `up to ${seal.audit.head}.` : `that is broken at ${seal.audit.fault}.`),
    };
  },
};

function showProgress(table: string, rows: number): void {
  if (process.stderr.isTTY) process.stderr.write(`${table}: ${rows.toLocaleString("en")} rows\n`);
}
