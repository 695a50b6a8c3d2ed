import type { FileHandle } from "node:fs/promises";
import { open, readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

import { AppError } from "../errors.ts";
import { listPositions } from "./queries.ts";
import type { LogSource, Position } from "./schema.ts";

const HEAD = 1024;

/** A log file that is open: who it is, from where it is to be read, and where it stood before, if it was known. */
export type LogFile = AsyncDisposable & {
  handle: FileHandle;
  path: string;
  device: string;
  inode: string;
  head: Buffer;
  size: number;
  readFrom: number;
  before: Position | null;
  /** It was known, and holds something else now: it was emptied, or its inode was used again. */
  isRestarted: boolean;
};

/** The files of a log that are there, the oldest first: those that were rotated away (FILE.2, FILE.1), then FILE itself. */
export async function filesOf(path: string): Promise<string[]> {
  const whole = resolve(path);
  const name = basename(whole);
  const names = await readdir(dirname(whole)).catch(() => []);
  const rotated = names
    .filter((each) => each.startsWith(`${name}.`) && /^\d{1,3}$/.test(each.slice(name.length + 1)))
    .toSorted((one, other) => Number(other.slice(name.length + 1)) - Number(one.slice(name.length + 1)));
  return [...rotated, ...names.filter((each) => each === name)].map((each) => join(dirname(whole), each));
}

/**
 * Opens a file of a log and finds out how far it was read. It is known by its device and inode and by its first line, whatever its name is by now; a copy
 * of a known file goes on where that one stands. Null if it is gone, or has no complete line yet. Throws AppError `invalid` if it cannot be read.
 */
export async function openLog(path: string, source: LogSource): Promise<LogFile | null> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new AppError("invalid", `The log ${path} cannot be read (${error.code}). Check the path and its permissions.`);
  });
  if (!handle) return null;
  const file = await identify(handle, path, source).catch(async (error: unknown) => {
    await handle.close();
    throw error;
  });
  if (!file) await handle.close();
  return file;
}

async function identify(handle: FileHandle, path: string, source: LogSource): Promise<LogFile | null> {
  const stat = await handle.stat({ bigint: true });
  if (!stat.isFile()) throw new AppError("invalid", `${path} is no file. Name a file, or - for stdin.`);
  const head = await headOf(handle, source);
  if (!head) return null;
  const device = String(BigInt.asIntN(64, stat.dev));
  const inode = String(BigInt.asIntN(64, stat.ino));
  const size = Number(stat.size);
  const known = await listPositions(device, inode, head);
  const before = known.find((each) => each.device === device && each.inode === inode) ?? null;
  const isSame = (each: Position) => each.head.equals(head) && Number(each.read_to) <= size;
  const place = before && isSame(before) ? before : known.find((each) => each !== before && isSame(each));
  const readFrom = Number(place?.read_to ?? 0);
  const isRestarted = before !== null && place !== before;
  return { handle, path, device, inode, head, size, readFrom, before, isRestarted, [Symbol.asyncDispose]: () => handle.close() };
}

/** The hash of the first line, or of as much of it as is looked at, and of what it is read as. Null while the line is not complete. */
async function headOf(handle: FileHandle, source: LogSource): Promise<Buffer | null> {
  const buffer = Buffer.alloc(HEAD);
  const { bytesRead } = await handle.read(buffer, 0, HEAD, 0);
  const end = buffer.subarray(0, bytesRead).indexOf(10);
  if (end < 0 && bytesRead < HEAD) return null;
  const hash = new Bun.CryptoHasher("sha256").update(source).update(buffer.subarray(0, end < 0 ? HEAD : end));
  return hash.digest();
}
