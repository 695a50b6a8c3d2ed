import { log } from "./log.ts";
import type { Message } from "./message.ts";
import type { Settings } from "./settings.ts";

/** The bridge's way between one client and the server: where it leads, and what is known of both ends. */
export type Link = Settings & {
  /** Hands a line to the client; resolves when the client has room for more. */
  write: (line: string) => unknown;
  session: Session;
  /** What the last tools/list said, by name. */
  tools: Map<string, Tool>;
  /** The server has declared that it answers a repeated `Idempotency-Key` with its first result. */
  takesKeys: boolean;
  /** The greeting, or else list of tools, that the client was answered without the server. It is asked first of all when the server is back. */
  owed: Message | null;
  /** Since when (ms) the server has been away, and whoever looks out for it. */
  outageSince: number | null;
  lookout: Promise<void> | null;
};

/**
 * What a client of the 2025 era does not repeat in every message. `opening` is its initialize request; `id` is for servers that open
 * sessions, and `stream` ends the stream on which such a server speaks unasked.
 */
export type Session = { opening: Message | null; version: string | null; id: string | null; stream: AbortController | null };

/** Of a tool: whether it only reads, whether doing it twice is as good as once, and which arguments go into which headers. */
export type Tool = { reads: boolean; isRepeatable: boolean; mirrored: Mirrored[] };
export type Mirrored = { header: string; path: string[] };

/** A link on which nothing has been said yet. */
export function openLink(settings: Settings, write: Link["write"]): Link {
  const session = { opening: null, version: null, id: null, stream: null };
  return { ...settings, write, session, tools: new Map(), takesKeys: false, owed: null, outageSince: null, lookout: null };
}

/** Notes that the server does not answer. */
export function noteOutage(link: Link, reason: string): void {
  if (link.outageSince === null) log("warn", "bridge.server_away", { reason });
  link.outageSince ??= Date.now();
}

/** Notes that the server has answered. */
export function endOutage(link: Link): void {
  if (link.outageSince !== null) log("info", "bridge.server_back", { afterMs: Date.now() - link.outageSince });
  link.outageSince = null;
}
