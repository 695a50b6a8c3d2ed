import type { McpHttpHandler } from "@modelcontextprotocol/server";

import type { Change } from "../live.ts";
import { ACTIVE_PROMPT_URI } from "./resources.ts";

/** Tells the clients of the agents concerned, each on its agent's handler, what they have to ask for again. Null of a change is "may be any". */
export function notifyClients({ table, agent_id: agentId = null }: Change, handlers: ReadonlyMap<string, McpHttpHandler>): void {
  const isAny = table === null;
  for (const [id, { notify }] of handlers) {
    if (agentId !== null && agentId !== id) continue;
    if (isAny || table === "features") notify.toolsChanged();
    if (isAny || table === "prompts") {
      notify.promptsChanged();
      notify.resourceUpdated(ACTIVE_PROMPT_URI);
    }
  }
}
