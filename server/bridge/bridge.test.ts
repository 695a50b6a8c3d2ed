import { afterEach, describe, expect, test } from "bun:test";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

import type { Json } from "./testing.ts";
import {
  BRIDGE,
  bridgeEnv,
  collect,
  events,
  initialize,
  modern,
  openDouble,
  openMcp,
  result,
  say,
  startBridge,
  stdio,
  TOKEN,
  toolCall,
  until,
} from "./testing.ts";

describe("clients", () => {
  for (const [era, mode] of [
    ["2026-07-28", "auto"],
    ["2025-11-25", "legacy"],
  ] as const) {
    test(`a client of the current SDK works through it, speaking ${era}`, async () => {
      await using server = openMcp();
      const client = new Client({ name: "current", version: "2" }, { versionNegotiation: { mode } });
      await client.connect(new StdioClientTransport(stdio(server.url)));
      const { tools } = await client.listTools();
      expect(tools.map((tool) => tool.name)).toEqual(["echo", "big", "steps"]);
      expect((await client.callTool({ name: "echo", arguments: { text: "zwölf\nlines" } })).content).toEqual(say("zwölf\nlines").content);
      expect((await client.callTool({ name: "big", arguments: { size: 3 } })).content).toEqual(say("üüü").content);
      const version = server.seen.findLast((seen) => seen.body.method === "tools/call")?.headers.get("mcp-protocol-version");
      expect(version).toBe(era);
      await client.close();
    });
  }

  test("a client of SDK v1 works through it, and the server learns the client's name", async () => {
    await using server = openMcp();
    const client = new OldClient({ name: "claude code", version: "2.1" });
    await client.connect(new OldTransport(stdio(server.url)));
    expect((await client.listTools()).tools).toHaveLength(3);
    expect((await client.callTool({ name: "echo", arguments: { text: "hello" } })).content).toEqual(say("hello").content);
    const call = server.seen.findLast((seen) => seen.body.method === "tools/call");
    expect(call?.headers.get("mcp-protocol-version")).toBe("2025-11-25");
    expect(call?.headers.get("user-agent")).toStartWith("claude-code/2.1 ");
    await client.close();
  });

  test("progress of a call arrives before its result", async () => {
    await using server = openMcp();
    await using bridge = startBridge(server.url);
    const call = toolCall(1, "steps");
    await bridge.send({
      ...call,
      params: { ...(call.params as Json), _meta: { ...(call.params as { _meta: Json })._meta, progressToken: "p" } },
    });
    expect(await bridge.answer(1)).toMatchObject({ result: say("done") });
    expect(bridge.messages().map(({ id, params }) => id ?? (params as Json).progress)).toEqual([1, 2, 3, 1]);
  });

  test("a result of 20 MB arrives whole, in one piece or as an event of a stream", async () => {
    const text = "ü".repeat(10_000_000);
    await using server = openDouble((seen) =>
      seen.body.id === 1 ? result(seen, say(text)) : events([{ method: "notifications/x" }, { id: seen.body.id, result: say(text) }]),
    );
    await using bridge = startBridge(server.url);
    await bridge.send(toolCall(1, "big"), toolCall(2, "big"));
    await until(() => bridge.out.length === 3, "both results");
    const sizes = bridge.messages().flatMap(({ result: one }) => (one ? [(one as ReturnType<typeof say>).content[0]?.text === text] : []));
    expect(sizes).toEqual([true, true]);
  });
});

