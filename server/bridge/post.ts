import { headersOf, streamHeaders } from "./headers.ts";
import type { Link } from "./link.ts";
import { endOutage } from "./link.ts";
import type { Message } from "./message.ts";
import { claimedVersion, isRequest, parseMessage } from "./message.ts";
import { isLoopback } from "./settings.ts";
import type { Cursor } from "./stream.ts";
import { startOf, textsOf, typeOf } from "./stream.ts";

/**
 * What became of one exchange. `done`: taken, and a request has its answer. `refused`: it provably reached no handler, so it may be sent
 * again; `isAway` if not even a connection was made. `rejected`: the server said no. `forgotten`: the server does not know the session any
 * more. `lost`: nobody knows, but the rest of the answer may be had from `rest`.
 */
export type Outcome =
  | { kind: "done" }
  | { kind: "refused"; reason: string; isAway: boolean; retryAfterMs: number }
  | { kind: "rejected"; status: number }
  | { kind: "forgotten"; sessionId: string }
  | { kind: "lost"; reason: string; rest?: Cursor };

/** `receive` gets each message of an answer as it comes; a response among them is to the message that was sent. */
export type Trip = { signal: AbortSignal; receive: (message: Message) => unknown; key?: string | undefined };

/** Failures that come before the first byte is sent. */
const NEVER_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** Sends one message once, with the idempotency key, if any. Never throws. */
export function post(link: Link, message: Message, trip: Trip): Promise<Outcome> {
  const headers = { ...headersOf(link, message), ...(trip.key === undefined ? {} : { "Idempotency-Key": trip.key }) };
  return exchange(link, message, { method: "POST", headers, body: message.line }, trip, startOf());
}

/** Reads on where a stream has ended: the answer to a message, or, with null, what the server says unasked (MCP 2025-11-25, resumability). */
export function readOn(link: Link, message: Message | null, cursor: Cursor, trip: Trip): Promise<Outcome> {
  return exchange(link, message, { method: "GET", headers: streamHeaders(link, cursor.lastEventId) }, trip, cursor);
}

type Init = { method: "POST" | "GET"; headers: Record<string, string>; body?: string };

async function exchange(link: Link, message: Message | null, init: Init, trip: Trip, cursor: Cursor): Promise<Outcome> {
  let isAnswered = false;
  try {
    const response = await send(link, { ...init, signal: trip.signal });
    const no = refusalOf(response, init);
    if (no?.kind !== "refused") endOutage(link);
    if (no) {
      await response.body?.cancel();
      return no;
    }
    if (message?.method === "initialize") link.session.id = response.headers.get("mcp-session-id");
    for await (const text of textsOf(response, cursor)) {
      const incoming = received(text, message, response.ok);
      if (!incoming) continue;
      isAnswered ||= incoming.method === null;
      await trip.receive(incoming);
      // A stream that was read on need not end with the answer.
      if (isAnswered && init.method === "GET") break;
    }
    if (isAnswered || (message && !isRequest(message) && response.ok)) return { kind: "done" };
    const { status } = response;
    return status >= 300 && status < 500 ? { kind: "rejected", status } : lost(`HTTP ${status} without an answer`, message, cursor);
  } catch (error) {
    const { code, name } = error as { code?: unknown; name?: string };
    const reason = typeof code === "string" ? code : (name ?? "unknown");
    if (isAnswered) return { kind: "done" };
    return NEVER_CONNECTED.has(reason) ? { kind: "refused", reason, isAway: true, retryAfterMs: 0 } : lost(reason, message, cursor);
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

function refusalOf(response: Response, { method, headers }: Init): Outcome | null {
  const { status } = response;
  if (status === 429 || status === 503) {
    return { kind: "refused", reason: `HTTP ${status}`, isAway: false, retryAfterMs: retryAfter(response.headers.get("retry-after")) };
  }
  if (status === 401 || status === 403) return { kind: "rejected", status };
  const sessionId = headers["Mcp-Session-Id"];
  if (status === 404 && sessionId !== undefined) return { kind: "forgotten", sessionId };
  return method === "GET" && !(status === 200 && typeOf(response) === "text/event-stream") ? { kind: "rejected", status } : null;
}

/** Milliseconds to wait, from seconds or a date (RFC 9110, 10.2.3); 0 when it says nothing usable. */
function retryAfter(value: string | null): number {
  if (!value) return 0;
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

function lost(reason: string, message: Message | null, cursor: Cursor): Outcome {
  const canReadOn = cursor.lastEventId !== null && (!message || claimedVersion(message) === undefined);
  return { kind: "lost", reason, ...(canReadOn ? { rest: cursor } : {}) };
}

/** A message of an answer, or null for what is none. A response counts only for the request that was sent; an error of HTTP may name none. */
function received(text: string, sent: Message | null, ok: boolean): Message | null {
  const message = parseMessage(text);
  if ("reason" in message) return null;
  if (message.method !== null) return message;
  if (!sent || message.id === sent.id) return sent && message;
  const isNameless = message.id === null && !ok && "error" in message.body;
  return isNameless ? { ...message, id: sent.id, line: JSON.stringify({ ...message.body, id: sent.id }) } : null;
}
