import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { config } from "../config.ts";

/** The names of the accounts whose keys and claim links the agent's registrations have put into the data directory. Nothing of a file is read. */
export async function listRegistered(): Promise<string[]> {
  const files = await readdir(join(config.dataDir, "accounts")).catch(() => []);
  return files.flatMap((file) => /^([A-Za-z0-9_-]{1,64})\.json$/.exec(file)?.[1] ?? []).toSorted((one, other) => (one < other ? -1 : 1));
}
