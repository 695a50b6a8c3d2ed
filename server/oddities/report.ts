import type { Mode } from "../runs/schema.ts";
import { listRuleChanges } from "./queries.ts";
import { ODDITY_RULES } from "./rules.ts";
import type { OddityRuleReport } from "./schema.ts";

/** Every rule as it is in force, with what it found in a mode in the last 30 days. */
export async function reportOddityRules(mode: Mode): Promise<OddityRuleReport[]> {
  const changes = await listRuleChanges(mode);
  return ODDITY_RULES.map(({ threshold, ...rule }) => {
    const change = changes.get(rule.type);
    return {
      ...rule,
      enabled: change?.enabled ?? true,
      threshold: threshold && (change?.threshold ?? threshold.default),
      default_threshold: threshold?.default ?? null,
      most: threshold?.most ?? null,
      counts: threshold?.counts ?? null,
      found: change?.found ?? 0,
      changed_by: change?.changed_by ?? null,
      changed_at: change?.changed_at ?? null,
    };
  });
}
