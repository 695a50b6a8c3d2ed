import { afterAll, beforeAll, expect, test } from "bun:test";

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as LegacyTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import { sql } from "../../db/client.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp, until } from "../../test/app.ts";
import { startOtherProcess } from "../../test/other-process.ts";
import type { TestRun } from "../calls/testing.ts";
import { connectAgent, openRun } from "../calls/testing.ts";
import { connectMoltbook } from "../moltbook/connection.ts";
import { openDouble, openScreen, TEST_KEY } from "../moltbook/testing.ts";

/** What a call is besides its answer: progress, cancellation, its trace, and its row in the record. */
const ERAS = ["legacy", "modern"] as const;
type Era = (typeof ERAS)[number];

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const POST = { id: "p1", title: "A title", content: "A text", author: { name: "someone" }, submolt: { name: "general" } };

/** A Moltbook whose post waits until `show`, and everything until `release`; `left` counts the requests whose sender went away before that. */
function openSlowMoltbook() {
  const state = { asked: 0, left: 0, show: () => {}, release: () => {} };
  const shown = new Promise<void>((resolve) => (state.show = resolve));
  const released = new Promise<void>((resolve) => (state.release = resolve));
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      state.asked += 1;
      request.signal.addEventListener("abort", () => (state.left += 1));
      const isThread = new URL(request.url).pathname.endsWith("/comments");
      await (isThread ? released : Promise.race([shown, released]));
      return Response.json(isThread ? { success: true, comments: [], has_more: false } : { success: true, post: POST });
    },
  });
  const url = `http://127.0.0.1:${server.port}/api/v1`;
  connectMoltbook({ baseUrl: url, apiKey: TEST_KEY, screen: openScreen });
  return Object.assign(state, { url, [Symbol.dispose]: () => void server.stop(true) });
}

const PARAMS = { name: "moltbook_get_post", arguments: { post_id: "p1" } };

type Progress = { progress: number; total?: number | undefined; message?: string | undefined };

/** Calls get_post with a client of that era that wants to hear of its progress. */
async function readPost(era: Era, { token }: TestRun, onprogress: (progress: Progress) => void) {
  const url = new URL(app.mcpUrl);
  const options = { requestInit: { headers: { authorization: `Bearer ${token}` } } };
  if (era === "modern") {
    const client = new Client({ name: "modern", version: "1" }, { versionNegotiation: { mode: "auto" } });
    await client.connect(new StreamableHTTPClientTransport(url, options));
    return client.callTool(PARAMS, { onprogress }).finally(() => client.close());
  }
  const client = new LegacyClient({ name: "legacy", version: "1" });
  await client.connect(new LegacyTransport(url, options));
  return client.callTool(PARAMS, undefined, { onprogress }).finally(() => client.close());
}

const callsOf = (run: TestRun) => sql`select tool, outcome, request_id, tool_use_id, trace_parent, client_name, client_version, era,
  result_bytes, finished_at >= started_at as timed from tool_calls where run_id = ${run.id} order by id`;

for (const era of ERAS) {
  test(`a slow read tells a ${era} client how far it has come, and then answers`, async () => {
    using moltbook = openSlowMoltbook();
    const heard: Progress[] = [];
    const call = readPost(era, await openRun(`slow_${era}`), (progress) => heard.push(progress));
    await until(() => heard.length > 0);
    moltbook.show();
    await until(() => heard.length > 1);
    moltbook.release();
    const { isError, structuredContent } = await call;
    expect(isError).toBeFalsy();
    expect(structuredContent).toMatchObject({ post: { id: "p1" } });
    expect(heard).toEqual([
      { progress: 0, message: "Still working on it." },
      { progress: 1, total: 2, message: "The post is here; its comments come next." },
    ]);
  });

  test(`a ${era} client that gives up a read ends the request to Moltbook, and the record says cancelled`, async () => {
    using moltbook = openSlowMoltbook();
    const run = await openRun(`gives_up_${era}`);
    const agent = await connectAgent(app.mcpUrl, run.token, era);
    const giveUp = new AbortController();
    const call = agent.call("moltbook_get_post", { post_id: "p1" }, giveUp.signal).catch(() => "given up");
    await until(() => moltbook.asked === 1);
    giveUp.abort();
    expect(await call).toBe("given up");
    await until(() => moltbook.left === 1);
    await until(async () => (await callsOf(run))[0]?.outcome === "cancelled");
    moltbook.release();
    await agent.close();
  });
}

