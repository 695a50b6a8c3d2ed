export type Id = string | number;

/**
 * A JSON-RPC 2.0 message and the one line of text that it came in; the text is what travels on, so that nothing is lost in between.
 * A request has `id` and `method`, a notification only `method`, a response only `id`.
 */
export type Message = { line: string; body: Record<string, unknown>; id: Id | null; method: string | null; params: Record<string, unknown> };

/** Why a line is no message, with the code that JSON-RPC gives to that. */
export type Malformed = { code: -32700 | -32600; reason: string };

const PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";

/** Reads a line or the data of an event; null is a line above the limit. */
export function parseMessage(text: string | null): Message | Malformed {
  if (text === null) return { code: -32700, reason: "Parse error: the line is longer than 20 MiB." };
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { code: -32700, reason: "Parse error: the line is no JSON." };
  }
  if (!isRecord(body)) return { code: -32600, reason: "Invalid request: send one JSON-RPC message a line; batches left the protocol." };
  const { id, method, params } = body;
  const hasId = typeof id === "string" || typeof id === "number";
  const isAnswer = "result" in body || "error" in body;
  if (id !== undefined && !hasId && !isAnswer) return { code: -32600, reason: "Invalid request: an id is a string or a number." };
  if (typeof method !== "string" && !isAnswer) return { code: -32600, reason: "Invalid request: the method is missing." };
  return {
    // Outside strings JSON holds line breaks as blanks only, and inside strings they are escaped.
    line: text.replace(/[\r\n]+/g, " "),
    body,
    id: hasId ? id : null,
    method: typeof method === "string" ? method : null,
    params: isRecord(params) ? params : {},
  };
}

/** The protocol version that a message of 2026-07-28 or later names for itself; undefined in the 2025 era, where the session knows it. */
export function claimedVersion({ params }: Message): string | undefined {
  const version = isRecord(params._meta) ? params._meta[PROTOCOL_VERSION] : undefined;
  return typeof version === "string" ? version : undefined;
}

/** A JSON-RPC error for a request, or for a line that is none (`id` null). */
export function failure(id: Id | null, code: number, message: string): Message {
  return compose(id, { error: { code, message } });
}

/** A JSON-RPC result for a request. */
export function success(id: Id | null, result: Record<string, unknown>): Message {
  return compose(id, { result });
}

/** A request, or with `id` null a notification. */
export function call(id: Id | null, method: string, params: Record<string, unknown>): Message {
  return { ...compose(id, { method, params }), method, params };
}

/** A composed message as a line of its own. */
function compose(id: Id | null, content: Record<string, unknown>): Message {
  const body = { jsonrpc: "2.0", ...(id === null && "method" in content ? {} : { id }), ...content };
  return { line: JSON.stringify(body), body, id, method: null, params: {} };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
