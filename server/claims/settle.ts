import { describe, log } from "../log.ts";
import { checkStatements } from "./check.ts";
import { parseReport } from "./parse.ts";
import { findRecord, findToldRun, insertClaims, insertMismatch } from "./queries.ts";

/**
 * Holds what the agent said at the end of a heartbeat against the record, once the run is closed. Doing it again changes nothing. Never throws:
 * a run is closed, whether or not its words could be checked.
 */
export async function settleClaims(runId: string): Promise<void> {
  try {
    const run = await findToldRun(runId);
    if (!run?.summary) return;
    const verdicts = checkStatements(parseReport(run.summary), await findRecord(runId));
    if (verdicts.length === 0) return;
    await insertClaims(run, verdicts);
    for (const verdict of verdicts) if (verdict.status === "contradicted") await insertMismatch(run, verdict);
  } catch (error) {
    log.error("claims.not_checked", { run: runId, ...describe(error) });
  }
}
