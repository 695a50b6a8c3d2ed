import { describe, expect, test } from "bun:test";

import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

import { initialize, modern, openDouble, openMcp, result, startBridge, stdio, toolCall, until } from "./testing.ts";

const UNAVAILABLE = { isError: true, content: [{ type: "text", text: "Moltbook's tools are unavailable; do not claim actions." }] };

/** An address at which nothing answers until a server is opened there. */
async function vacantAddress() {
  const { port, url, stop } = openDouble(() => new Response());
  await stop();
  return { port, url };
}

describe("a server that is away", () => {
  test.concurrent("one that starts late answers everything that was asked before", async () => {
    const { port, url } = await vacantAddress();
    await using bridge = startBridge(url);
    await bridge.send(modern(1, "server/discover"), modern(2, "tools/list"), toolCall(3, "echo", { text: "early" }));
    await until(() => bridge.logged("bridge.server_away"), "the bridge to find nobody");
    await using server = openMcp(port);
    expect(await bridge.answer(1)).toMatchObject({ result: { supportedVersions: ["2026-07-28"] } });
    expect(await bridge.answer(2)).toMatchObject({ result: { tools: { length: 3 } } });
    expect(await bridge.answer(3)).toMatchObject({ result: { content: [{ text: "early" }] } });
    expect(server.calls("tools/call")).toBe(1);
    expect(bridge.logged("bridge.server_back")).toBe(true);
  });

  test.concurrent("one that is restarted goes unnoticed by a client of the 2025 era", async () => {
    const first = openMcp();
    await using bridge = startBridge(first.url);
    await bridge.send(initialize(1));
    await bridge.answer(1);
    await first.stop();
    await bridge.send({ id: 2, method: "tools/call", params: { name: "echo", arguments: { text: "again" } } });
    await until(() => bridge.logged("bridge.server_away"), "the bridge to find nobody");
    await using second = openMcp(first.port);
    expect(await bridge.answer(2)).toMatchObject({ result: { content: [{ text: "again" }] } });
    expect(second.seen[0]?.headers.get("mcp-protocol-version")).toBe("2025-06-18");
  });

  test.concurrent("one that asks for patience gets it, and the call once", async () => {
    const at: number[] = [];
    await using server = openDouble((seen) => {
      at.push(Date.now());
      if (at.length > 2) return result(seen);
      return new Response(null, { status: at.length === 1 ? 503 : 429, headers: { "Retry-After": "1" } });
    });
    await using bridge = startBridge(server.url);
    await bridge.send(toolCall(1, "echo"));
    expect(await bridge.answer(1)).toMatchObject({ result: {} });
    expect(at).toHaveLength(3);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(995);
  });

  test.concurrent("a call that is cancelled while it is held is never sent", async () => {
    const { port, url } = await vacantAddress();
    await using bridge = startBridge(url);
    await bridge.send(toolCall(1, "echo"));
    await until(() => bridge.logged("bridge.server_away"), "the bridge to find nobody");
    await bridge.send({ method: "notifications/cancelled", params: { requestId: 1 } }, modern(2, "tools/list"));
    await using server = openDouble((seen) => result(seen), port);
    await bridge.answer(2);
    bridge.end();
    expect(await bridge.exited()).toBe(0);
    expect(bridge.messages().map((message) => message.id)).toEqual([2]);
    expect(server.calls("tools/call")).toBe(0);
  });

  test.concurrent(
    "a call that it takes and leaves unanswered until the connection times out is sent once",
    async () => {
      await using server = openDouble(() => new Promise<Response>(() => {}));
      await using bridge = startBridge(server.url, { env: { BUN_CONFIG_HTTP_IDLE_TIMEOUT: "1" } });
      await bridge.send(toolCall(1, "echo"));
      expect(await bridge.answer(1, 30_000)).toMatchObject({ error: { message: expect.stringContaining("must not be repeated") } });
      expect(server.seen).toHaveLength(1);
    },
    40_000,
  );

  test.concurrent("current and older clients live on without tools when it is away for longer than they would wait", async () => {
    await using server = openDouble(() => new Response(null, { status: 503, headers: { "Retry-After": "3600" } }));
    const current = new Client({ name: "current", version: "2" }, { versionNegotiation: { mode: "auto" } });
    const legacy = new Client({ name: "legacy", version: "2" });
    const old = new OldClient({ name: "old", version: "1" });
    await Promise.all([
      current.connect(new StdioClientTransport(stdio(server.url))),
      legacy.connect(new StdioClientTransport(stdio(server.url))),
      old.connect(new OldTransport(stdio(server.url))),
    ]);
    for (const client of [current, legacy, old]) {
      expect((await client.listTools()).tools).toEqual([]);
      expect(await client.callTool({ name: "moltbook_create_post", arguments: {} })).toMatchObject(UNAVAILABLE);
      await client.close();
    }
  });

  test.concurrent("clients that found a stand-in hear of the tools when it is back, and can call them", async () => {
    const real = openMcp();
    const down = () => new Response(null, { status: 503, headers: { "Retry-After": "3600" } });
    let isBack = false;
    await using server = openDouble((seen) => (isBack ? real.answer(seen) : down()));
    for (const mode of ["auto", "legacy"] as const) {
      isBack = false;
      const client = new Client({ name: "current", version: "2" }, { versionNegotiation: { mode } });
      const { promise, resolve } = Promise.withResolvers<void>();
      client.setNotificationHandler("notifications/tools/list_changed", () => resolve());
      await client.connect(new StdioClientTransport(stdio(server.url)));
      expect((await client.listTools()).tools).toEqual([]);
      expect(client.getInstructions()).toContain("do not claim actions");
      isBack = true;
      const call = await client.callTool({ name: "echo", arguments: { text: mode } });
      expect(call.content).toEqual([{ type: "text", text: mode }]);
      await promise;
      expect((await client.listTools()).tools).toHaveLength(3);
      await client.close();
    }
    await real.stop();
  });

  test.concurrent("one with sessions that comes back is greeted before anything else, without being asked for anything", async () => {
    let isBack = false;
    await using server = openDouble((seen) => {
      if (!isBack) return new Response(null, { status: 503, headers: { "Retry-After": "3600" } });
      const isGreeting = seen.body.method === "initialize";
      if (!isGreeting && seen.headers.get("mcp-session-id") !== "s-1") return new Response(null, { status: 400 });
      return isGreeting
        ? Response.json({ jsonrpc: "2.0", id: seen.body.id, result: {} }, { headers: { "Mcp-Session-Id": "s-1" } })
        : result(seen);
    });
    await using bridge = startBridge(server.url);
    await bridge.send(initialize(1));
    expect(await bridge.answer(1)).toMatchObject({ result: { capabilities: { tools: { listChanged: true } } } });
    isBack = true;
    await until(() => bridge.out.length === 2, "word of the server's return");
    expect(bridge.messages()[1]).toEqual({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
    await bridge.send({ id: 2, method: "tools/list" });
    expect(await bridge.answer(2)).toMatchObject({ result: {} });
    expect(server.seen.filter(({ body }) => body.id === 1).length).toBeGreaterThan(1);
  });

  test.concurrent("one that comes back and refuses the token is asked once, and the client's next call says so", async () => {
    let isBack = false;
    await using server = openDouble(() =>
      isBack ? new Response(null, { status: 401 }) : new Response(null, { status: 503, headers: { "Retry-After": "3600" } }),
    );
    await using bridge = startBridge(server.url);
    await bridge.send(initialize(1));
    await bridge.answer(1);
    isBack = true;
    await until(() => bridge.logged("bridge.server_back"), "the bridge to see it");
    const { length } = server.seen;
    await bridge.send(toolCall(2, "echo"));
    expect(await bridge.answer(2)).toMatchObject({ error: { message: expect.stringContaining("MCP_AUTH_TOKEN") } });
    expect(server.seen).toHaveLength(length + 1);
    expect(server.calls("tools/call")).toBe(0);
  });

  test.concurrent(
    "one that never comes, or takes connections and says nothing, is given up after 20 s",
    async () => {
      const { port, url } = await vacantAddress();
      await using silent = openDouble(() => new Promise<Response>(() => {}));
      await using alone = startBridge(url);
      await using ignored = startBridge(silent.url);
      const started = Date.now();
      await ignored.send(initialize(1));
      await alone.send(
        initialize(1),
        modern(2, "server/discover"),
        modern(3, "tools/list"),
        toolCall(4, "echo"),
        modern(5, "prompts/list"),
      );
      const [greeting] = await Promise.all([alone.answer(1, 25_000), ignored.answer(1, 25_000)]);
      const waited = Date.now() - started;
      expect(greeting).toMatchObject({
        result: { protocolVersion: "2025-06-18", serverInfo: { name: "moltbot" }, capabilities: { tools: {} } },
      });
      expect(waited).toBeGreaterThan(15_000);
      expect(await alone.answer(2)).toMatchObject({ result: { supportedVersions: ["2026-07-28"] } });
      expect(await alone.answer(3)).toMatchObject({ result: { tools: [] } });
      expect(await alone.answer(4)).toMatchObject({ result: UNAVAILABLE });
      expect(await alone.answer(5)).toMatchObject({ error: { message: expect.stringContaining("not reachable") } });

      await alone.send(toolCall(6, "echo"));
      expect(await alone.answer(6, 2_000)).toMatchObject({ result: UNAVAILABLE });
      await using server = openMcp(port);
      await alone.send(toolCall(7, "echo", { text: "at last" }));
      expect(await alone.answer(7, 2_000)).toMatchObject({ result: { content: [{ text: "at last" }] } });
      expect(server.calls("tools/call")).toBe(1);
    },
    40_000,
  );
});