test("who does not ask for progress, or is answered at once, gets one JSON answer", async () => {
  using double = openDouble(({ path }) => Response.json(path.endsWith("/comments") ? { comments: [] } : { post: POST }));
  connectMoltbook({ baseUrl: double.baseUrl, apiKey: TEST_KEY, screen: openScreen });
  const run = await openRun("quick");
  const answer = await post(run, { progressToken: 7 });
  expect(answer.headers.get("content-type")).toStartWith("application/json");
  expect(await answer.json()).toMatchObject({ result: { structuredContent: { post: { id: "p1" } } } });
});

test("a 2025 client's word that it gives up reaches the call in another process", async () => {
  using moltbook = openSlowMoltbook();
  await using other = await startOtherProcess(moltbook.url);
  const run = await openRun("apart");
  const call = send(run, { jsonrpc: "2.0", id: 77, method: "tools/call", params: PARAMS }, other.mcpUrl);
  await until(() => moltbook.asked === 1);
  await send(run, { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 77 } });
  await until(() => moltbook.left === 1);
  expect(await (await call).text()).toContain("cancelled");
  expect((await callsOf(run)).map(({ outcome, era }) => [outcome, era])).toEqual([["cancelled", "legacy"]]);
}, 20_000);

test("an id that two calls of one token share cancels neither", async () => {
  using moltbook = openSlowMoltbook();
  const run = await openRun("ambiguous");
  const calls = [post(run, {}), post(run, {})];
  await until(() => moltbook.asked === 2);
  const said = await send(run, { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: "same" } });
  expect(said.status).toBe(202);
  moltbook.release();
  for (const call of calls) expect(await (await call).json()).toMatchObject({ result: { structuredContent: { post: { id: "p1" } } } });
  expect((await callsOf(run)).map(({ outcome }) => outcome)).toEqual(["ok", "ok"]);
});

/** A message as a 2025-era client sends it. */
function send({ token }: TestRun, message: unknown, mcpUrl = app.mcpUrl) {
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream", authorization: `Bearer ${token}` };
  return fetch(mcpUrl, { method: "POST", headers, body: JSON.stringify(message) });
}

/** One get_post as a 2026-era client sends it. */
function post({ token }: TestRun, meta: Record<string, unknown>, name = "moltbook_get_post", args: unknown = { post_id: "p1" }) {
  const envelope = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "by-hand", version: "3.1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  return fetch(app.mcpUrl, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      authorization: `Bearer ${token}`,
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": name,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: "same",
      method: "tools/call",
      params: { name, arguments: args, _meta: { ...envelope, ...meta } },
    }),
  });
}

