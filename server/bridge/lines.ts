const LIMIT = 64 * 1024 * 1024;

/** Splits a byte stream into lines without their ends. A line above 64 MiB comes as null and is never held in memory. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string | null> {
  let parts: Uint8Array[] = [];
  let size = 0;
  const keep = (part: Uint8Array) => {
    size += part.length;
    if (size > LIMIT) parts = [];
    else parts.push(part);
  };
  const take = () => {
    const line = size > LIMIT ? null : Buffer.concat(parts).toString("utf8");
    parts = [];
    size = 0;
    return line?.endsWith("\r") ? line.slice(0, -1) : line;
  };
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      keep(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    keep(chunk.subarray(start));
  }
  if (size > 0) yield take();
}
