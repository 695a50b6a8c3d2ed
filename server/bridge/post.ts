import type { Link } from "./link.ts";
import { headersOf } from "./link.ts";
import { log } from "./log.ts";
import type { Message } from "./message.ts";
import { parseMessage } from "./message.ts";
import { isLoopback } from "./settings.ts";
import { textsOf } from "./stream.ts";

/**
 * What became of one POST. `done`: taken, and a request has its answer. `refused`: it provably never reached a handler, so that it
 * may be sent again. `rejected`: the server said no. `forgotten`: the server does not know the session. `lost`: nobody knows.
 */
export type Outcome =
  | { kind: "done" }
  | { kind: "refused"; reason: string; retryAfterMs: number }
  | { kind: "rejected"; status: number }
  | { kind: "forgotten" }
  | { kind: "lost"; reason: string };

/** Failures that come before the first byte is sent. */
const NEVER_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/**
 * Sends one message once and hands on each message of the answer as it comes; what answers a request carries that request's id.
 * Never throws. Redirects are not followed, and loopback never goes through a proxy: both would carry the token elsewhere.
 */
export async function post(link: Link, message: Message, signal: AbortSignal, receive: (message: Message) => unknown): Promise<Outcome> {
  const headers = headersOf(link, message);
  let isAnswered = message.id === null || message.method === null;
  try {
    const response = await fetch(link.url, {
      method: "POST",
      headers,
      body: message.line,
      signal,
      redirect: "manual",
      // A connection that the server is just closing would turn a call that never arrived into one whose fate is unknown.
      keepalive: false,
      ...(isLoopback(link.url) ? { proxy: false } : {}),
    });
    if (response.status === 429 || response.status === 503) return await refusal(response);
    endOutage(link);
    if (response.status === 404 && "Mcp-Session-Id" in headers) return await discard(response, { kind: "forgotten" });
    if (response.status === 401 || response.status === 403) return await discard(response, { kind: "rejected", status: response.status });
    if (message.method === "initialize") link.session.id = sessionId(response);
    for await (const text of textsOf(response)) {
      const incoming = addressed(parseMessage(text), message, response.ok);
      if (!incoming || (incoming.method === null && isAnswered)) continue;
      if (incoming.method === null) isAnswered = true;
      await receive(incoming);
    }
    if (isAnswered && response.ok) return { kind: "done" };
    if (isAnswered && message.method !== null && message.id !== null) return { kind: "done" };
    return response.status >= 300 && response.status < 500
      ? { kind: "rejected", status: response.status }
      : { kind: "lost", reason: `HTTP ${response.status} without an answer` };
  } catch (error) {
    if (isAnswered && message.method !== null && message.id !== null) return { kind: "done" };
    const { code, name } = error as { code?: unknown; name?: string };
    const reason = typeof code === "string" ? code : (name ?? "unknown");
    return NEVER_CONNECTED.has(reason) ? { kind: "refused", reason, retryAfterMs: 0 } : { kind: "lost", reason };
  }
}
