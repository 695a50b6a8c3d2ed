import type { Link } from "./link.ts";
import type { Message } from "./message.ts";
import { knownTool } from "./tools.ts";

const GREETINGS = new Set(["initialize", "server/discover"]);
/** Requests that change nothing, and that a server which is well answers at once. */
const READS = new Set([
  ...GREETINGS,
  "ping",
  "tools/list",
  "resources/list",
  "resources/templates/list",
  "resources/read",
  "prompts/list",
  "prompts/get",
  "completion/complete",
]);

/** Whether a message opens the conversation. */
export function isGreeting({ method }: Message): boolean {
  return GREETINGS.has(method ?? "");
}

/** Whether a message is a read of the protocol itself. Tools that only read are calls nevertheless, and may take their time. */
export function isPlainRead({ method }: Message): boolean {
  return READS.has(method ?? "");
}

/** Whether nothing can have changed if a message arrived and its answer did not. */
export function isRead(link: Link, message: Message): boolean {
  return isPlainRead(message) || knownTool(link, message)?.reads === true;
}

/** Whether a message may be sent again though it may have arrived: done twice, a call posts twice, unless the server knows it again. */
export function mayRepeat(link: Link, message: Message): boolean {
  return isRead(link, message) || (message.method === "tools/call" && (link.takesKeys || knownTool(link, message)?.isRepeatable === true));
}

/** A key by which the server can know a call again; undefined for what needs none. */
export function keyFor(link: Link, message: Message): string | undefined {
  return message.method === "tools/call" && !knownTool(link, message)?.isRepeatable ? crypto.randomUUID() : undefined;
}
