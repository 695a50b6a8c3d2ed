import type { Report } from "./queries.ts";

/** What a run's stream-json output has told so far (Claude Code's `--output-format stream-json`). */
export type StreamState = {
  started: { missing: string[]; server: string } | null;
  ended: { isError: boolean } | null;
  report: Report;
  externalTools: string[];
};

export const MCP_SERVER = "moltbook";

export function newStream(): StreamState {
  const report: Report = {
    model: null,
    client_version: null,
    session_id: null,
    input_tokens: null,
    output_tokens: null,
    cache_read_tokens: null,
    cache_creation_tokens: null,
    cost_usd: null,
    turns: null,
    summary: null,
  };
  return { started: null, ended: null, report, externalTools: [] };
}

type Line = {
  type?: string;
  subtype?: string;
  tools?: unknown;
  mcp_servers?: { name?: string; status?: string }[];
  model?: unknown;
  claude_code_version?: unknown;
  session_id?: unknown;
  message?: { content?: { type?: string; name?: string }[] };
  is_error?: unknown;
  result?: unknown;
  num_turns?: unknown;
  total_cost_usd?: unknown;
  usage?: Record<string, unknown>;
};

/**
 * Takes in one line of output. Lines that are not JSON, or of kinds that we do not know, change nothing: the transcript has them anyway.
 * `expected` are the tools that the run was promised; the init line must list them all, for a missing MCP server is silent otherwise.
 */
export function readLine(state: StreamState, text: string, expected: readonly string[]): void {
  const line = parse(text);
  if (line?.type === "system" && line.subtype === "init") readInit(state, line, expected);
  if (line?.type === "assistant") readTools(state, line);
  if (line?.type === "result") readResult(state, line);
}

function parse(text: string): Line | null {
  if (!text.startsWith("{")) return null;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return null;
  }
}

function readInit(state: StreamState, line: Line, expected: readonly string[]): void {
  const tools = Array.isArray(line.tools) ? line.tools : [];
  const server = line.mcp_servers?.find(({ name }) => name === MCP_SERVER)?.status ?? "absent";
  state.started ??= { server, missing: expected.filter((name) => !tools.includes(`mcp__${MCP_SERVER}__${name}`)) };
  state.report.model = asText(line.model, 200);
  state.report.client_version = asText(line.claude_code_version, 100);
  state.report.session_id = asText(line.session_id, 200);
}

/** A tool that is not ours is not recorded at the server: the stream is the only witness. */
function readTools(state: StreamState, line: Line): void {
  for (const block of line.message?.content ?? []) {
    const name = block.type === "tool_use" ? block.name : undefined;
    if (name && !name.startsWith(`mcp__${MCP_SERVER}__`) && name !== "ToolSearch" && state.externalTools.length < 50)
      state.externalTools.push(name.slice(0, 100));
  }
}

function readResult(state: StreamState, line: Line): void {
  state.ended = { isError: line.is_error === true || (line.subtype !== undefined && line.subtype !== "success") };
  state.report.summary = asText(line.result, 5000);
  state.report.turns = asCount(line.num_turns);
  state.report.cost_usd = typeof line.total_cost_usd === "number" && line.total_cost_usd >= 0 ? line.total_cost_usd : null;
  state.report.input_tokens = asCount(line.usage?.input_tokens);
  state.report.output_tokens = asCount(line.usage?.output_tokens);
  state.report.cache_read_tokens = asCount(line.usage?.cache_read_input_tokens);
  state.report.cache_creation_tokens = asCount(line.usage?.cache_creation_input_tokens);
}

function asText(value: unknown, length: number): string | null {
  return typeof value === "string" ? value.replaceAll("\u0000", "").slice(0, length) : null;
}

function asCount(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
