export type Id = string | number;

/**
 * A JSON-RPC 2.0 message, with the one line of text that it travels as: passed on as it came, nothing is lost in between.
 * A request has `id` and `method`, a notification only `method`, a response only `id` (null if it answers no request in particular).
 */
export type Message = {
  line: string;
  body: Record<string, unknown>;
  id: Id | null;
  method: string | null;
  params: Record<string, unknown>;
};

/** Why a line is no message, with JSON-RPC's code for that. */
export type Malformed = { code: -32700 | -32600; reason: string };

const PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";

/** Reads a line, or the data of an event. */
export function parseMessage(text: string): Message | Malformed {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { code: -32700, reason: "Parse error: the line is not JSON." };
  }
  if (!isRecord(body)) return { code: -32600, reason: "Invalid request: send one JSON-RPC message a line, no batches." };
  const { id, method, params } = body;
  const hasId = typeof id === "string" || typeof id === "number";
  const isResponse = typeof method !== "string" && ("result" in body || "error" in body);
  if (typeof method !== "string" && !isResponse) return { code: -32600, reason: "Invalid request: the method is missing." };
  if (!hasId && id !== undefined && !isResponse) return { code: -32600, reason: "Invalid request: an id is a string or a number." };
  return {
    // JSON has line breaks only between its tokens; inside strings they are escaped.
    line: text.replace(/[\r\n]+/g, " "),
    body,
    id: hasId ? id : null,
    method: typeof method === "string" ? method : null,
    params: isRecord(params) ? params : {},
  };
}

/** Whether a message waits for an answer. */
export function isRequest(message: Message): message is Message & { id: Id; method: string } {
  return message.id !== null && message.method !== null;
}

/** The protocol version that a message of 2026-07-28 or later names for itself; undefined in the 2025 era. */
export function claimedVersion({ params }: Message): string | undefined {
  const version = isRecord(params._meta) ? params._meta[PROTOCOL_VERSION] : undefined;
  return typeof version === "string" ? version : undefined;
}

/** A message of our own making. */
export function compose(body: {
  id?: Id | null;
  method?: string;
  params?: Record<string, unknown>;
  result?: unknown;
  error?: unknown;
}): Message {
  const { id = null, method = null, params = {} } = body;
  const whole = { jsonrpc: "2.0", ...body };
  return { line: JSON.stringify(whole), body: whole, id, method, params };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
