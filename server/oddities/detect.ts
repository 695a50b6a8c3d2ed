import { describe, log } from "../log.ts";
import type { Period } from "./detection/queries.ts";
import { detect, findOldestOpenRun } from "./detection/queries.ts";
import { listRuleChanges } from "./queries.ts";
import { ODDITY_RULES } from "./rules.ts";

const DAY_MS = 86_400_000;

/**
 * Looks for oddities in what came since a moment, and in the runs that are still under way, by all rules that are on. Looking again changes nothing.
 * Answers how many each rule newly found. A rule that fails does not keep the others from looking; its error is thrown at the end.
 */
export async function detectOddities(since: Date): Promise<Record<string, number>> {
  const changes = await listRuleChanges("real");
  const oldest = await findOldestOpenRun();
  const period = periodOf(oldest !== null && Date.parse(oldest) < since.getTime() ? new Date(oldest) : since);
  const found: Record<string, number> = {};
  const errors: unknown[] = [];
  for (const { type, threshold } of ODDITY_RULES) {
    const change = changes.get(type);
    // Found by those who read reports, with more than a query.
    if (type === "claim_mismatch" || change?.enabled === false) continue;
    try {
      found[type] = await detect(type, period, change?.threshold ?? threshold?.default ?? 1);
    } catch (error) {
      log.error("oddities.rule_failed", { type, ...describe(error) });
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return found;
}

/** The same for a run that has just ended. Never throws: the run is closed, and the schedule looks again. */
export async function detectAfterRun(began: Date): Promise<void> {
  await detectOddities(began).catch(() => {});
}

/** From midnight on, and a whole day before: what counts in windows begins at the same call all day long, and may last a day. */
function periodOf(since: Date): Period {
  const day = new Date(Math.floor(since.getTime() / DAY_MS) * DAY_MS - DAY_MS);
  return { since: since.toISOString(), day: day.toISOString() };
}
