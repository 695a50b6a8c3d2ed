import * as z from "zod";

import { defineTool } from "../../tool.ts";
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
    writing: z.string(),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(_args, { principal }) {
    const [budgets, account, open] = await Promise.all([budgetOf(principal), findAccount(principal), countOpenChallenges(principal)]);
    const writing =
      account?.state === "suspended"
        ? `Suspended until ${account.suspended_until}: nothing is sent.`
        : account?.frozen_at
          ? "Frozen after failed challenges, until the operator resumes it."
          : account?.open_since
            ? "Moltbook fails at present: calls pause for a minute at a time."
            : "Allowed.";
    const data = { budgets, open_challenges: open, failed_challenges_in_row: account?.failures_in_row ?? 0, writing };
    return { data, exposures: [], withheld: 0, upstream: null, actions: [] };
  },
});

export const budgetTools = [budget];
