/** Longest line that is read, in bytes, and the most that is read at once: so many lines are recorded in one statement. */
const LONGEST_LINE = 1024 * 1024;
const KEPT = 2_000;

/** Complete lines in the order of the file, and how many bytes they are with their ends. `cut`: one line that was too long, of which this is the beginning. */
export type Chunk = { lines: string[]; bytes: number; cut: boolean };
/** Fills the buffer from where it stopped, as far as it likes, and answers by how many bytes: none at the end. */
export type Read = (into: Buffer) => Promise<number>;

/**
 * Cuts what `read` brings into chunks of complete lines, in constant memory. A last line without an end may be half written: it is brought only
 * if `isWhole` says that nothing more will come. Bytes that are no UTF-8 become U+FFFD.
 */
export async function* chunksOf(read: Read, isWhole: boolean): AsyncGenerator<Chunk> {
  const buffer = Buffer.allocUnsafe(LONGEST_LINE);
  let held = 0;
  for (;;) {
    const more = await read(buffer.subarray(held));
    const filled = held + more;
    const end = buffer.subarray(0, filled).lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      yield { lines: textOf(buffer.subarray(0, end - 1)).split("\n"), bytes: end, cut: false };
      held = buffer.copy(buffer, 0, end, filled);
    } else if (filled === buffer.length) {
      const line = textOf(buffer.subarray(0, KEPT * 4)).slice(0, KEPT);
      const rest = await skipLine(read, buffer);
      if (rest.found || isWhole) yield { lines: [line], bytes: filled + rest.skipped, cut: true };
      held = rest.held;
    } else held = filled;
    if (more === 0) break;
  }
  if (isWhole && held > 0) yield { lines: textOf(buffer.subarray(0, held)).split("\n"), bytes: held, cut: false };
}

const NEWLINE = 10;

function textOf(bytes: Buffer): string {
  return bytes.toString("utf8");
}

/** Reads on to the end of the line; what was read beyond it is at the beginning of the buffer. */
async function skipLine(read: Read, buffer: Buffer): Promise<{ found: boolean; skipped: number; held: number }> {
  let skipped = 0;
  for (;;) {
    const more = await read(buffer);
    if (more === 0) return { found: false, skipped, held: 0 };
    const end = buffer.subarray(0, more).indexOf(NEWLINE) + 1;
    if (end > 0) return { found: true, skipped: skipped + end, held: buffer.copy(buffer, 0, end, more) };
    skipped += more;
  }
}

/** Reads from a stream, whose pieces are as large as they are. */
export function readerOf(stream: ReadableStream<Uint8Array>): Read {
  const reader = stream.getReader();
  let piece: Buffer = Buffer.alloc(0);
  return async (into) => {
    while (piece.length === 0) {
      const { done, value } = await reader.read();
      if (done) return 0;
      piece = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
    const copied = piece.copy(into);
    piece = piece.subarray(copied);
    return copied;
  };
}
