import { Elysia } from "elysia";
import * as z from "zod";

import { AgentsPage } from "../../views/agents.tsx";
import { config } from "../config.ts";
import { html } from "../html.ts";
import { listAgents } from "./queries.ts";
import { AgentFilter } from "./schema.ts";

const PageFilter = z.object({
  limit: AgentFilter.shape.limit.catch(25),
  cursor: AgentFilter.shape.cursor.catch(undefined),
  mode: AgentFilter.shape.mode.catch(undefined),
});

/** Every agent on record and how it fares. */
export const agentPages = new Elysia({ name: "agent-pages" }).get(
  "/agents",
  async ({ query }) => {
    const mode = query.mode ?? config.mode;
    return html(<AgentsPage page={await listAgents(mode, config.agentName, query)} mode={config.mode} shown={mode} />);
  },
  { query: PageFilter },
);