describe("forwarding", () => {
  test("requests run at the same time and are answered in whatever order the server answers", async () => {
    const waiting = new Map<unknown, () => void>();
    await using server = openDouble((seen) => {
      const { promise, resolve } = Promise.withResolvers<Response>();
      waiting.set(seen.body.id, () => resolve(result(seen, { for: seen.body.id })));
      return promise;
    });
    await using bridge = startBridge(server.url);
    await bridge.send(...[1, "1", 2, 3].map((id) => toolCall(id, "echo")));
    await until(() => waiting.size === 4, "all four to be with the server");
    for (const id of [3, "1", 2, 1]) {
      waiting.get(id)?.();
      expect(await bridge.answer(id)).toEqual({ jsonrpc: "2.0", id, result: { for: id } });
    }
    expect(bridge.messages().map((message) => message.id)).toEqual([3, "1", 2, 1]);
  });

  test("a message travels as it was written, in either direction", async () => {
    const raw: string[] = [];
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      async fetch(request) {
        if (request.method === "POST") raw.push(await request.text());
        return new Response('{\n"jsonrpc":"2.0",\r\n"id":1,"result":{"big":12345678901234567890}}', {
          headers: { "Content-Type": "application/json" },
        });
      },
    });
    await using bridge = startBridge(`http://127.0.0.1:${server.port}/mcp`);
    const line = '{"jsonrpc":"2.0","id":1, "method":"tools/list","params":{"n":98765432109876543210}}';
    await bridge.write(`${line}\r\n`);
    await bridge.answer(1);
    expect(raw).toEqual([line]);
    expect(bridge.out.join("")).toContain('"big":12345678901234567890');
    await server.stop(true);
  });

  test("a notification is delivered and never answered", async () => {
    await using server = openDouble((seen) => (seen.body.id === undefined ? new Response(null, { status: 500 }) : result(seen)));
    await using bridge = startBridge(server.url);
    await bridge.send({ method: "notifications/initialized" });
    await until(() => bridge.logged("bridge.message_dropped"), "the notification to fail");
    await bridge.send(modern(1, "tools/list"));
    await bridge.answer(1);
    expect(bridge.messages()).toEqual([{ jsonrpc: "2.0", id: 1, result: {} }]);
    expect(server.calls("notifications/initialized")).toBe(1);
  });

  test("a malformed line is answered with an error and changes nothing else", async () => {
    await using server = openDouble((seen) => result(seen));
    await using bridge = startBridge(server.url);
    await bridge.write('garbage\n[{"jsonrpc":"2.0","id":1,"method":"ping"}]\n{"id":null,"method":"ping"}\n{"id":7}\n\n');
    await bridge.write(`${"x".repeat(65 * 1024 * 1024)}\n`);
    await bridge.send(modern(8, "tools/list"));
    await bridge.answer(8);
    const errors = bridge.messages().filter((message) => message.id === null);
    expect(errors.map((message) => (message.error as Json).code)).toEqual([-32700, -32600, -32600, -32600, -32700]);
    expect(server.seen).toHaveLength(1);
  });

  test("a stream's messages all arrive, and one answer for each request", async () => {
    const progress = { method: "notifications/progress", params: { progressToken: 1, progress: 1 } };
    await using server = openDouble((seen) => {
      const answer = { id: seen.body.id, result: { n: 1 } };
      return events([progress, { id: "foreign", result: {} }, answer, { ...answer, result: { n: 2 } }, progress], ": keep-alive\n\n");
    });
    await using bridge = startBridge(server.url);
    await bridge.send(toolCall(1, "echo"));
    await until(() => bridge.out.length === 3, "three messages");
    bridge.end();
    expect(await bridge.exited()).toBe(0);
    expect(bridge.messages()).toEqual([
      { jsonrpc: "2.0", ...progress },
      { jsonrpc: "2.0", id: 1, result: { n: 1 } },
      { jsonrpc: "2.0", ...progress },
    ]);
  });

  test("an error of the server reaches the request that it belongs to, whatever its HTTP status", async () => {
    const error = { code: -32601, message: "Method not found" };
    await using server = openDouble((seen) =>
      Response.json({ jsonrpc: "2.0", id: seen.body.id === 1 ? 1 : null, error }, { status: seen.body.id === 1 ? 404 : 500 }),
    );
    await using bridge = startBridge(server.url);
    await bridge.send(modern(1, "no/such"), toolCall(2, "echo"));
    expect(await bridge.answer(1)).toEqual({ jsonrpc: "2.0", id: 1, error });
    expect(await bridge.answer(2)).toEqual({ jsonrpc: "2.0", id: 2, error });
  });

  test("a second request under an id that is still open goes nowhere", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await using server = openDouble(async (seen) => {
      await promise;
      return result(seen);
    });
    await using bridge = startBridge(server.url);
    await bridge.send(toolCall(1, "echo"), toolCall(1, "echo"));
    await until(() => bridge.logged("bridge.duplicate_id"), "the duplicate to be noticed");
    resolve();
    await bridge.answer(1);
    expect(server.seen).toHaveLength(1);
  });

  test("the headers of 2026-07-28 come from the message, in Base64 where they are not plain ASCII", async () => {
    await using server = openDouble((seen) => result(seen));
    await using bridge = startBridge(server.url);
    await bridge.send(
      toolCall(1, "Grüße"),
      toolCall(2, "plain"),
      toolCall(3, "two\r\nX-Evil: 1"),
      modern(4, "resources/read", { uri: "x:y" }),
      modern(5, "ping"),
    );
    for (const id of [1, 2, 3, 4, 5]) await bridge.answer(id);
    const headers = [1, 2, 3, 4, 5].map((id) => server.seen.find((seen) => seen.body.id === id)?.headers);
    expect(headers.map((one) => one?.get("mcp-protocol-version"))).toEqual(Array(5).fill("2026-07-28"));
    expect(headers.map((one) => one?.get("mcp-method"))).toEqual(["tools/call", "tools/call", "tools/call", "resources/read", "ping"]);
    const base64 = (text: string) => `=?base64?${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}?=`;
    expect(headers.map((one) => one?.get("mcp-name"))).toEqual([base64("Grüße"), "plain", base64("two\r\nX-Evil: 1"), "x:y", null]);
    expect(headers[2]?.get("x-evil")).toBeNull();
  });

  test("a name that is not plain ASCII passes the server's own check of the headers", async () => {
    await using server = openMcp();
    await using bridge = startBridge(server.url);
    await bridge.send(toolCall(1, "größe"));
    expect(await bridge.answer(1)).toMatchObject({ error: { code: -32602, message: expect.stringContaining("größe") } });
  });

  test("a cancelled call ends at the server and is not answered", async () => {
    let isCancelled = false;
    await using server = openDouble((seen) => {
      if (seen.body.method !== "tools/call") return result(seen);
      seen.signal.addEventListener("abort", () => (isCancelled = true));
      return new Promise<Response>(() => {});
    });
    await using bridge = startBridge(server.url);
    await bridge.send(toolCall(1, "echo"));
    await until(() => server.seen.length === 1, "the call to arrive");
    await bridge.send({ method: "notifications/cancelled", params: { requestId: 1 } });
    await until(() => isCancelled, "the server to notice");
    await bridge.send(modern(2, "tools/list"));
    await bridge.answer(2);
    expect(bridge.messages().map((message) => message.id)).toEqual([2]);
    expect(server.seen).toHaveLength(2);
  });
});

