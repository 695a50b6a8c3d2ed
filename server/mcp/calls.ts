import type { McpRequestContext, McpServer, ServerContext } from "@modelcontextprotocol/server";
import { CLIENT_INFO_META_KEY, ProtocolError, ProtocolErrorCode, TRACEPARENT_META_KEY } from "@modelcontextprotocol/server";

import type { Client } from "../calls/call.ts";
import { callTool, recordUnknownTool } from "../calls/call.ts";
import { describe, log } from "../log.ts";
import type { Principal } from "../tokens/queries.ts";
import { cancellable } from "./cancellation.ts";
import { listTools, tools } from "./listing.ts";
import { withProgress } from "./progress.ts";
import { announceCancellation } from "./queries.ts";

/**
 * Gives a server the tools of a principal. It answers calls itself: the SDK would turn away one that is denied, or has wrong arguments, before
 * it could be recorded.
 */
export function addTools({ server }: McpServer, principal: Principal, { era, requestInfo }: McpRequestContext): void {
  const userAgent = requestInfo?.headers.get("user-agent") ?? null;
  const idempotencyKey = requestInfo?.headers.get("idempotency-key")?.slice(0, 200) ?? null;
  server.setRequestHandler("tools/list", async () => ({ tools: await listTools(principal) }));
  server.setRequestHandler("tools/call", ({ params }, context) =>
    withProgress(context, (progress) => {
      const who = { ...clientOf(context, userAgent), era, idempotencyKey };
      return cancellable(principal, who.requestId, context.mcpReq.signal, (signal) =>
        answer(params.name, params.arguments ?? {}, principal, { ...who, signal, progress }),
      );
    }),
  );
  // In the 2025 era a call is given up by a request of its own, which finds a server of its own, perhaps in another process.
  if (era === "legacy")
    server.setNotificationHandler("notifications/cancelled", async ({ params }) => {
      if (params.requestId !== undefined) await announceCancellation(principal.run_id, String(params.requestId)).catch(logged);
    });
}

async function answer(name: string, args: Record<string, unknown>, principal: Principal, client: Client) {
  const tool = tools.find((one) => one.name === name);
  if (tool) return callTool(tool, args, principal, client);
  await recordUnknownTool(name, args, principal, client);
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, "There is no tool of that name; tools/list names those that there are.");
}

function logged(error: unknown): void {
  log.error("mcp.not_cancelled", describe(error));
}

/** Who is calling, as far as the protocol tells: a 2025-era request without a session names no client, only its HTTP user agent. */
function clientOf({ mcpReq }: ServerContext, userAgent: string | null) {
  const envelope: Record<string, unknown> = { ...mcpReq.envelope };
  const info = envelope[CLIENT_INFO_META_KEY] as { name?: unknown; version?: unknown } | undefined;
  const [name, version] = userAgent?.split(" ", 1)[0]?.split("/") ?? [];
  const toolUseId = mcpReq._meta?.["claudecode/toolUseId"];
  return {
    requestId: String(mcpReq.id),
    toolUseId: typeof toolUseId === "string" ? toolUseId : null,
    clientName: typeof info?.name === "string" ? info.name : (name ?? null),
    clientVersion: typeof info?.version === "string" ? info.version : (version ?? null),
    traceParent: traceParentOf(mcpReq._meta?.[TRACEPARENT_META_KEY]),
  };
}

/** W3C Trace Context, `traceparent`: version, trace id, span id, flags. What does not fit is no trace and is left out. */
const TRACE_PARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

function traceParentOf(value: unknown): string | null {
  return typeof value === "string" && TRACE_PARENT.test(value) ? value : null;
}
