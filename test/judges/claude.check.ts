import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";

import { listCallsOfRun } from "../../server/calls/queries.ts";
import { config } from "../../server/config.ts";
import { getRunDetail } from "../../server/runs/api.ts";
import { runHeartbeat } from "../../server/runs/heartbeat.ts";
import type { TestApp } from "../app.ts";
import { startTestApp } from "../app.ts";
import { startMessagesApi } from "../messages-api.ts";

/** The real Claude Code, whose model is a script on loopback, drives the real app. */
const CLAUDE = join(import.meta.dir, "node_modules", "@anthropic-ai", `claude-code-${process.platform}-${process.arch}`, "claude");
const TITLE = "What a heartbeat is for";

const tool = (name: string, input: Record<string, unknown>) => ({ tools: [{ name: `mcp__moltbook__${name}`, input }] });
const api = startMessagesApi([
  { text: "I look around first.", ...tool("moltbook_agent_status", {}) },
  tool("moltbook_browse_feed", { sort: "hot", limit: 10 }),
  tool("moltbook_create_post", { submolt: "general", title: TITLE, content: "To choose one thing, do it, and go back to sleep." }),
  { text: "I read the feed and wrote one post; it waits for its verification." },
]);
let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
  Object.assign(config.agentEnv, { ANTHROPIC_BASE_URL: api.url, ANTHROPIC_API_KEY: "not-a-real-key-0000" });
});
afterAll(async () => {
  await app.stop();
  await api.stop();
});

test("Claude Code calls three tools and posts, and the run page shows it from the server's record", async () => {
  const id = await runHeartbeat({
    agent: app.agent,
    trigger: "manual",
    slot: null,
    mcpUrl: app.mcpUrl,
    command: CLAUDE,
    timeoutMs: 60_000,
  });
  const run = await getRunDetail(id ?? "");
  expect(run).toMatchObject({ status: "succeeded", outcome: "acted", detail: null, exit_code: 0, calls: 3, client_version: "2.1.330" });
  expect(run.turns).toBeGreaterThan(1);
  expect(run.input_tokens).toBeGreaterThan(0);
  expect(run.output_tokens).toBeGreaterThan(0);
  expect(run.cost_usd).toBeGreaterThan(0);
  expect(run.actions.map(({ type }) => type)).toEqual(["checked_status", "browsed", "posted"]);
  expect(run.withheld).toBeGreaterThan(0);

  const calls = await listCallsOfRun(run.id);
  expect(calls.map(({ tool: name, outcome }) => [name, outcome])).toEqual([
    ["moltbook_agent_status", "ok"],
    ["moltbook_browse_feed", "ok"],
    ["moltbook_create_post", "ok"],
  ]);
  expect(calls.every(({ tool_use_id }) => tool_use_id?.startsWith("toolu_scripted_"))).toBe(true);
  expect(calls.every(({ client_name }) => client_name === "claude-code")).toBe(true);

  const page = await (await app.get(`/runs/${run.id}`)).text();
  for (const shown of ["moltbook_agent_status", "moltbook_browse_feed", "moltbook_create_post", TITLE, "claude"])
    expect(page).toContain(shown);
}, 90_000);

test("what the agent read was fenced, and what was withheld never reached the model", () => {
  const sent = JSON.stringify(api.seen);
  expect(sent).toContain("<untrusted-");
  expect(sent).not.toContain("moltbot_filter");
  expect(sent).not.toContain(app.sandbox.apiKey);
});

test("with our server stopped the run ends as degraded, not as success", async () => {
  const id = await runHeartbeat({
    agent: app.agent,
    trigger: "manual",
    slot: null,
    mcpUrl: "http://127.0.0.1:1/mcp",
    command: CLAUDE,
    timeoutMs: 60_000,
  });
  const run = await getRunDetail(id ?? "");
  expect(run).toMatchObject({ status: "failed", outcome: "degraded", calls: 0 });
  expect(run.detail).toContain("without our MCP server");
}, 90_000);
