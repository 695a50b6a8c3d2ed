import { config } from "../config.ts";
import type { Mode } from "../runs/schema.ts";
import type { Principal } from "../tokens/queries.ts";

/** The modes whose records count for a run: its own and, for a dry run, also that of the account under which it reads. */
export function modesOf({ mode }: Pick<Principal, "mode">): Mode[] {
  return mode === "dry_run" ? [config.mode, "dry_run"] : [mode];
}
