import { createHash } from "node:crypto";
import { createWriteStream, existsSync, linkSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdCompress } from "node:zlib";

import { listRegistered } from "../account/store.ts";
import { config } from "../config.ts";
import { AppError } from "../errors.ts";
import { checkChain, copyOut, findFirstMonth, hasRecords, listMigrations, listTables, readAtOnce, type Session } from "./queries.ts";
import { FORMAT, type Header, type Seal, type TableHead } from "./schema.ts";

/** Rows are gathered to pieces of about this size, in bytes. */
const PIECE = 64 * 1024;

const EMPTY = "The database holds no records, so it is most likely not the one that the app uses. Check DATABASE_URL and DATA_DIR.";

/** Told after each table: how many rows of it were written. */
export type Report = (table: string, rows: number) => void;

/**
 * Writes everything on record, as it is at one moment, and the keys of registered accounts into a new file that only its owner can read, in constant
 * memory. Answers what the file ends with. Throws AppError, and then nothing is left of it: `invalid` if the file cannot be made, `conflict` if the
 * database holds nothing.
 */
export async function writeBackup(ownerUrl: string, file: string, report: Report): Promise<Seal> {
  if (existsSync(file)) throw new AppError("invalid", `${file} is there already. Name another file, or remove it.`);
  const draft = `${file}.${crypto.randomUUID()}`;
  let seal: Seal | undefined;
  const content = (tx: Session) => Readable.from(lines(tx, report, (sealed) => (seal = sealed)));
  // A signal ends the process in the middle of it.
  const discard = () => rmSync(draft, { force: true });
  process.once("exit", discard);
  try {
    const options = { mode: 0o600, flags: "wx", flush: true };
    await readAtOnce(ownerUrl, async (tx) => {
      if (!(await hasRecords(tx))) throw new AppError("conflict", EMPTY);
      await pipeline(content(tx), createZstdCompress(), createWriteStream(draft, options));
    });
    linkSync(draft, file);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall ? cannotWrite(file, error as NodeJS.ErrnoException) : error;
  } finally {
    discard();
    process.off("exit", discard);
  }
  if (!seal) throw new Error("no seal");
  return seal;
}

function cannotWrite(file: string, { code }: NodeJS.ErrnoException): AppError {
  return new AppError("invalid", `${file} cannot be written (${code}). Name a file in a folder that is yours and has room.`);
}

/** The file's content before it is compressed, piece by piece. */
async function* lines(tx: Session, report: Report, sealed: (seal: Seal) => void): AsyncGenerator<Buffer> {
  const whole = createHash("sha256");
  const tables: Seal["tables"] = {};
  const hashed = (bytes: Buffer) => {
    whole.update(bytes);
    return bytes;
  };
  yield hashed(line(await headerOf(tx)));
  for (const head of await listTables(tx)) {
    yield hashed(line(head));
    const digest = createHash("sha256");
    let rows = 0;
    for await (const piece of piecesOf(tx, head, (n) => (rows += n))) {
      digest.update(piece);
      yield hashed(Buffer.from(`${piece.length}\n`));
      yield hashed(piece);
    }
    yield hashed(Buffer.from("0\n"));
    tables[head.table] = { rows, sha256: digest.digest("hex") };
    report(head.table, rows);
  }
  const seal = { tables, audit: await checkChain(tx), sha256: whole.digest("hex") };
  yield line(seal);
  sealed(seal);
}

async function headerOf(tx: Session): Promise<Header> {
  const accounts: Header["accounts"] = {};
  for (const name of await listRegistered())
    accounts[`${name}.json`] = readFileSync(join(config.dataDir, "accounts", `${name}.json`), "utf8");
  return {
    format: FORMAT,
    taken_at: new Date().toISOString(),
    migrations: await listMigrations(tx),
    since: await findFirstMonth(tx),
    accounts,
  };
}

/** Postgres hands over a row at a time. */
async function* piecesOf(tx: Session, head: TableHead, count: (rows: number) => void): AsyncGenerator<Buffer> {
  let gathered: Buffer[] = [];
  let size = 0;
  for await (const row of copyOut(tx, head)) {
    gathered.push(Buffer.from(row));
    count(1);
    size += row.length;
    if (size < PIECE) continue;
    yield Buffer.concat(gathered);
    gathered = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(gathered);
}

function line(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
