import { AppError } from "../server/errors.ts";

/** What a file holds, as it is read; `-` is standard input. Throws AppError `not_found` where there is no file at `path`. */
export async function bytesOf(path: string): Promise<ReadableStream<Uint8Array>> {
  if (path === "-") return Bun.stdin.stream();
  const file = Bun.file(path);
  // A folder is no file, and neither is what may not be looked at. A pipe is one.
  const isThere = await file.stat().then(
    (found) => !found.isDirectory(),
    () => false,
  );
  if (!isThere) throw new AppError("not_found", `There is no file ${path}. Check the path.`);
  return file.stream();
}
