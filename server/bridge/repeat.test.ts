import { describe, expect, test } from "bun:test";

import type { Json, Seen } from "./testing.ts";
import { events, modern, openDouble, result, startBridge, toolCall, until } from "./testing.ts";

const mustNotRepeat = { error: { code: -32000, message: expect.stringContaining("must not be repeated") as string } };
const TOOLS = [
  { name: "look", inputSchema: { type: "object" }, annotations: { readOnlyHint: true } },
  { name: "settle", inputSchema: { type: "object" }, annotations: { readOnlyHint: false, idempotentHint: true } },
  { name: "post", inputSchema: { type: "object" }, annotations: { readOnlyHint: false } },
];
const DECLARED = { capabilities: { experimental: { "moltbot/idempotencyKey": {} } } };

/** A server whose greeting and tools are known; the rest is the test's. */
function openServer(greeting: Json, call: (seen: Seen) => Response | Promise<Response>, port?: number) {
  return openDouble((seen) => {
    if (seen.body.method === "server/discover") return result(seen, greeting);
    return seen.body.method === "tools/list" ? result(seen, { tools: TOOLS }) : call(seen);
  }, port);
}

async function acquainted(url: string) {
  const bridge = startBridge(url);
  await bridge.send(modern("hello", "server/discover"), modern("tools", "tools/list"));
  await bridge.answer("hello");
  await bridge.answer("tools");
  return bridge;
}

describe("calls whose fate is unknown", () => {
  test("a call is sent once when its stream ends without an answer, breaks off, or ends in nonsense", async () => {
    await using server = openDouble((seen) => {
      if (seen.body.id === 1) return events([{ method: "notifications/progress", params: { progressToken: 1, progress: 1 } }]);
      if (seen.body.id === 2) return events([], `data: {"jsonrpc":"2.0","id":2,"result":{}}`);
      if (seen.body.id === 3) return new Response("{", { headers: { "Content-Type": "application/json" } });
      return new Response("Bad gateway", { status: 502 });
    });
    await using bridge = startBridge(server.url);
    await bridge.send(...[1, 2, 3, 4].map((id) => toolCall(id, "echo")));
    for (const id of [1, 2, 3, 4]) expect(await bridge.answer(id)).toMatchObject(mustNotRepeat);
    expect(server.seen).toHaveLength(4);
  });

  test("a call is sent once when the server dies with it, though a new server is there at once", async () => {
    let received = 0;
    const dying = openServer({}, () => {
      received++;
      return new Promise<Response>(() => {});
    });
    await using bridge = await acquainted(dying.url);
    await bridge.send(toolCall(1, "post"));
    await until(() => received === 1, "the call to arrive");
    await dying.stop();
    await using reborn = openDouble((seen) => result(seen), dying.port);
    expect(await bridge.answer(1)).toMatchObject(mustNotRepeat);
    await bridge.send(toolCall(2, "post"));
    expect(await bridge.answer(2)).toMatchObject({ result: {} });
    expect(received).toBe(1);
    expect(reborn.seen.map((seen) => seen.body.id)).toEqual([2]);
  });

  test("a list changes nothing, so it is sent again when its stream breaks", async () => {
    await using server = openDouble((seen): Response => (server.calls("tools/list") === 1 ? events([]) : result(seen, { tools: [] })));
    await using bridge = startBridge(server.url);
    await bridge.send(modern(1, "tools/list"));
    expect(await bridge.answer(1)).toMatchObject({ result: { tools: [] } });
    expect(server.seen).toHaveLength(2);
  });
});

