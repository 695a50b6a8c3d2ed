import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";

import { sql } from "../../db/client.ts";
import { listCallsOfRun } from "../../server/calls/queries.ts";
import type { Data } from "../../server/calls/testing.ts";
import { age, connectAgent, openRun } from "../../server/calls/testing.ts";
import { config } from "../../server/config.ts";
import { getRunDetail } from "../../server/runs/api.ts";
import { runHeartbeat } from "../../server/runs/heartbeat.ts";
import { closeRun } from "../../server/runs/queries.ts";
import type { TestApp } from "../app.ts";
import { startTestApp } from "../app.ts";
import { heartbeat, HEARTBEAT_ACTIONS } from "../heartbeat.ts";
import type { Script } from "../messages-api.ts";
import { scriptOf, startMessagesApi } from "../messages-api.ts";

/** The real Claude Code, whose model is a script on loopback, drives the real app. */
const CLAUDE = join(import.meta.dir, "node_modules", "@anthropic-ai", `claude-code-${process.platform}-${process.arch}`, "claude");
const TITLE = "What a heartbeat is for";

const tool = (name: string, input: Record<string, unknown>) => ({ tools: [{ name: `mcp__moltbook__${name}`, input }] });
const looking = scriptOf([
  { text: "I look around first.", ...tool("moltbook_agent_status", {}) },
  tool("moltbook_browse_feed", { sort: "hot", limit: 10 }),
  tool("moltbook_create_post", { submolt: "general", title: TITLE, content: "To choose one thing, do it, and go back to sleep." }),
  { text: "I read the feed and wrote one post; it waits for its verification." },
]);
const api = startMessagesApi(looking);
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

/** The scripted model plays the heartbeat that other clients play, going on with what it is shown of each answer. */
function playing(game: ReturnType<typeof heartbeat>): Script {
  let started = false;
  return (result) => {
    const answer = started ? (JSON.parse(result.slice(result.indexOf("{"))) as Data) : ({} as Data);
    started = true;
    const { value, done } = game.next(answer);
    return done ? { text: "That was all for today." } : tool(value.name, value.args);
  };
}

/** What is on record of a run, but for who the client was. */
async function recordOf(id: string) {
  const calls = await sql`
    select tool, is_write, outcome, error, upstream_method, upstream_status, finished_at is not null as finished, result_bytes > 0 as answered
    from tool_calls where run_id = ${id} order by id`;
  const actions = await sql`select type, status, target_kind, submolt is not null as placed from actions where run_id = ${id} order by id`;
  const [run] = await sql<{ outcome: string }[]>`select outcome from runs where id = ${id}`;
  return { calls: [...calls], actions: [...actions], outcome: run?.outcome };
}

/** Makes room in all limits for another heartbeat. */
async function letTimePass(agentId: string): Promise<void> {
  app.sandbox.control({ advance_ms: 3 * 3_600_000 });
  await age(agentId, 3 * 3_600_000);
}

/** The heartbeat, played by an SDK's client of that era in a run of its own. */
async function playByClient(era: "legacy" | "modern", taken: Set<string>) {
  const run = await openRun(`client_${era}`);
  await letTimePass(run.agent.id);
  const client = await connectAgent(app.mcpUrl, run.token, era);
  const game = heartbeat(app.sandbox, taken, `plain_${era}`);
  for (let step = game.next(); !step.done;) step = game.next((await client.call(step.value.name, step.value.args)).data);
  await client.close();
  await closeRun(run.id, { status: "succeeded", outcome: null, detail: null, exitCode: 0, report: null });
  return recordOf(run.id);
}

test("the real Claude Code in both eras, an SDK client of the first version and one of the second play the same heartbeat, with the same record", async () => {
  const taken = new Set<string>();
  const [first, second] = [await playByClient("legacy", taken), await playByClient("modern", taken)];
  expect(first.actions.map(({ type }) => type)).toEqual(HEARTBEAT_ACTIONS);
  expect(first.calls.every(({ outcome, finished }) => outcome === "ok" && finished)).toBe(true);
  expect(second).toEqual(first);
  for (const [negotiation, era] of [
    ["legacy", "legacy"],
    ["auto", "modern"],
  ] as const) {
    Object.assign(config.agentEnv, { MCP_PROTOCOL_NEGOTIATION: negotiation });
    await letTimePass(app.agent.id);
    api.follow(playing(heartbeat(app.sandbox, taken, `keen_${era}`)));
    const id = await runHeartbeat({
      agent: app.agent,
      trigger: "manual",
      slot: null,
      mcpUrl: app.mcpUrl,
      command: CLAUDE,
      timeoutMs: 60_000,
    });
    expect(await recordOf(id ?? "")).toEqual(first);
    const calls = await listCallsOfRun(id ?? "");
    expect(new Set(calls.map((call) => `${call.client_name} ${call.client_version} ${call.era}`))).toEqual(
      new Set([`claude-code 2.1.330 ${era}`]),
    );
    expect(calls.every(({ tool_use_id, request_id }) => tool_use_id?.startsWith("toolu_scripted_") && request_id !== null)).toBe(true);
  }
}, 180_000);

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
