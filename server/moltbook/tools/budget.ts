import * as z from "zod";

import { defineTool } from "../../tool.ts";
import type { Account } from "../account/queries.ts";
import { findAccount } from "../account/queries.ts";
import { Budget, budgetOf } from "../budget.ts";
import { countOpenChallenges } from "../verifications/queries.ts";

const budget = defineTool({
  name: "moltbook_budget",
  title: "What you may still do",
  description: "How many calls of each kind Moltbook still allows you, and when the next is free. Sends nothing.",
  input: z.strictObject({}),
  output: z.object({
    budgets: z.array(Budget),
    open_challenges: z.int(),
    failed_challenges_in_row: z.int(),
    writing: z.enum(["allowed", "suspended", "frozen_until_the_operator_resumes", "paused_while_moltbook_fails"]),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(_args, { principal }) {
    const [budgets, account, open] = await Promise.all([budgetOf(principal), findAccount(principal), countOpenChallenges(principal)]);
    const writing = writingOf(account);
    const data = { budgets, open_challenges: open, failed_challenges_in_row: account?.failures_in_row ?? 0, writing };
    return { data, exposures: [], withheld: 0, upstream: null, actions: [] };
  },
});

function writingOf(account: Account | undefined) {
  if (account?.state === "suspended") return "suspended" as const;
  if (account?.frozen_at) return "frozen_until_the_operator_resumes" as const;
  return account?.open_since ? ("paused_while_moltbook_fails" as const) : ("allowed" as const);
}

export const budgetTools = [budget];
