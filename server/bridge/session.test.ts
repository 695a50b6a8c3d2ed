import { describe, expect, test } from "bun:test";

import type { Json, Seen } from "./testing.ts";
import { initialize, openDouble, result, startBridge, until } from "./testing.ts";

const call = (id: unknown): Json => ({ id, method: "tools/call", params: { name: "echo" } });
const sse = { "Content-Type": "text/event-stream" };

/** Answers as a server with sessions does; `current` is the only session that it knows. */
function sessionful(current: () => string, other: (seen: Seen) => Response | Promise<Response>) {
  return openDouble((seen) => {
    if (seen.body.method === "initialize") {
      const greeting = result(seen, { protocolVersion: "2025-06-18" });
      greeting.headers.set("Mcp-Session-Id", current());
      return greeting;
    }
    if (seen.headers.get("mcp-session-id") !== current()) return new Response(null, { status: 404 });
    if (seen.method === "POST" && seen.body.id === undefined) return new Response(null, { status: 202 });
    return other(seen);
  });
}

const noStream = (seen: Seen) => (seen.method === "GET" ? new Response(null, { status: 405 }) : result(seen));

async function greeted(url: string) {
  const bridge = startBridge(url);
  await bridge.send(initialize("hello"));
  await bridge.answer("hello");
  await bridge.send({ method: "notifications/initialized" });
  return bridge;
}

