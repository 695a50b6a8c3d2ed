import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { config } from "../config.ts";
import { AppError } from "../errors.ts";
import * as queries from "./queries.ts";
import { type BackupReader, damaged, openBackup } from "./read.ts";
import { Header, Seal, TableHead } from "./schema.ts";
import type { Report } from "./write.ts";

type Tables = Seal["tables"];

/**
 * Puts a backup into a database that holds nothing, or instead of what it holds (`replace`), in one transaction: the tables, with rows, digests and
 * the audit chain compared with what the backup says of them, and the keys of registered accounts that are not here. Answers the backup's seal. Throws
 * AppError, and then nothing has changed: `invalid` for a file that is damaged, `conflict` for a database that it does not fit.
 */
export async function restoreBackup(ownerUrl: string, file: string, replace: boolean, report: Report): Promise<Seal> {
  const backup = openBackup(file);
  let written: string[] = [];
  try {
    return await queries.writeAtOnce(ownerUrl, async (tx) => {
      const header = await backup.next(Header);
      const tables = await queries.listTables(tx);
      await checkTarget(tx, header, replace);
      const bringBack = await queries.clear(tx, tables, header.since);
      const read: Tables = {};
      for (const expected of tables) read[expected.table] = await readTable(tx, file, backup, expected, report);
      const seal = await readSeal(file, backup, read);
      for (const { table } of tables) {
        if ((await queries.countRows(tx, table)) !== seal.tables[table]?.rows) throw damaged(file, `rows of ${table} are missing`);
      }
      const chain = await queries.checkChain(tx);
      if (!Bun.deepEquals(chain, seal.audit)) throw damaged(file, "the audit chain is not what it was");
      await bringBack();
      written = writeAccounts(header.accounts);
      return seal;
    });
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    throw explain(error, file);
  } finally {
    backup.close();
  }
}

async function checkTarget(tx: queries.Session, header: Header, replace: boolean): Promise<void> {
  const migrations = await queries.listMigrations(tx);
  if (!Bun.deepEquals(migrations, header.migrations)) {
    const [theirs, ours] = [header.migrations.at(-1), migrations.at(-1)];
    const cure = "Restore it with the version of Moltbot that made it, and update then";
    throw new AppError("conflict", `The backup has the schema of migration ${theirs}, this version that of ${ours}. ${cure}.`);
  }
  if (await queries.isInUse(tx)) throw new AppError("conflict", "Moltbot is running on this database. Stop it first.");
  if (!replace && (await queries.hasRecords(tx)))
    throw new AppError("conflict", "The database holds records. Give an empty one, or --replace to delete them for those of the backup.");
}

async function readTable(
  tx: queries.Session,
  file: string,
  backup: BackupReader,
  expected: TableHead,
  report: Report,
): Promise<Tables[string]> {
  const head = await backup.next(TableHead);
  if (!Bun.deepEquals(head, expected)) throw damaged(file, `it has ${head.table} where ${expected.table} belongs`);
  const digest = createHash("sha256");
  let rows = 0;
  const counted = async function* () {
    for await (const piece of backup.pieces()) {
      digest.update(piece);
      // A line break within a value is written as \n there.
      for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) rows += 1;
      yield piece;
    }
  };
  await queries.copyIn(tx, head, counted());
  report(head.table, rows);
  return { rows, sha256: digest.digest("hex") };
}

async function readSeal(file: string, backup: BackupReader, read: Tables): Promise<Seal> {
  const seal = await backup.next(Seal);
  if (backup.digest() !== seal.sha256 || !Bun.deepEquals(read, seal.tables)) throw damaged(file, "its content does not match its digests");
  if (!(await backup.isAtEnd())) throw damaged(file, "something follows its end");
  return seal;
}

/** Writes the files of registered accounts that are not here; answers which. A key that is here is never overwritten. */
function writeAccounts(accounts: Header["accounts"]): string[] {
  const folder = join(config.dataDir, "accounts");
  const missing = Object.entries(accounts).filter(([name]) => !existsSync(join(folder, name)));
  if (missing.length > 0) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return missing.map(([name, text]) => {
    writeFileSync(join(folder, name), text, { mode: 0o600, flag: "wx" });
    return join(folder, name);
  });
}

/** Postgres refuses what is damaged in its own words. */
function explain(error: unknown, file: string): unknown {
  const code = (error as { code?: unknown }).code;
  if (error instanceof AppError || typeof code !== "string") return error;
  if (code === "55P03") return new AppError("conflict", "Somebody is using the database. Stop Moltbot, and whatever else reads it, first.");
  return /^2[23]/.test(code) ? damaged(file, `Postgres does not take a row of it (${code})`) : error;
}
