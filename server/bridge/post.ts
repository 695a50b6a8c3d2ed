import type { Link } from "./link.ts";
import { endOutage, headersOf } from "./link.ts";
import type { Message } from "./message.ts";
import { isRequest, parseMessage } from "./message.ts";
import { isLoopback } from "./settings.ts";
import { textsOf } from "./stream.ts";

/**
 * What became of one POST. `done`: taken, and a request has its answer. `refused`: it provably reached no handler, so it may be sent
 * again. `rejected`: the server said no. `forgotten`: the server does not know the session any more. `lost`: nobody knows.
 */
export type Outcome =
  | { kind: "done" }
  | { kind: "refused"; reason: string; retryAfterMs: number }
  | { kind: "rejected"; status: number }
  | { kind: "forgotten" }
  | { kind: "lost"; reason: string };

/** Failures that come before the first byte is sent. */
const NEVER_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** Sends one message once, and hands on each message of the answer as it comes; a response among them is to this message. Never throws. */
export async function post(link: Link, message: Message, signal: AbortSignal, receive: (message: Message) => unknown): Promise<Outcome> {
  const headers = headersOf(link, message);
  let isAnswered = false;
  try {
    const response = await send(link, { method: "POST", headers, body: message.line, signal });
    const no = refusalOf(response, "Mcp-Session-Id" in headers);
    if (no?.kind !== "refused") endOutage(link);
    if (no) {
      await response.body?.cancel();
      return no;
    }
    if (message.method === "initialize") link.session.id = response.headers.get("mcp-session-id");
    for await (const text of textsOf(response)) {
      const incoming = received(text, message, response.ok);
      if (!incoming) continue;
      isAnswered ||= incoming.method === null;
      await receive(incoming);
    }
    if (isAnswered || (response.ok && !isRequest(message))) return { kind: "done" };
    const { status } = response;
    return status >= 300 && status < 500 ? { kind: "rejected", status } : { kind: "lost", reason: `HTTP ${status} without an answer` };
  } catch (error) {
    const { code, name } = error as { code?: unknown; name?: string };
    const reason = typeof code === "string" ? code : (name ?? "unknown");
    if (isAnswered) return { kind: "done" };
    return NEVER_CONNECTED.has(reason) ? { kind: "refused", reason, retryAfterMs: 0 } : { kind: "lost", reason };
  }
}

/** Neither a redirect nor, for loopback, a proxy is followed: either would carry the token elsewhere. Throws like fetch. */
export function send(link: Link, init: BunFetchRequestInit): Promise<Response> {
  return fetch(link.url, {
    ...init,
    redirect: "manual",
    // On a reused connection that the server is just closing, a call that never arrived looks like one whose fate is unknown.
    keepalive: false,
    ...(isLoopback(link.url) ? { proxy: false } : {}),
  });
}

function refusalOf({ status, headers }: Response, inSession: boolean): Outcome | null {
  if (status === 429 || status === 503) {
    return { kind: "refused", reason: `HTTP ${status}`, retryAfterMs: retryAfter(headers.get("retry-after")) };
  }
  if (status === 401 || status === 403) return { kind: "rejected", status };
  return status === 404 && inSession ? { kind: "forgotten" } : null;
}

/** Milliseconds to wait, from seconds or a date (RFC 9110, 10.2.3); 0 when it says nothing usable. */
function retryAfter(value: string | null): number {
  if (!value) return 0;
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

/** A message of an answer, or null for what is none. A response counts only for the request that was sent; an error of HTTP may name none. */
function received(text: string, sent: Message, ok: boolean): Message | null {
  const message = parseMessage(text);
  if ("reason" in message) return null;
  if (message.method !== null || message.id === sent.id) return message;
  const isNameless = message.id === null && !ok && "error" in message.body;
  return isNameless ? { ...message, id: sent.id, line: JSON.stringify({ ...message.body, id: sent.id }) } : null;
}