describe("a session of the 2025 era", () => {
  test("the negotiated version and the session travel with every later message, and the session is ended at the end", async () => {
    await using server = sessionful(() => "s-1", noStream);
    await using bridge = await greeted(server.url);
    await bridge.send({ id: 2, method: "tools/list" });
    await bridge.answer(2);
    await until(() => server.seen.some(({ method }) => method === "GET"), "the request for a stream");
    bridge.end();
    expect(await bridge.exited()).toBe(0);
    const [first, ...later] = server.seen.map(({ headers }) => [headers.get("mcp-protocol-version"), headers.get("mcp-session-id")]);
    expect(first).toEqual([null, null]);
    expect(later).toEqual(Array.from({ length: 4 }, () => ["2025-06-18", "s-1"]));
    expect(server.seen.map(({ method }) => method).toSorted()).toEqual(["DELETE", "GET", "POST", "POST", "POST"]);
    expect(server.seen.at(-1)?.method).toBe("DELETE");
  });

  test("one that a restarted server has forgotten is opened anew, once, and all calls are sent again", async () => {
    let current = "s-1";
    await using server = sessionful(
      () => current,
      (seen) => (seen.method === "GET" ? new Response(null, { status: 405 }) : result(seen, { session: current })),
    );
    await using bridge = await greeted(server.url);
    await until(() => server.calls("notifications/initialized") === 1, "the session to be in use");
    current = "s-2";
    await bridge.send(call(2), call(3), call(4));
    for (const id of [2, 3, 4]) expect(await bridge.answer(id)).toEqual({ jsonrpc: "2.0", id, result: { session: "s-2" } });
    expect(bridge.messages()).toHaveLength(4);
    expect(server.calls("initialize")).toBe(2);
    expect(server.calls("notifications/initialized")).toBe(2);
  });

  test("a server that loses its sessions again and again still answers every call once", async () => {
    let requests = 0;
    await using server = sessionful(
      () => `s-${Math.floor(requests / 3)}`,
      (seen) => {
        if (seen.method === "GET") return new Response(null, { status: 405 });
        requests++;
        return result(seen);
      },
    );
    await using bridge = await greeted(server.url);
    for (let id = 1; id <= 12; id++) {
      await bridge.send(call(id));
      await bridge.answer(id);
    }
    expect(bridge.messages().map(({ id }) => id)).toEqual(["hello", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(requests).toBe(12);
  });

  test("what the server says unasked arrives, also after its stream has broken, and also in a new session", async () => {
    let current = "s-1";
    const asked: (string | null)[] = [];
    const streams: ReadableStreamDefaultController<string>[] = [];
    await using server = sessionful(
      () => current,
      (seen) => {
        if (seen.method !== "GET") return result(seen);
        asked.push(seen.headers.get("last-event-id"));
        return new Response(new ReadableStream({ start: (controller) => void streams.push(controller) }), { headers: sse });
      },
    );
    await using bridge = await greeted(server.url);
    const say = (n: number) => `id: e-${n}\nretry: 20\ndata: ${JSON.stringify({ jsonrpc: "2.0", method: `notifications/${n}` })}\n\n`;
    await until(() => streams.length === 1, "the stream");
    streams[0]?.enqueue(say(1) + `data: {"jsonrpc":"2.0","id":"hello","result":{}}\n\n`);
    await until(() => bridge.out.length === 2, "the first message");
    streams[0]?.close();
    await until(() => streams.length === 2, "the stream to be asked for again");
    streams[1]?.enqueue(say(2));
    await until(() => bridge.out.length === 3, "the second message");
    current = "s-2";
    streams[1]?.close();
    await until(() => streams.length === 3, "the stream of a new session");
    streams[2]?.enqueue(say(3));
    await until(() => bridge.out.length === 4, "the third message");
    expect(asked).toEqual([null, "e-1", null]);
    expect(bridge.messages().map(({ method }) => method)).toEqual([undefined, "notifications/1", "notifications/2", "notifications/3"]);
  });

  test("the rest of an answer whose stream was cut is fetched after the time that the server asked for", async () => {
    const at: number[] = [];
    const asked: (string | null)[] = [];
    let isPolled = false;
    await using server = sessionful(
      () => "s-1",
      (seen) => {
        if (seen.method === "GET" && !isPolled) return new Response(null, { status: 405 });
        at.push(Date.now());
        asked.push(seen.headers.get("last-event-id"));
        isPolled = true;
        if (at.length === 1) return new Response("id: a\nretry: 300\ndata: \n\n", { headers: sse });
        if (at.length === 2) return new Response(`id: b\ndata: {"jsonrpc":"2.0","method":"notifications/x"}\n\n`, { headers: sse });
        const text = `id: c\ndata: {"jsonrpc":"2.0","id":2,"result":{}}\n\n`;
        return new Response(new ReadableStream({ start: (controller) => controller.enqueue(text) }), { headers: sse });
      },
    );
    await using bridge = startBridge(server.url);
    await bridge.send(initialize(1));
    await bridge.answer(1);
    await bridge.send(call(2));
    expect(await bridge.answer(2)).toEqual({ jsonrpc: "2.0", id: 2, result: {} });
    expect(asked).toEqual([null, "a", "b"]);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(295);
    expect(server.calls("tools/call")).toBe(1);
    expect(bridge.messages().map(({ id, method }) => id ?? method)).toEqual([1, "notifications/x", 2]);
  });

  test("a call whose stream is gone for good is not sent again", async () => {
    await using server = sessionful(
      () => "s-1",
      (seen) =>
        seen.method === "GET" ? new Response(null, { status: 405 }) : new Response("id: a\nretry: 10\ndata: \n\n", { headers: sse }),
    );
    await using bridge = await greeted(server.url);
    await bridge.send(call(2));
    expect(await bridge.answer(2)).toMatchObject({ error: { message: expect.stringContaining("must not be repeated") } });
    expect(server.calls("tools/call")).toBe(1);
  });

  test("a cancelled call is cancelled at the server by a notification, too", async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    await using server = sessionful(
      () => "s-1",
      (seen) => (seen.body.id === 2 ? promise : noStream(seen)),
    );
    await using bridge = await greeted(server.url);
    await bridge.send(call(2));
    await until(() => server.calls("tools/call") === 1, "the call to arrive");
    await bridge.send({ method: "notifications/cancelled", params: { requestId: 2 } }, call(3));
    await bridge.answer(3);
    await until(() => server.calls("notifications/cancelled") === 1, "the cancellation to arrive");
    resolve(new Response());
    expect(bridge.messages().map(({ id }) => id)).toEqual(["hello", 3]);
  });
});
