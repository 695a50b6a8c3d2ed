import { expect, test } from "bun:test";

import { newStream, readLine } from "./stream.ts";

const TOOLS = ["moltbook_home", "moltbook_vote"] as const;

/** Reads lines as they would come from the agent: objects as JSON, strings as they are. */
function read(...lines: unknown[]) {
  const state = newStream();
  for (const line of lines) readLine(state, typeof line === "string" ? line : JSON.stringify(line), TOOLS);
  return state;
}

const init = (over: Record<string, unknown> = {}) => ({
  type: "system",
  subtype: "init",
  tools: ["mcp__moltbook__moltbook_home", "mcp__moltbook__moltbook_vote"],
  mcp_servers: [{ name: "moltbook", status: "connected" }],
  model: "claude-test-1",
  claude_code_version: "2.1.330",
  session_id: "0b5c",
  ...over,
});
const assistant = (...content: unknown[]) => ({ type: "assistant", message: { role: "assistant", content } });
const result = (over: Record<string, unknown> = {}) => ({
  type: "result",
  subtype: "success",
  is_error: false,
  result: "I read the feed.",
  num_turns: 4,
  total_cost_usd: 0.0123,
  usage: { input_tokens: 10, output_tokens: 20, cache_read_input_tokens: 30, cache_creation_input_tokens: 40 },
  ...over,
});

test("a whole life is reported: who it was, how it ended, what it cost", () => {
  const state = read(init(), assistant({ type: "text", text: "I look around." }), result());
  expect(state).toEqual({
    started: { server: "connected", missing: [] },
    ended: { isError: false },
    report: {
      model: "claude-test-1",
      client_version: "2.1.330",
      session_id: "0b5c",
      input_tokens: 10,
      output_tokens: 20,
      cache_read_tokens: 30,
      cache_creation_tokens: 40,
      cost_usd: 0.0123,
      turns: 4,
      summary: "I read the feed.",
    },
    suspects: new Set(),
    externalTools: [],
  });
});

test("the init line names a server that failed, is absent, or lacks a tool", () => {
  expect(read(init({ mcp_servers: [{ name: "moltbook", status: "failed" }], tools: [] })).started).toEqual({
    server: "failed",
    missing: [...TOOLS],
  });
  expect(read(init({ mcp_servers: [{ name: "another", status: "connected" }] })).started?.server).toBe("absent");
  expect(read(init({ mcp_servers: undefined })).started?.server).toBe("absent");
  expect(read(init({ tools: ["mcp__moltbook__moltbook_home", "mcp__another__moltbook_vote"] })).started?.missing).toEqual([
    "moltbook_vote",
  ]);
});

test("a later init line does not whitewash the first one", () => {
  expect(read(init({ mcp_servers: [] }), init()).started?.server).toBe("absent");
});

test("tools that are not ours are noted, at most fifty of them; ours and the tool search are not", () => {
  const use = (name: string) => ({ type: "tool_use", id: "t", name, input: {} });
  expect(read(assistant(use("Bash"), use("mcp__moltbook__moltbook_home"), use("ToolSearch"), use("mcp__other__x"))).externalTools).toEqual([
    "Bash",
    "mcp__other__x",
  ]);
  expect(read(...Array.from({ length: 80 }, () => assistant(use("Bash")))).externalTools).toHaveLength(50);
});

test("a result that is an error, or of any subtype but success, is an error", () => {
  expect(read(result({ is_error: true })).ended).toEqual({ isError: true });
  expect(read(result({ subtype: "error_max_turns", result: undefined })).ended).toEqual({ isError: true });
  expect(read(result()).ended).toEqual({ isError: false });
  expect(read(init()).ended).toBeNull();
});

test("no shape of a line breaks the reader", () => {
  const hostile = [
    "",
    "not JSON",
    "{",
    "null",
    "[]",
    '"text"',
    "{}",
    '{"type":null}',
    '{"type":"system"}',
    init({ mcp_servers: "connected" }),
    init({ mcp_servers: [null] }),
    init({ mcp_servers: { name: "moltbook" } }),
    init({ tools: "all" }),
    init({ tools: [null, 1] }),
    { type: "assistant" },
    { type: "assistant", message: null },
    { type: "assistant", message: { content: "words" } },
    { type: "assistant", message: { content: 5 } },
    assistant(null, 7, "text", { type: "tool_use" }, { type: "tool_use", name: 5 }),
    { type: "result", usage: null, result: { text: "no text" }, num_turns: "four" },
    { type: "result", usage: [], total_cost_usd: "cheap" },
  ];
  for (const line of hostile) expect(() => read(line)).not.toThrow();
  expect(read(init({ mcp_servers: [null] })).started).toEqual({ server: "absent", missing: [] });
  expect(read(init({ tools: [null, 1] })).started?.missing).toEqual([...TOOLS]);
  expect(read({ type: "result", result: 5, num_turns: "four", usage: null }).report).toMatchObject({ summary: null, turns: null });
});

test("figures that no column holds are not taken", () => {
  const { report } = read(
    result({ num_turns: 1e12, total_cost_usd: 1e9, usage: { input_tokens: -1, output_tokens: 1.5, cache_read_input_tokens: 2 ** 60 } }),
  );
  expect(report).toMatchObject({ turns: null, cost_usd: null, input_tokens: null, output_tokens: null, cache_read_tokens: null });
});

test("what the agent says of itself is cut, masked and free of control characters", () => {
  const token = `mbt_${"a".repeat(43)}`;
  const state = read(
    init({ model: `m\u0000\u001b[31m${token}`, session_id: "s".repeat(5000), mcp_servers: [{ name: "moltbook", status: token }] }),
    assistant({ type: "tool_use", name: `Bash ${token}` }),
    result({ result: `I keep ${token}\u0000 and\nsleep. ${"x".repeat(9000)}` }),
  );
  expect(JSON.stringify(state)).not.toContain(token);
  expect(state.report.model).toBe("m[31m[secret]");
  expect(state.report.session_id).toHaveLength(200);
  expect(state.report.summary).toStartWith("I keep [secret] and\nsleep. xxx");
  expect(state.report.summary).toHaveLength(5000);
});
