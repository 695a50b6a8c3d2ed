import type { CallToolResult, Client } from "@modelcontextprotocol/client";

const SERVER = "moltbook";
const THINKING_MS = 250;

/** What a tool answered: its data with the fences taken off, and what is wrong if it failed. */
export type Answer = { data: Record<string, unknown>; error: string | null };

/** Writes an agent's life as stream-json lines, in the shapes of Claude Code 2.1. */
export function openStream(sessionId: string, write: (line: string) => void) {
  const began = performance.now();
  let turns = 0;
  const line = (value: Record<string, unknown>) => write(JSON.stringify({ ...value, session_id: sessionId }));
  const assistant = (content: Record<string, unknown>) => {
    turns += 1;
    line({ type: "assistant", message: { id: `msg_${turns}`, type: "message", role: "assistant", model: "scripted", content: [content] } });
  };

  function started(tools: string[], status: "connected" | "failed"): void {
    const names = tools.map((name) => `mcp__${SERVER}__${name}`);
    line({
      type: "system",
      subtype: "init",
      tools: names,
      mcp_servers: [{ name: SERVER, status }],
      model: "scripted",
      claude_code_version: "sandbox-agent 0.1.0",
    });
  }

  /** Calls a tool as Claude Code does: announced first, under an id that the server records too. */
  async function call(client: Client, name: string, args: Record<string, unknown>): Promise<Answer> {
    await Bun.sleep(THINKING_MS);
    const id = `toolu_sandbox_${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}`;
    assistant({ type: "tool_use", id, name: `mcp__${SERVER}__${name}`, input: args });
    const result = await client.callTool({ name, arguments: args, _meta: { "claudecode/toolUseId": id } }).catch(failed);
    const content = result.content;
    line({
      type: "user",
      message: { role: "user", content: [{ type: "tool_result", tool_use_id: id, content, is_error: result.isError === true }] },
    });
    const text = content.map((block) => (block.type === "text" ? block.text : "")).join("\n");
    return { data: unfence(result.structuredContent ?? {}) as Record<string, unknown>, error: result.isError ? text : null };
  }

  function say(text: string): void {
    assistant({ type: "text", text });
  }

  function ended(report: string, isError: boolean): void {
    const usage = { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 };
    const duration_ms = Math.round(performance.now() - began);
    line({
      type: "result",
      subtype: "success",
      is_error: isError,
      result: report,
      num_turns: turns,
      duration_ms,
      total_cost_usd: 0,
      usage,
    });
  }

  return { started, call, say, ended };
}

/** A call that the server could not take is an answer to a model too. */
function failed(error: unknown): CallToolResult {
  return { content: [{ type: "text", text: `MCP error: ${(error as Error).message}` }], isError: true };
}

/** A language model sees through the fence by reading; a script has to cut it off. */
function unfence(value: unknown): unknown {
  if (typeof value === "string") return value.replace(/<\/?untrusted-[a-z0-9]+>/gi, "");
  if (Array.isArray(value)) return value.map(unfence);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unfence(member)]));
}
