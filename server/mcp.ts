import type { McpHttpHandler, McpServerFactory } from "@modelcontextprotocol/server";
import { createMcpHandler, hostHeaderValidationResponse, originValidationResponse } from "@modelcontextprotocol/server";

import { config } from "./config.ts";
import { AppError } from "./errors.ts";
import type { Change } from "./live.ts";
import { onChange } from "./live.ts";
import { describe, log } from "./log.ts";
import { authenticate, principalOf } from "./mcp/authenticate.ts";
import { buildServer } from "./mcp/build.ts";
import { cancelCalls } from "./mcp/cancellation.ts";
import { notifyClients } from "./mcp/notifications.ts";
import { endClosed, isSubscription, untilTokenEnds } from "./mcp/subscriptions.ts";

const HOSTS = ["127.0.0.1", "localhost", "[::1]", config.host];

/** Open streams of notifications that one agent may hold in a process. */
const MAX_SUBSCRIPTIONS = 32;

/**
 * Opens the MCP endpoint. `serve` answers a request of either protocol era; `source` is the caller's address, for the record of refusals.
 * `close` ends open streams, so that the process can stop. `build` makes the server that answers one request.
 */
export function openMcp(build: McpServerFactory = buildServer) {
  // One handler an agent: what changes for an agent is told to its own clients alone.
  const handlers = new Map<string, McpHttpHandler>();
  const handlerOf = (agentId: string): McpHttpHandler => {
    const handler = handlers.get(agentId) ?? createMcpHandler(build, { onerror: logProtocol, maxSubscriptions: MAX_SUBSCRIPTIONS });
    handlers.set(agentId, handler);
    return handler;
  };
  const changes = followChanges((change) => {
    notifyClients(change, handlers);
    cancelCalls(change);
    endClosed(change);
  });
  let isClosed = false;
  return {
    async serve(request: Request, source: string): Promise<Response> {
      if (isClosed) throw new AppError("unavailable", "Moltbot is stopping, so nothing was done. Try again in a moment.");
      const foreign = hostHeaderValidationResponse(request, HOSTS) ?? originValidationResponse(request, HOSTS);
      if (foreign) return foreign;
      const auth = await authenticate(request, source);
      if (auth instanceof Response) return auth;
      const { fetch } = handlerOf(principalOf(auth).agent_id);
      const followed = changes.follow();
      if (!isSubscription(request)) return fetch(request, { authInfo: auth });
      if (!(await followed))
        throw new AppError("unavailable", "The database does not answer, so no change could be told. Try again in a moment.");
      return fetch(untilTokenEnds(request, auth), { authInfo: auth });
    },
    async close(): Promise<void> {
      isClosed = true;
      changes.stop();
      await Promise.all([...handlers.values()].map((handler) => handler.close()));
    },
  };
}

/** Follows what changes in the database from the first `follow` on, which answers undefined while it is away; the next one tries again. */
function followChanges(listener: (change: Change) => void) {
  let following: Promise<(() => void) | undefined> | undefined;
  return {
    follow(): Promise<(() => void) | undefined> {
      following ??= onChange(listener).catch((error: unknown) => {
        log.error("mcp.not_following", describe(error));
        following = undefined;
        return undefined;
      });
      return following;
    },
    stop: () => void following?.then((stop) => stop?.()),
  };
}

function logProtocol(error: Error): void {
  log.debug("mcp.protocol_error", describe(error));
}
