import { log } from "./log.ts";
import type { Message } from "./message.ts";
import { claimedVersion, isRecord } from "./message.ts";
import type { Settings } from "./settings.ts";

/** The bridge's way to the server: where it leads, what client and server agreed upon, and since when (ms) the server has been away. */
export type Link = Settings & { session: Session; outageSince: number | null };

/** What a client of the 2025 era does not repeat in every message. `opening` is its initialize request; `id` is for servers that open sessions. */
export type Session = { opening: Message | null; version: string | null; id: string | null; renewal: Promise<void> | null };

/** A link on which nothing has been said yet. */
export function openLink(settings: Settings): Link {
  return { ...settings, session: { opening: null, version: null, id: null, renewal: null }, outageSince: null };
}

/** What `Mcp-Name` repeats, by method (MCP 2026-07-28, Streamable HTTP, standard request headers). */
const NAMED_BY = new Map([
  ["tools/call", "name"],
  ["prompts/get", "name"],
  ["resources/read", "uri"],
]);

/** The headers of a message: those of 2026-07-28 come from the message itself, those of the 2025 era from the session. */
export function headersOf(link: Link, message: Message): Record<string, string> {
  const headers: Record<string, string> = {
    "Content-Type": "application/json",
    Accept: "application/json, text/event-stream",
    "User-Agent": userAgent(link.session.opening),
  };
  if (link.token) headers.Authorization = `Bearer ${link.token}`;
  const version = claimedVersion(message);
  if (version !== undefined && message.method) {
    headers["MCP-Protocol-Version"] = headerValue(version);
    headers["Mcp-Method"] = headerValue(message.method);
    const field = NAMED_BY.get(message.method);
    const name = field && message.params[field];
    if (typeof name === "string") headers["Mcp-Name"] = headerValue(name);
  } else if (message.method !== "initialize") {
    if (link.session.version) headers["MCP-Protocol-Version"] = headerValue(link.session.version);
    if (link.session.id) headers["Mcp-Session-Id"] = link.session.id;
  }
  return headers;
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
function headerValue(text: string): string {
  const isPlain = /^[\t\x20-\x7e]+$/.test(text) && text === text.trim() && !text.startsWith("=?base64?");
  return isPlain ? text : `=?base64?${Buffer.from(text).toString("base64")}?=`;
}

/** Notes that the server does not answer; answers since when. */
export function noteOutage(link: Link, reason: string): number {
  if (link.outageSince === null) log("warn", "bridge.server_away", { reason });
  link.outageSince ??= Date.now();
  return link.outageSince;
}

/** Notes that the server has answered. */
export function endOutage(link: Link): void {
  if (link.outageSince !== null) log("info", "bridge.server_back", { afterMs: Date.now() - link.outageSince });
  link.outageSince = null;
}