describe("the token", () => {
  test("one that the server refuses gives an error that says so, and the bridge stays", async () => {
    await using server = openMcp();
    await using bridge = startBridge(server.url, { token: "wrong-token-0123456789" });
    await bridge.send(initialize(1), toolCall(2, "echo"));
    const refused = { error: { message: expect.stringContaining("MCP_AUTH_TOKEN") as string } };
    expect(await bridge.answer(1)).toMatchObject(refused);
    expect(await bridge.answer(2)).toMatchObject(refused);
    await bridge.send(modern(3, "tools/list"));
    expect(await bridge.answer(3)).toMatchObject(refused);
    expect(server.seen).toHaveLength(3);
  });

  test("it may come from a file, and neither it nor a message ever shows in the log", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bridge-"));
    const file = join(folder, "token");
    writeFileSync(file, `${TOKEN}\n`);
    await using server = openMcp();
    await using bridge = startBridge(server.url, { env: { MCP_AUTH_TOKEN: "", MCP_AUTH_TOKEN_FILE: file } });
    await bridge.send(toolCall(1, "echo", { text: "private words" }));
    expect(await bridge.answer(1)).toMatchObject({ result: say("private words") });
    await bridge.write("private garbage\n");
    bridge.end();
    expect(await bridge.exited()).toBe(0);
    expect(bridge.err.length).toBeGreaterThan(1);
    for (const line of bridge.err) {
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), event: expect.stringMatching(/^bridge\./) });
      expect(line).not.toContain(TOKEN);
      expect(line).not.toContain("private");
    }
    rmSync(folder, { recursive: true });
  });

  test("it follows neither a redirect nor, on this machine, a proxy", async () => {
    await using elsewhere = openDouble((seen) => result(seen));
    await using server = openDouble(() => Response.redirect(elsewhere.url, 307));
    await using bridge = startBridge(server.url, { env: { HTTP_PROXY: elsewhere.url, http_proxy: elsewhere.url } });
    await bridge.send(toolCall(1, "echo"));
    expect(await bridge.answer(1)).toMatchObject({ error: { message: expect.stringContaining("HTTP 307") } });
    expect(server.seen).toHaveLength(1);
    expect(elsewhere.seen).toHaveLength(0);
  });

  test("plain http to another machine is refused unless it is allowed, and so is an address with a password", async () => {
    await using refused = startBridge("http://203.0.113.1/mcp");
    expect(await refused.exited()).toBe(1);
    expect(refused.err.join("")).toContain("--allow-http");
    await using allowed = startBridge("http://203.0.113.1/mcp", { args: ["--allow-http"] });
    allowed.end();
    expect(await allowed.exited()).toBe(0);
    await using disguised = startBridge("http://127.0.0.1:secret@203.0.113.1/mcp", { args: ["--allow-http"] });
    expect(await disguised.exited()).toBe(1);
    expect(disguised.err.join("")).not.toContain("secret");
  });
});

