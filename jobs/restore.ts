import { restoreBackup } from "../server/backups/restore.ts";
import { AppError } from "../server/errors.ts";
import type { Job } from "./job.ts";

export const restore: Job = {
  name: "restore",
  summary: "Put a backup into an empty database, all of it or nothing; the app must not run",
  options: {
    file: { type: "string", help: "A file that bun run job backup made with this version" },
    replace: { type: "boolean", help: "Delete what the database holds for it" },
    json: { type: "boolean", help: "Print rows and digests of the tables as JSON" },
  },
  needs: "owner",
  async run({ owner }, { file, replace, json }) {
    if (typeof file !== "string" || !owner) throw new AppError("invalid", "Name the file: --file moltbot.backup");
    const seal = await restoreBackup(owner.url, file, replace === true, showProgress);
    if (json) return { ok: true, text: JSON.stringify({ file, ...seal }) };
    const rows = Object.values(seal.tables).reduce((sum, table) => sum + table.rows, 0);
    const chain = seal.audit.fault === null ? `is whole, up to ${seal.audit.head}` : `is broken at ${seal.audit.fault}, as it was`;
    return { ok: true, text: `${rows.toLocaleString("en")} rows are back. The audit chain of ${seal.audit.records} records ${chain}.` };
  },
};

function showProgress(table: string, rows: number): void {
  if (process.stderr.isTTY) process.stderr.write(`${table}: ${rows.toLocaleString("en")} rows\n`);
}
