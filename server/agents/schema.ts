import * as z from "zod";

import { AccountHealth } from "../account/schema.ts";
import { PageQuery } from "../paging.ts";
import { Mode, Run } from "../runs/schema.ts";

/**
 * An agent and how it fares in one mode. `names` are those it goes by on Moltbook, where known, as it calls itself there (hostile); figures are of the last
 * 30 days, money in US dollars, `events` counted to a thousand. `account_state` is null where nothing was asked of Moltbook for it.
 */
export const AgentSummary = z.object({
  id: z.uuid(),
  name: z.string(),
  created_at: z.iso.datetime(),
  mode: Mode,
  is_default: z.boolean(),
  names: z.array(z.string()),
  account_state: AccountHealth.shape.state.nullable(),
  suspended_until: z.iso.datetime().nullable(),
  frozen_at: z.iso.datetime().nullable(),
  prompt_number: z.int().nullable(),
  last_run: Run.pick({
    id: true,
    mode: true,
    status: true,
    outcome: true,
    skip_reason: true,
    created_at: true,
    finished_at: true,
  }).nullable(),
  runs: z.int(),
  failed: z.int(),
  actions: z.int(),
  cost_usd: z.number(),
  events: z.int(),
});
export type AgentSummary = z.infer<typeof AgentSummary>;

export const AgentFilter = PageQuery.extend({ mode: Mode.optional() });
export type AgentFilter = z.infer<typeof AgentFilter>;