describe("the end", () => {
  const hanging = () => openDouble(() => new Promise<Response>(() => {}));
  const strays: number[] = [];
  afterEach(() => {
    for (const pid of strays.splice(0)) if (isAlive(pid)) process.kill(pid, "SIGKILL");
  });

  test("it exits with 0 as soon as stdin ends, even with a subscription open", async () => {
    await using server = hanging();
    await using bridge = startBridge(server.url);
    await bridge.send(modern(1, "subscriptions/listen"));
    await until(() => server.seen.length === 1, "the subscription");
    bridge.end();
    expect(await bridge.exited()).toBe(0);
    expect(bridge.out).toEqual([]);
  });

  test("a request that is open when stdin ends is still answered", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await using server = openDouble(async (seen) => {
      await promise;
      return result(seen);
    });
    await using bridge = startBridge(server.url);
    await bridge.send(toolCall(1, "echo"));
    await until(() => server.seen.length === 1, "the call to arrive");
    bridge.end();
    resolve();
    expect(await bridge.exited()).toBe(0);
    expect(bridge.messages()).toEqual([{ jsonrpc: "2.0", id: 1, result: {} }]);
  });

  test("it does not wait for a server that never answers, and still answers each request itself", async () => {
    await using server = hanging();
    await using bridge = startBridge(server.url);
    await bridge.send(toolCall(1, "echo"));
    await until(() => server.seen.length === 1, "the call to arrive");
    bridge.end();
    expect(await bridge.exited()).toBe(0);
    expect(bridge.messages()).toMatchObject([{ id: 1, error: { message: expect.stringContaining("must not be repeated") } }]);
  });

  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    test(`it exits with 0 on ${signal}, whatever is open`, async () => {
      await using server = hanging();
      await using bridge = startBridge(server.url);
      await bridge.send(toolCall(1, "echo"));
      await until(() => server.seen.length === 1, "the call to arrive");
      bridge.kill(signal);
      expect(await bridge.exited()).toBe(0);
    });
  }

  test("it exits with 0 when nobody reads its answers any more", async () => {
    await using server = openDouble((seen) => result(seen));
    const child = Bun.spawn([process.execPath, BRIDGE], { env: bridgeEnv(server.url), cwd: tmpdir(), stdio: ["pipe", "pipe", "ignore"] });
    strays.push(child.pid);
    await child.stdout.cancel();
    await child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...modern(1, "tools/list") })}\n`);
    await child.stdin.flush();
    expect(await child.exited).toBe(0);
  });

  test("it exits when its parent is gone, though its stdin is still open", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bridge-"));
    const fifo = join(folder, "stdin");
    expect(Bun.spawnSync(["mkfifo", fifo]).exitCode).toBe(0);
    const stdin = openSync(fifo, "r+");
    const script = `const child = Bun.spawn([process.execPath, ${JSON.stringify(BRIDGE)}], { stdio: ["inherit", "inherit", "inherit"] });
      console.error(child.pid); await child.exited;`;
    const env = bridgeEnv("http://127.0.0.1:9/mcp");
    const parent = Bun.spawn([process.execPath, "-e", script], { env, cwd: tmpdir(), stdio: [stdin, "ignore", "pipe"] });
    strays.push(parent.pid);
    const lines: string[] = [];
    const closed = collect(parent.stderr, lines);
    await until(() => lines.some((line) => line.includes("bridge.started")), "the bridge to start");
    strays.push(Number(lines.find((line) => /^\d+$/.test(line))));
    parent.kill("SIGKILL");
    await closed;
    expect(lines.join("\n")).toContain("parent is gone");
    closeSync(stdin);
    rmSync(folder, { recursive: true });
  });
});

describe("options", () => {
  test("--check says that all is well, and exits with 0", async () => {
    await using server = openMcp();
    await using bridge = startBridge(server.url, { args: ["--check"] });
    expect(await bridge.exited()).toBe(0);
    expect(bridge.out.map((line) => line.slice(0, 14).trim())).toEqual(["ok    server", "ok    protocol", "ok    tools"]);
    expect(bridge.out.join("\n")).toContain("3 offered");
  });

  test("--check names what is wrong, and exits with 1", async () => {
    await using server = openMcp();
    await using unauthorized = startBridge(server.url, { args: ["--check"], token: "wrong-token-0123456789" });
    expect(await unauthorized.exited()).toBe(1);
    expect(unauthorized.out.at(-1)).toMatch(/^FAIL {2}protocol .*HTTP 401/);
    await server.stop();
    await using alone = startBridge(server.url, { args: ["--check"] });
    expect(await alone.exited()).toBe(1);
    expect(alone.out.at(-1)).toMatch(/^FAIL {2}server .*start Moltbot/);
  });

  test("the log goes to a file as well, which only its owner can read", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bridge-"));
    const file = join(folder, "bridge.log");
    writeFileSync(file, "earlier\n", { mode: 0o644 });
    await using server = openMcp();
    await using bridge = startBridge(server.url, { args: ["--log-file", file] });
    await bridge.write("garbage\n");
    bridge.end();
    expect(await bridge.exited()).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(["earlier", ...bridge.err, ""].join("\n"));
    expect(bridge.err.join()).toContain("bridge.malformed_line");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await using nowhere = startBridge(server.url, { args: ["--log-file", join(folder, "no", "bridge.log")] });
    expect(await nowhere.exited()).toBe(1);
    expect(nowhere.err.join()).toContain("--log-file cannot be written (ENOENT)");
    rmSync(folder, { recursive: true });
  });

  test("--help explains, and an unknown option is refused", async () => {
    await using help = startBridge("http://127.0.0.1:9/mcp", { args: ["--help"] });
    expect(await help.exited()).toBe(0);
    expect(help.out.join("\n")).toContain("MCP_AUTH_TOKEN_FILE");
    await using unknown = startBridge("http://127.0.0.1:9/mcp", { args: ["--token=abc"] });
    expect(await unknown.exited()).toBe(1);
    expect(unknown.err.join("")).toContain("--help");
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
