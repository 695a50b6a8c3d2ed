import { describe, log } from "../log.ts";
import { insertOddities, type NewOddity } from "../oddities/detection/queries.ts";
import { checkStatements, type Verdict } from "./check.ts";
import { parseReport } from "./parse.ts";
import { findRecord, findToldRun, insertClaims, type ToldRun } from "./queries.ts";

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
    const contradicted = verdicts.filter(({ status }) => status === "contradicted");
    await insertOddities(
      "claim_mismatch",
      contradicted.map((verdict) => mismatchOf(run, verdict)),
    );
  } catch (error) {
    log.error("claims.not_checked", { run: runId, ...describe(error) });
  }
}

const MISMATCH: Partial<Record<Verdict["evidence"]["reason"], string>> = {
  fewer_in_record: "the record has fewer",
  other_target: "the record has it for something else",
  pending_verification: "it still waits for its verification",
  not_carried_out: "it was not carried out",
  acted: "the record has things that others can notice",
};

/** A claim that the record contradicts, as an oddity: the same words about the same run are the same one. */
function mismatchOf(run: ToldRun, { type, text, evidence }: Verdict): NewOddity {
  return {
    agentId: run.agent_id,
    runId: run.id,
    mode: run.mode,
    severity: "medium",
    description: `It says “${text}”: ${MISMATCH[evidence.reason] ?? "not found in the record"}.`,
    callIds: evidence.refused,
    fingerprint: { run: run.id, said: text, what: type },
    at: new Date(run.finished_at),
  };
}
