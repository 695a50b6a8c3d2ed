import { config } from "../config.ts";
import type { Mode } from "../runs/schema.ts";
import type { Principal } from "../tokens/queries.ts";

/** On whose behalf Moltbook is called: a run's, or (without a run) the operator's own. */
export type Caller = Pick<Principal, "agent_id" | "mode"> & { run_id?: string };

/** The mode that Moltbook itself sees: a dry run reads under it, and sends nothing. */
export function platformMode({ mode }: { mode: Mode }): "real" | "sandbox" {
  return mode === "dry_run" ? config.mode : mode;
}

/** The modes whose memory counts for a run: a dry run remembers what really happened, and what it pretended to do itself. */
export function modesOf(who: { mode: Mode }): Mode[] {
  return who.mode === "dry_run" ? [config.mode, "dry_run"] : [who.mode];
}
