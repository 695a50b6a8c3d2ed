import { closeSync, fchmodSync, openSync, writeSync } from "node:fs";

import { AppError } from "../errors.ts";

let file: number | null = null;

/** Logs to a file as well, which is appended to and which only its owner can read. Throws AppError `invalid` if it cannot be written. */
export function logTo(path: string): void {
  try {
    file = openSync(path, "a", 0o600);
    fchmodSync(file, 0o600);
  } catch (error) {
    throw new AppError(
      "invalid",
      `--log-file cannot be written (${(error as NodeJS.ErrnoException).code}): check the path and its permissions`,
    );
  }
}

/** One JSON object a line on stderr, which the client shows or keeps. Fields are codes, counts and method names: never bodies or tokens. */
export function log(level: "info" | "warn" | "error", event: string, fields: Record<string, unknown> = {}): void {
  const line = `${JSON.stringify({ t: new Date().toISOString(), level, event, ...fields })}\n`;
  process.stderr.write(line);
  if (file === null) return;
  try {
    writeSync(file, line);
  } catch {
    // A full disk must not cost a call its answer.
    closeSync(file);
    file = null;
  }
}
