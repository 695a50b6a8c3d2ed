import type { Link } from "./link.ts";
import type { Message } from "./message.ts";
import { claimedVersion, isRecord } from "./message.ts";
import { paramHeaders } from "./tools.ts";

/** What `Mcp-Name` repeats, by method (MCP 2026-07-28, Streamable HTTP, standard request headers). */
const NAMED_BY = new Map([
  ["tools/call", "name"],
  ["prompts/get", "name"],
  ["resources/read", "uri"],
]);

/** The headers of a message: those of 2026-07-28 come from the message itself, those of the 2025 era from the session. */
export function headersOf(link: Link, message: Message): Record<string, string> {
  const headers = { ...baseHeaders(link), "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
  const version = claimedVersion(message);
  if (version === undefined || !message.method) return message.method === "initialize" ? headers : { ...headers, ...sessionHeaders(link) };
  const field = NAMED_BY.get(message.method);
  const name = field && message.params[field];
  return plain({
    ...headers,
    "MCP-Protocol-Version": version,
    "Mcp-Method": message.method,
    ...(typeof name === "string" ? { "Mcp-Name": name } : {}),
    ...(message.method === "tools/call" ? paramHeaders(link, message) : {}),
  });
}

/** The headers of a request for a stream of the 2025 era, or for a session's end. */
export function streamHeaders(link: Link, lastEventId: string | null): Record<string, string> {
  const resume = lastEventId === null ? {} : { "Last-Event-ID": lastEventId };
  return { ...baseHeaders(link), Accept: "text/event-stream", ...sessionHeaders(link), ...resume };
}

function baseHeaders(link: Link): Record<string, string> {
  return { "User-Agent": userAgent(link.session.opening), ...(link.token ? { Authorization: `Bearer ${link.token}` } : {}) };
}

function sessionHeaders({ session }: Link): Record<string, string> {
  return {
    ...(session.version ? plain({ "MCP-Protocol-Version": session.version }) : {}),
    ...(session.id ? { "Mcp-Session-Id": session.id } : {}),
  };
}

/** The server learns only from this header which client of the 2025 era is calling. */
function userAgent(opening: Message | null): string {
  const client = opening?.params.clientInfo;
  if (!isRecord(client)) return "moltbot-bridge";
  return `${productToken(client.name) || "unknown"}/${productToken(client.version) || "0"} moltbot-bridge`;
}

function productToken(text: unknown): string {
  return typeof text === "string" ? text.slice(0, 64).replace(/[^\w.+-]+/g, "-") : "";
}

/** Plain ASCII as it is, anything else in the protocol's Base64 form, which also keeps line breaks out of the headers. */
function plain(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, isPlain(text) ? text : base64(text)]));
}

function isPlain(text: string): boolean {
  return /^[\t\x20-\x7e]+$/.test(text) && text === text.trim() && !text.startsWith("=?base64?");
}

function base64(text: string): string {
  return `=?base64?${Buffer.from(text).toString("base64")}?=`;
}
