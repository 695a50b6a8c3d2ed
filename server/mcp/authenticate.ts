import { timingSafeEqual } from "node:crypto";

import type { AuthInfo } from "@modelcontextprotocol/server";
import { OAuthError, OAuthErrorCode, requireBearerAuth } from "@modelcontextprotocol/server";

import { ensureAgent } from "../agents/queries.ts";
import { config } from "../config.ts";
import { describe, log } from "../log.ts";
import { answerKeyOf } from "../moltbook/intents/seal.ts";
import { ensureAdHocRun } from "../runs/queries.ts";
import { recordRefusal } from "../security/refusals.ts";
import type { Principal } from "../tokens/queries.ts";
import { findPrincipal, hashOf } from "../tokens/queries.ts";
import { TOOL_NAMES } from "../tool.ts";

/** Who sends a request, by its bearer token; or the 401 to answer it with, which says why. `source` is the caller's address. */
export async function authenticate(request: Request, source: string): Promise<AuthInfo | Response> {
  if (!request.headers.has("authorization"))
    await recordRefusal({ source, path: "/mcp", severity: "low", title: "The MCP endpoint was called without a token" });
  return requireBearerAuth({ verifier: { verifyAccessToken: (token) => verify(token, source).catch(logged) } })(request);
}

/** Who is calling, as `authenticate` found out. Throws when a request came past it. */
export function principalOf(auth: AuthInfo | undefined): Principal {
  const principal = auth?.extra?.principal as Principal | undefined;
  if (!principal) throw new Error("a request came past the endpoint's guard");
  return principal;
}

async function verify(token: string, source: string): Promise<AuthInfo> {
  const principal = isStaticToken(token) ? await adHocPrincipal(token) : await findPrincipal(token);
  if (!principal || ("closed" in principal && principal.closed)) {
    await refuse(principal, source);
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

async function refuse(closed: Principal | undefined, source: string): Promise<void> {
  if (!closed)
    return recordRefusal({ source, path: "/mcp", severity: "medium", title: "The MCP endpoint was called with an unknown token" });
  return recordRefusal({
    source,
    path: "/mcp",
    type: "closed_run_call",
    severity: "high",
    title: "A call came with the token of a run that has ended",
    agentId: closed.agent_id,
    runId: closed.run_id,
    mode: closed.mode,
  });
}
