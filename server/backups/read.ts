import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createZstdDecompress } from "node:zlib";

import type * as z from "zod";

import { AppError } from "../errors.ts";

/** More than any line of a backup has, and any piece: a row of the largest table may be some megabytes. */
const LONGEST_LINE = 1024 * 1024;
const LONGEST = 256 * 1024 * 1024;

export type BackupReader = {
  /** The next line, as what it should be. */
  next<Value>(shape: z.ZodType<Value>): Promise<Value>;
  /** The pieces of the table that the last line named, to their end. */
  pieces(): AsyncGenerator<Buffer>;
  /** Digest of every byte before the last line. */
  digest(): string;
  /** Whether nothing is left. */
  isAtEnd(): Promise<boolean>;
  close(): void;
};

/** Reads a backup from its start to its end, in constant memory. Every fault of the file is an AppError `invalid`. */
export function openBackup(file: string): BackupReader {
  const raw = createReadStream(file);
  const unpacked = createZstdDecompress();
  raw.on("error", (error) => unpacked.destroy(error)).pipe(unpacked);
  // Whoever reads on is told of it; without anybody who listens it would be printed besides.
  unpacked.on("error", () => {});
  const chunks = unpacked[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const whole = createHash("sha256");
  let before = "";
  let rest: Buffer = Buffer.alloc(0);

  async function more(): Promise<Buffer | undefined> {
    const { value, done } = await chunks.next().catch((error: NodeJS.ErrnoException) => {
      throw damaged(file, error.syscall ? `it cannot be read (${error.code})` : "it is no zstd stream");
    });
    return done ? undefined : value;
  }
  /** Reads on until `length` bytes are there. They are put together once: each chunk on its own would copy all before it again. */
  async function fill(length: number): Promise<void> {
    const parts = [rest];
    for (let size = rest.length; size < length;) {
      const part = await more();
      if (!part) throw damaged(file, "it ends too early");
      size += part.length;
      parts.push(part);
    }
    if (parts.length > 1) rest = Buffer.concat(parts);
  }
  async function take(length: number): Promise<Buffer> {
    await fill(length);
    const taken = rest.subarray(0, length);
    rest = rest.subarray(length);
    return taken;
  }
  async function line(): Promise<string> {
    let end = rest.indexOf(10);
    while (end < 0) {
      const seen = rest.length;
      if (seen > LONGEST_LINE) throw damaged(file, "it has a line without an end");
      await fill(seen + 1);
      end = rest.indexOf(10, seen);
    }
    const bytes = await take(end + 1);
    before = whole.copy().digest("hex");
    whole.update(bytes);
    return bytes.toString("utf8", 0, end);
  }
  return {
    async next(shape) {
      const parsed = shape.safeParse(parse(await line()));
      if (!parsed.success) throw damaged(file, "a line of it is not what should stand there");
      return parsed.data;
    },
    async *pieces() {
      for (;;) {
        const length = Number(await line());
        if (length === 0) return;
        if (!Number.isSafeInteger(length) || length < 0 || length > LONGEST) throw damaged(file, "a length in it is none");
        const piece = await take(length);
        whole.update(piece);
        yield piece;
      }
    },
    digest: () => before,
    isAtEnd: async () => rest.length === 0 && (await more()) === undefined,
    close() {
      raw.destroy();
      unpacked.destroy();
    },
  };
}

/** A fault of a backup file, which leaves everything as it was. */
export function damaged(file: string, what: string): AppError {
  return new AppError("invalid", `${file} cannot be restored: ${what}. Nothing was changed; use another backup.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
