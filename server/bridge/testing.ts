import { tmpdir } from "node:os";
import { join } from "node:path";

import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";

import { linesOf } from "./lines.ts";

export const BRIDGE = join(import.meta.dir, "..", "bridge.ts");
export const TOKEN = "test-token-0123456789";

export type Json = Record<string, unknown>;

/** A request as a double saw it. */
export type Seen = { method: string; path: string; headers: Headers; body: Json; signal: AbortSignal };

/** Waits for a condition, up to a deadline that only a failure reaches. */
export async function until(condition: () => boolean, what: string, ms = 10_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`still waiting for ${what}`);
    await Bun.sleep(5);
  }
}

/** A server on loopback that answers with `answer` and remembers what it was asked, but for its health. Port 0 takes any. */
export function openDouble(answer: (seen: Seen) => Response | Promise<Response>, port = 0) {
  const seen: Seen[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port,
    idleTimeout: 0,
    async fetch(request) {
      const text = await request.text();
      const { method, headers, signal } = request;
      const path = new URL(request.url).pathname;
      if (path === "/health") return Response.json({ status: "ok" });
      const one = { method, path, headers, body: (text ? JSON.parse(text) : {}) as Json, signal };
      seen.push(one);
      return answer(one);
    },
  });
  const stop = () => server.stop(true);
  const calls = (method: string) => seen.filter((one) => one.body.method === method).length;
  return { seen, calls, stop, port: server.port ?? 0, url: `http://127.0.0.1:${server.port}/mcp`, [Symbol.asyncDispose]: stop };
}

/** A real MCP server of both protocol eras behind the double, with tools that answer, wait, say much, and report progress. */
export function openMcp(port = 0) {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "double", version: "1" });
    server.registerTool("echo", { inputSchema: z.object({ text: z.string() }) }, (args) => say(args.text));
    server.registerTool("big", { inputSchema: z.object({ size: z.int() }) }, (args) => say("ü".repeat(args.size)));
    server.registerTool("steps", { inputSchema: z.object({}) }, async (_args, { mcpReq }) => {
      const progressToken = mcpReq._meta?.progressToken ?? "";
      for (const progress of [1, 2, 3]) await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress } });
      return say("done");
    });
    return server;
  });
  const answer = (seen: Seen) => {
    if (seen.headers.get("authorization") !== `Bearer ${TOKEN}`) return new Response(null, { status: 401 });
    const { method, headers, signal, body } = seen;
    return handler.fetch(new Request(`http://127.0.0.1${seen.path}`, { method, headers, signal, body: JSON.stringify(body) }));
  };
  return { ...openDouble(answer, port), answer };
}

/** The result of a tool that says something. */
export function say(text: string) {
  return { content: [{ type: "text" as const, text }] };
}

/** Environment of a bridge's process: nothing else of ours reaches it. */
export function bridgeEnv(url: string, token: string | null = TOKEN): Record<string, string> {
  const { PATH = "", HOME = "" } = Bun.env;
  return { PATH, HOME, MOLTBOT_URL: url, ...(token === null ? {} : { MCP_AUTH_TOKEN: token }) };
}

/** A bridge's process as a client of the SDK starts it. */
export function stdio(url: string) {
  return { command: process.execPath, args: [BRIDGE], env: bridgeEnv(url), stderr: "ignore" as const, cwd: tmpdir() };
}

type BridgeOptions = { command?: string[]; token?: string | null; args?: string[]; env?: Record<string, string>; cwd?: string };

/** A bridge in a process of its own, with its ends in hand. It is killed when the test ends. */
export function startBridge(url: string, options: BridgeOptions = {}) {
  const child = Bun.spawn([...(options.command ?? [process.execPath, BRIDGE]), ...(options.args ?? [])], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...bridgeEnv(url, options.token), ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const out: string[] = [];
  const err: string[] = [];
  const read = Promise.all([collect(child.stdout, out), collect(child.stderr, err)]);
  const messages = () => out.map((line) => JSON.parse(line) as Json);
  const find = (id: unknown) => messages().find((message) => message.id === id && !("method" in message));
  return {
    pid: child.pid,
    out,
    err,
    messages,
    logged: (event: string) => err.some((line) => line.includes(`"event":"${event}"`)),
    async write(text: string) {
      await child.stdin.write(text);
      await child.stdin.flush();
    },
    send(...lines: Json[]) {
      return this.write(lines.map((line) => `${JSON.stringify({ jsonrpc: "2.0", ...line })}\n`).join(""));
    },
    async answer(id: unknown, ms?: number): Promise<Json> {
      await until(() => find(id) !== undefined, `the answer to ${String(id)}`, ms);
      return find(id) ?? {};
    },
    end: () => void child.stdin.end(),
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** The exit code, once everything that was written has been read. */
    async exited() {
      await read;
      return child.exited;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

/** Collects a stream's lines into a list. */
export async function collect(stream: ReadableStream<Uint8Array>, lines: string[]): Promise<void> {
  for await (const line of linesOf(stream)) lines.push(line ?? "too long");
}

const META = { protocolVersion: "2026-07-28", clientInfo: { name: "test", version: "1" }, clientCapabilities: {} };

/** A request of MCP 2026-07-28. */
export function modern(id: unknown, method: string, params: Json = {}): Json {
  const _meta = Object.fromEntries(Object.entries(META).map(([key, value]) => [`io.modelcontextprotocol/${key}`, value]));
  return { id, method, params: { ...params, _meta } };
}

/** The first request of a client of the 2025 era. */
export function initialize(id: unknown): Json {
  return {
    id,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "old", version: "1" } },
  };
}

/** A tool call. */
export function toolCall(id: unknown, name: string, args: Json = {}): Json {
  return modern(id, "tools/call", { name, arguments: args });
}

/** A JSON answer of a double. */
export function result(seen: Seen, value: Json = {}): Response {
  return Response.json({ jsonrpc: "2.0", id: seen.body.id, result: value });
}

/** An event stream of a double, with these messages and an orderly end. */
export function events(messages: Json[], tail = ""): Response {
  const text = messages.map((message) => `event: message\ndata: ${JSON.stringify({ jsonrpc: "2.0", ...message })}\n\n`).join("") + tail;
  return new Response(text, { headers: { "Content-Type": "text/event-stream" } });
}
