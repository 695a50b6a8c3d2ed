/**
 * One thing that a line of the agent's output says. `what` is ours; `name` and `text` are hostile. `failed` where the line reports a fault.
 */
export type Entry = { what: string; name: string | null; text: string; kind: "says" | "calls" | "answer" | "note"; failed: boolean };

type Json = Record<string, unknown>;

/**
 * Reads a line of `claude --output-format stream-json` (one JSON object with `type` system, assistant, user or result). Null when the
 * line is no such object: then it is shown as it stands.
 */
export function entriesOf(line: string): Entry[] | null {
  const message = parsed(line);
  if (message === null || typeof message["type"] !== "string") return null;
  if (message["type"] === "system") return [systemEntry(message)];
  if (message["type"] === "result") return [resultEntry(message)];
  if (message["type"] === "assistant" || message["type"] === "user") return blocksOf(message).map(blockEntry);
  return [note("Other message", message["type"], "")];
}

/** JSON of any value on one line; what is nested deeper than anyone reads (or a serialiser bears) becomes "…". */
export function written(value: unknown): string {
  return JSON.stringify(shallow(value, 12)) ?? "";
}

function shallow(value: unknown, levels: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (levels === 0) return "…";
  if (Array.isArray(value)) return value.map((item) => shallow(item, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shallow(item, levels - 1)]));
}

function parsed(line: string): Json | null {
  if (!line.startsWith("{")) return null;
  try {
    return record(JSON.parse(line));
  } catch {
    return null;
  }
}

function systemEntry(message: Json): Entry {
  const subtype = text(message["subtype"]);
  if (subtype === "init") {
    const servers = list(message["mcp_servers"]).map((server) => `${text(server["name"])} ${text(server["status"])}`);
    const tools = Array.isArray(message["tools"]) ? message["tools"].length : 0;
    const connected = list(message["mcp_servers"]).every((server) => server["status"] === "connected");
    const said = `${text(message["model"])}, ${tools} tools, MCP: ${servers.join(", ") || "none"}`;
    return { ...note("Session began", null, said), failed: !connected };
  }
  if (subtype === "permission_denied")
    return { ...note("Permission denied", text(message["tool_name"]), text(message["message"])), failed: true };
  return note("System", subtype, text(message["message"]));
}

function resultEntry(message: Json): Entry {
  const failed = message["is_error"] === true;
  const turns = typeof message["num_turns"] === "number" ? `${message["num_turns"]} turns. ` : "";
  return { ...note(failed ? "Ended with an error" : "Ended", text(message["subtype"]), `${turns}${text(message["result"])}`), failed };
}

/** A message's content is a string or a list of blocks. */
function blocksOf(message: Json): Json[] {
  const content = record(message["message"])?.["content"];
  return typeof content === "string" ? [{ type: "text", text: content }] : list(content);
}

function blockEntry(block: Json): Entry {
  if (block["type"] === "text") return { what: "Says", name: null, text: text(block["text"]), kind: "says", failed: false };
  if (block["type"] === "thinking") return { what: "Thinks", name: null, text: text(block["thinking"]), kind: "says", failed: false };
  if (block["type"] === "tool_use") {
    return { what: "Calls", name: text(block["name"]), text: written(block["input"]), kind: "calls", failed: false };
  }
  if (block["type"] === "tool_result") {
    const failed = block["is_error"] === true;
    return { what: failed ? "Gets an error" : "Gets", name: null, text: answerText(block["content"]), kind: "answer", failed };
  }
  return note("Other content", text(block["type"]), written(block));
}

function answerText(content: unknown): string {
  if (typeof content === "string") return content;
  return list(content)
    .map((part) => (part["type"] === "text" ? text(part["text"]) : written(part)))
    .join("\n");
}

function note(what: string, name: string | null, said: string): Entry {
  return { what, name, text: said, kind: "note", failed: false };
}

function record(value: unknown): Json | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(record).filter((item) => item !== null) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
