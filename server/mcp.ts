import { timingSafeEqual } from "node:crypto";

import type { AuthInfo, McpHttpHandler, McpServerFactory } from "@modelcontextprotocol/server";
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  OAuthError,
  OAuthErrorCode,
  originValidationResponse,
  requireBearerAuth,
} from "@modelcontextprotocol/server";

import { ensureAgent } from "./agents/queries.ts";
import { config } from "./config.ts";
import type { Change } from "./live.ts";
import { onChange } from "./live.ts";
import { describe, log } from "./log.ts";
import { buildServer, principalOf } from "./mcp/build.ts";
import { cancelCalls } from "./mcp/cancellation.ts";
import { notifyClients } from "./mcp/notifications.ts";
import { endClosed, isSubscription, untilTokenEnds } from "./mcp/subscriptions.ts";
import { answerKeyOf } from "./moltbook/intents/seal.ts";
import { ensureAdHocRun } from "./runs/queries.ts";
import { insertEvent } from "./security/queries.ts";
import type { Principal } from "./tokens/queries.ts";
import { findPrincipal, hashOf } from "./tokens/queries.ts";
import { TOOL_NAMES } from "./tool.ts";

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
  return {
    async serve(request: Request, source: string): Promise<Response> {
      const foreign = hostHeaderValidationResponse(request, HOSTS) ?? originValidationResponse(request, HOSTS);
      if (foreign) return foreign;
      const verifier = { verifyAccessToken: (token: string) => authenticate(token, source).catch(logged) };
      const auth = await requireBearerAuth({ verifier })(request);
      if (auth instanceof Response) return auth;
      const { fetch } = handlerOf(principalOf(auth).agent_id);
      const followed = changes.follow();
      if (!isSubscription(request)) return fetch(request, { authInfo: auth });
      await followed;
      return fetch(untilTokenEnds(request, auth), { authInfo: auth });
    },
    async close(): Promise<void> {
      changes.stop();
      await Promise.all([...handlers.values()].map((handler) => handler.close()));
    },
  };
}

/** Follows what changes in the database from the first `follow` on. While it is away, the next request tries again. */
function followChanges(listener: (change: Change) => void) {
  let following: Promise<(() => void) | undefined> | undefined;
  return {
    follow(): Promise<unknown> {
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

async function authenticate(token: string, source: string): Promise<AuthInfo> {
  const principal = isStaticToken(token) ? await adHocPrincipal(token) : await findPrincipal(token);
  if (!principal || ("closed" in principal && principal.closed)) {
    await recordRefusal(principal, source);
    throw new OAuthError(
      OAuthErrorCode.InvalidToken,
      principal
        ? "run_closed: the run of this token has ended, or its time is up. Stop."
        : "unknown token: nobody gave it out, or it was taken back",
    );
  }
  return {
    token,
    clientId: principal.run_id,
    scopes: ["mcp"],
    expiresAt: Math.floor(Date.parse(principal.expires_at) / 1000),
    extra: { principal },
  };
}

/** Of a failure that is not the token's the SDK says 500 and no more, to the log neither. */
function logged(error: unknown): never {
  if (!(error instanceof OAuthError)) log.error("mcp.not_authenticated", describe(error));
  throw error;
}

function isStaticToken(token: string): boolean {
  return config.mcpAuthToken !== undefined && timingSafeEqual(hashOf(token), hashOf(config.mcpAuthToken));
}

/** A static token has no run of its own: its calls are recorded as today's ad hoc run. */
async function adHocPrincipal(token: string): Promise<Principal> {
  const agent = await ensureAgent(config.agentName);
  const runId = await ensureAdHocRun(agent.id, config.mode);
  const expires = new Date(Date.now() + 3_600_000).toISOString();
  return {
    agent_id: agent.id,
    agent_name: agent.name,
    run_id: runId,
    mode: config.mode,
    policy: { tools: [...TOOL_NAMES] },
    expires_at: expires,
    answer_key: answerKeyOf(token),
  };
}

/** One event a minute for each caller, however often it knocks. */
async function recordRefusal(closed: Principal | undefined, source: string): Promise<void> {
  const at = new Date(Math.floor(Date.now() / 60_000) * 60_000);
  const agentId = closed?.agent_id ?? (await ensureAgent(config.agentName)).id;
  await insertEvent({
    agentId,
    runId: closed?.run_id ?? null,
    mode: closed?.mode ?? null,
    type: closed ? "closed_run_call" : "unauthorized_access",
    severity: closed ? "high" : "medium",
    title: closed ? "A call came with the token of a run that has ended" : "The MCP endpoint was called with an unknown token",
    detail: { source, path: "/mcp" },
    fingerprint: { source, run: closed?.run_id ?? null },
    at,
  });
}
