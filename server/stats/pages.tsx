import { Elysia } from "elysia";

import { OverviewPage, OverviewPanel } from "../../views/overview.tsx";
import { getAccountHealth } from "../account/queries.ts";
import { listActions } from "../actions/queries.ts";
import { ensureAgent } from "../agents/queries.ts";
import { mayChange } from "../auth/actor.ts";
import { config } from "../config.ts";
import { filterModelStatus } from "../filter/transformer/open.ts";
import { html, isFragment } from "../html.ts";
import { findPause } from "../jobs/queries.ts";
import { listOpenProposals } from "../prompts/proposals/queries.ts";
import { findActivePrompt } from "../prompts/queries.ts";
import { findLastHeartbeat, listRuns } from "../runs/queries.ts";
import { nextHeartbeat, scheduleInWords } from "../schedule.ts";
import { listLatestEvents } from "../security/queries.ts";
import { getStats, listDays } from "./queries.ts";
import type { Overview } from "./schema.ts";
import { listWaiting } from "./waiting.ts";

/** The first page: is it alive, is it safe, what did it do, what needs me. */
export const statsPages = new Elysia({ name: "stats-pages" }).get("/", async ({ request }) => {
  const agent = await ensureAgent(config.agentName);
  const today = new Date().toISOString().slice(0, 10);
  const [overview, runs, actions, events, days] = await Promise.all([
    getOverview(agent.id, agent.name),
    listRuns({ limit: 10, mode: config.mode, agent_name: agent.name }),
    listActions({ limit: 8, mode: config.mode, date_from: today }),
    listLatestEvents(agent.id, config.mode),
    listDays(config.mode, 30),
  ]);
  const props = { overview, runs: runs.items, actions: actions.items, events, days, mayChange: mayChange(request) };
  return html(isFragment(request) ? <OverviewPanel {...props} /> : <OverviewPage {...props} />);
});

async function getOverview(agentId: string, agentName: string): Promise<Overview> {
  const [paused, lastRun, dryRun, openProposals, waiting, prompt, account, stats] = await Promise.all([
    findPause("heartbeat"),
    findLastHeartbeat(agentId, config.mode),
    findLastHeartbeat(agentId, "dry_run"),
    listOpenProposals(agentId),
    listWaiting({ agent_id: agentId, mode: config.mode }),
    findActivePrompt(agentId),
    getAccountHealth({ agent_id: agentId, mode: config.mode }),
    getStats(config.mode),
  ]);
  return {
    agent_name: agentName,
    mode: config.mode,
    last_run: lastRun ?? null,
    dry_run: dryRun && dryRun.id > (lastRun?.id ?? "") ? dryRun : null,
    next_run_at: paused ? null : (nextHeartbeat()?.toISOString() ?? null),
    schedule: scheduleInWords(),
    paused: paused ?? null,
    open_proposals: openProposals,
    waiting,
    prompt_number: prompt?.number ?? null,
    account,
    filter_model: filterModelStatus(),
    stats,
  };
}