describe("calls that may be made twice", () => {
  test("one of a tool that only reads, or is as good done twice, is sent again, and carries no key", async () => {
    const seenIds: string[] = [];
    await using server = openServer({}, (seen) => {
      const id = String(seen.body.id);
      seenIds.push(id);
      return seenIds.filter((one) => one === id).length === 1 ? events([]) : result(seen);
    });
    await using bridge = await acquainted(server.url);
    await bridge.send(toolCall(1, "look"), toolCall(2, "settle"), toolCall(3, "post"), toolCall(4, "never listed"));
    expect(await bridge.answer(1)).toMatchObject({ result: {} });
    expect(await bridge.answer(2)).toMatchObject({ result: {} });
    expect(await bridge.answer(3)).toMatchObject(mustNotRepeat);
    expect(await bridge.answer(4)).toMatchObject(mustNotRepeat);
    expect(seenIds.toSorted()).toEqual(["1", "1", "2", "2", "3", "4"]);
    const keys = server.seen.flatMap(({ body, headers }) => (headers.has("idempotency-key") ? [String(body.id)] : []));
    expect(keys.toSorted()).toEqual(["3", "4"]);
  });

  test("a call that changes something is sent again under its key, if the server has said that it knows keys", async () => {
    const keys: string[] = [];
    const takeAndDie = (): Promise<Response> => new Promise(() => {});
    const dying = openServer(DECLARED, ({ headers }) => {
      keys.push(headers.get("idempotency-key") ?? "");
      return takeAndDie();
    });
    await using bridge = await acquainted(dying.url);
    await bridge.send(toolCall(1, "post"), toolCall(2, "post"));
    await until(() => keys.length === 2, "the calls to arrive");
    await dying.stop();
    await until(() => bridge.logged("bridge.server_away"), "the bridge to find nobody");
    const again: string[] = [];
    await using reborn = openServer(
      DECLARED,
      (seen) => {
        again.push(seen.headers.get("idempotency-key") ?? "");
        return result(seen, { for: seen.body.id });
      },
      dying.port,
    );
    expect(await bridge.answer(1)).toMatchObject({ result: { for: 1 } });
    expect(await bridge.answer(2)).toMatchObject({ result: { for: 2 } });
    expect(reborn.seen).toHaveLength(2);
    expect(again.toSorted()).toEqual(keys.toSorted());
    expect(new Set(keys).size).toBe(2);
    expect(keys[0]).toMatch(/^[\w-]{20,}$/);
  });

  for (const [name, refusal] of [
    ["is too busy", () => new Response(null, { status: 503, headers: { "Retry-After": "3600" } })],
    ["no longer takes the token", () => new Response(null, { status: 401 })],
  ] as const) {
    test(`a call that may have landed stays unknown when the server then ${name}`, async () => {
      await using server = openServer(DECLARED, () => (server.calls("tools/call") === 1 ? events([]) : refusal()));
      await using bridge = await acquainted(server.url);
      await bridge.send(toolCall(1, "post"));
      expect(await bridge.answer(1)).toMatchObject(mustNotRepeat);
      expect(server.calls("tools/call")).toBe(2);
    });
  }

  test("a server that answers every third request 503 and cuts every seventh answer gets no write twice, and every call has one answer", async () => {
    let requests = 0;
    const landed: number[] = [];
    const cut: number[] = [];
    await using server = openServer({}, (seen) => {
      if (++requests % 3 === 0) return new Response(null, { status: 503, headers: { "Retry-After": "0" } });
      landed.push(Number(seen.body.id));
      if (requests % 7 !== 0) return result(seen);
      cut.push(Number(seen.body.id));
      return events([]);
    });
    await using bridge = await acquainted(server.url);
    const ids = Array.from({ length: 60 }, (_, id) => id);
    const [reads, writes] = [ids.filter((id) => id % 2 === 0), ids.filter((id) => id % 2 === 1)];
    await bridge.send(...ids.map((id) => toolCall(id, id % 2 ? "post" : "look")));
    for (const id of reads) expect(await bridge.answer(id)).toMatchObject({ result: {} });
    for (const id of writes) expect(await bridge.answer(id)).toMatchObject(cut.includes(id) ? mustNotRepeat : { result: {} });
    expect(cut.length).toBeGreaterThan(0);
    expect(landed.filter((id) => id % 2).toSorted((a, b) => a - b)).toEqual(writes);
    expect(bridge.messages()).toHaveLength(62);
  });
});
