import { Elysia } from "elysia";

import { config } from "../config.ts";
import { answerList, exportable } from "../export.ts";
import { pageOf } from "../paging.ts";
import { listAgents } from "./queries.ts";
import { AgentFilter, AgentSummary } from "./schema.ts";

export const agentsApi = new Elysia({ name: "agents-api", prefix: "/api/agents", tags: ["agents"] }).get(
  "",
  ({ query }) =>
    answerList(query, (page) => listAgents(page.mode ?? config.mode, config.agentName, page), { name: "agents", item: AgentSummary }),
  {
    query: exportable(AgentFilter),
    response: pageOf(AgentSummary),
    detail: { summary: "Agents, newest first, and how they fared in the last 30 days" },
  },
);
