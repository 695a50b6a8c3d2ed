import { linkSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";

/**
 * Writes a file that only its owner can read, unless it is there already, and answers what it holds. In one step: of two processes that
 * do it at once, both get the text of the same one.
 */
export function writeOnce(file: string, text: string): string {
  const draft = `${file}.${crypto.randomUUID()}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
  return readFileSync(file, "utf8").trim();
}