test("a call's row joins it to its client, its trace and the model's own tool use; a malformed trace is left out", async () => {
  using double = openDouble(({ path }) => Response.json(path.endsWith("/comments") ? { comments: [] } : { post: POST }));
  connectMoltbook({ baseUrl: double.baseUrl, apiKey: TEST_KEY, screen: openScreen });
  const run = await openRun("traced");
  const good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const bad = [
    "",
    7,
    "ff" + good.slice(2),
    good.replace(/4b.*36/, "0".repeat(32)),
    good.replace("00f067aa0ba902b7", "0".repeat(16)),
    good.toUpperCase(),
    `${good}\n`,
    `${good}-x`,
  ];
  for (const traceparent of [good, ...bad]) await post(run, { traceparent, "claudecode/toolUseId": "toolu_7" });
  const rows = await callsOf(run);
  expect(rows[0]).toEqual({
    tool: "moltbook_get_post",
    outcome: "ok",
    request_id: "same",
    tool_use_id: "toolu_7",
    trace_parent: good,
    client_name: "by-hand",
    client_version: "3.1",
    era: "modern",
    result_bytes: expect.any(Number),
    timed: true,
  });
  expect(rows.slice(1).map(({ trace_parent }) => trace_parent)).toEqual(bad.map(() => null));
  const listed = (await (await app.get(`/api/security/tool-calls?run_id=${run.id}&limit=1`)).json()) as { items: object[] };
  expect(listed.items[0]).toMatchObject({
    request_id: "same",
    tool_use_id: "toolu_7",
    trace_parent: null,
    duration_ms: expect.any(Number),
  });
});

test("every ending of a call has its row: denied, wrong arguments, no such tool, a refusal, a limit", async () => {
  using double = openDouble(({ path }) =>
    path === "/posts/gone"
      ? Response.json({ error: "Post not found" }, { status: 404 })
      : Response.json({ message: "Rate limit exceeded", retry_after_seconds: 600 }, { status: 429 }),
  );
  connectMoltbook({ baseUrl: double.baseUrl, apiKey: TEST_KEY, screen: openScreen });
  const run = await openRun("endings", ["moltbook_get_post"]);
  await post(run, {}, "moltbook_home", {});
  await post(run, {}, "moltbook_get_post", { post_id: "../../agents/me" });
  const unknown = await post(run, {}, "moltbook_self_destruct", { now: true });
  expect(await unknown.json()).toMatchObject({ error: { code: -32602, message: expect.stringContaining("no tool of that name") } });
  await post(run, {}, "moltbook_get_post", { post_id: "gone" });
  await post(run, {}, "moltbook_get_post", { post_id: "busy" });
  const rows = await callsOf(run);
  expect(rows.map(({ tool, outcome }) => [tool, outcome])).toEqual([
    ["moltbook_home", "denied"],
    ["moltbook_get_post", "protocol_error"],
    ["moltbook_self_destruct", "protocol_error"],
    ["moltbook_get_post", "tool_error"],
    ["moltbook_get_post", "rate_limited"],
  ]);
  for (const row of rows)
    expect(row).toMatchObject({ request_id: "same", client_name: "by-hand", timed: true, result_bytes: expect.any(Number) });
});

/** As a client sees it that has not asked before: one that has may keep its list for a minute. */
async function descriptionOfHome({ token }: TestRun) {
  const { client, close } = await connectAgent(app.mcpUrl, token);
  const { tools } = await client.listTools();
  await close();
  return tools.find(({ name }) => name === "moltbook_home")?.description;
}

test("a tool whose function Moltbook has taken away answers so, says when that was seen, and sends nothing", async () => {
  using double = openDouble(() => Response.json({}));
  connectMoltbook({ baseUrl: double.baseUrl, apiKey: TEST_KEY, screen: openScreen });
  const run = await openRun("featureless");
  const before = await descriptionOfHome(run);
  const found = new Date(Date.now() - 3_600_000).toISOString();
  await sql`insert into moltbook_features (agent_id, mode, feature, available, checked_at) values (${run.agent.id}, 'sandbox', 'home', false, ${found})`;
  expect(await descriptionOfHome(run)).toBe(`${before} Not available on Moltbook at present.`);
  const agent = await connectAgent(app.mcpUrl, run.token);
  const { isError, text } = await agent.call("moltbook_home");
  expect([isError, text]).toEqual([
    true,
    `Moltbook does not offer this at present (found out ${found.slice(0, 16).replace("T", " ")} UTC). It is looked for again once a day; nothing was sent, so go on without it.`,
  ]);
  expect(double.seen).toEqual([]);
  await agent.close();
  expect((await callsOf(run)).map(({ outcome }) => outcome)).toEqual(["tool_error"]);
});
