import * as z from "zod";

import { canariesBehind } from "../canaries/canary.ts";
import { redactText, textsOf } from "../redact.ts";
import type { Report } from "./queries.ts";

/** What a run's stream-json output has told so far (Claude Code's `--output-format stream-json`). */
export type StreamState = {
  started: { missing: string[]; server: string } | null;
  ended: { isError: boolean } | null;
  report: Report;
  externalTools: string[];
  /** What may be canaries in the input of tools that are not ours. */
  suspects: Set<string>;
};

export const MCP_SERVER = "moltbook";
const MOST_EXTERNAL_TOOLS = 50;
const MOST_SUSPECTS = 50;
/** Control characters but tab and line feed. */
const CONTROL = /[^\P{Cc}\t\n]/gu;

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
  return { started: null, ended: null, report, externalTools: [], suspects: new Set() };
}

const text = (length: number) =>
  z
    .string()
    .transform((value) => quote(value, length))
    .nullable()
    .catch(null);
const count = z.int().min(0).nullable().catch(null);

const Init = z.object({
  type: z.literal("system"),
  subtype: z.literal("init"),
  tools: z.array(z.string()).catch([]),
  mcp_servers: z.array(z.object({ name: z.string(), status: z.string() })).catch([]),
  model: text(200),
  claude_code_version: text(100),
  session_id: text(200),
});

const Assistant = z.object({ type: z.literal("assistant"), message: z.object({ content: z.array(z.unknown()) }) });
const ToolUse = z.object({ type: z.literal("tool_use"), name: z.string(), input: z.unknown().optional() });

const Usage = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
});
const Result = z.object({
  type: z.literal("result"),
  subtype: z.unknown().optional(),
  is_error: z.unknown().optional(),
  result: text(5000),
  num_turns: z.int32().min(0).nullable().catch(null),
  total_cost_usd: z.number().min(0).max(999_999).nullable().catch(null),
  usage: Usage.nullable().catch(null),
});

/**
 * Takes in one line of output. Lines that are not JSON, or of kinds that we do not know, change nothing: the transcript has them anyway.
 * `expected` are the tools that the run was promised; the init line must list them all, for a missing MCP server is silent otherwise.
 */
export function readLine(state: StreamState, line: string, expected: readonly string[]): void {
  const value = parse(line);
  if (value === null) return;
  const init = Init.safeParse(value).data;
  if (init) readInit(state, init, expected);
  for (const block of Assistant.safeParse(value).data?.message.content ?? []) readBlock(state, block);
  const result = Result.safeParse(value).data;
  if (result) readResult(state, result);
}

function parse(line: string): unknown {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function readInit(state: StreamState, init: z.infer<typeof Init>, expected: readonly string[]): void {
  const server = init.mcp_servers.find(({ name }) => name === MCP_SERVER)?.status ?? "absent";
  const missing = expected.filter((name) => !init.tools.includes(`mcp__${MCP_SERVER}__${name}`));
  state.started ??= { server: quote(server, 50), missing };
  state.report = { ...state.report, model: init.model, client_version: init.claude_code_version, session_id: init.session_id };
}

/** A tool that is not ours is not recorded at the server: the stream is the only witness. */
function readBlock({ externalTools, suspects }: StreamState, block: unknown): void {
  const { name, input } = ToolUse.safeParse(block).data ?? {};
  if (!name || name.startsWith(`mcp__${MCP_SERVER}__`) || name === "ToolSearch") return;
  if (externalTools.length < MOST_EXTERNAL_TOOLS) externalTools.push(quote(name, 100));
  for (const suspect of canariesBehind(textsOf(input).join("\n"))) if (suspects.size < MOST_SUSPECTS) suspects.add(suspect);
}

function readResult(state: StreamState, { subtype, is_error, result, num_turns, total_cost_usd, usage }: z.infer<typeof Result>): void {
  state.ended = { isError: is_error === true || (subtype !== undefined && subtype !== "success") };
  state.report = {
    ...state.report,
    summary: result,
    turns: num_turns,
    cost_usd: total_cost_usd,
    input_tokens: usage?.input_tokens ?? null,
    output_tokens: usage?.output_tokens ?? null,
    cache_read_tokens: usage?.cache_read_input_tokens ?? null,
    cache_creation_tokens: usage?.cache_creation_input_tokens ?? null,
  };
}

/** Words of the agent's own, fit to stand in our record: without control characters, secrets masked, at most `length` long. */
export function quote(words: string, length: number): string {
  return redactText(words.replaceAll(CONTROL, "")).slice(0, length);
}
