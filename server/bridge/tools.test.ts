import { describe, expect, test } from "bun:test";

import type { Json } from "./testing.ts";
import { initialize, modern, openDouble, result, startBridge, toolCall } from "./testing.ts";

const string = { type: "string" };
const named = (header: unknown, type: unknown = "string") => ({ type, "x-mcp-header": header });
const tool = (name: string, properties: Json, more: Json = {}) => ({ name, inputSchema: { type: "object", properties, ...more } });

function offering(...tools: Json[]) {
  return openDouble((seen) => result(seen, seen.body.method === "tools/list" ? { tools, ttlMs: 5 } : { protocolVersion: "2025-06-18" }));
}

const namesIn = ({ result: listed }: Json) => (listed as { tools: Json[] }).tools.map(({ name }) => name);

describe("arguments in headers", () => {
  test("a call's annotated arguments travel as headers, in Base64 where need be, and those that are not there do not", async () => {
    const properties = {
      submolt: named("Submolt"),
      limit: named("Limit", "integer"),
      isDraft: named("Draft", "boolean"),
      cursor: named("Cursor"),
      nothing: named("Nothing"),
      plain: string,
      inner: { type: "object", properties: { place: named("Place") } },
    };
    await using server = offering(tool("browse", properties));
    await using bridge = startBridge(server.url);
    await bridge.send(modern(1, "tools/list"));
    await bridge.answer(1);
    const args = {
      submolt: "größe\r\nX-Evil: 1",
      limit: 5,
      isDraft: false,
      cursor: "",
      nothing: null,
      plain: "p",
      inner: { place: "here" },
    };
    await bridge.send(toolCall(2, "browse", args), toolCall(3, "browse"));
    await bridge.answer(2);
    await bridge.answer(3);
    const of = (id: number) => server.seen.find(({ body }) => body.id === id)?.headers;
    const params = (id: number) => Object.fromEntries([...(of(id) ?? [])].filter(([name]) => name.startsWith("mcp-param-")));
    expect(params(2)).toEqual({
      "mcp-param-submolt": `=?base64?${Buffer.from(args.submolt).toString("base64")}?=`,
      "mcp-param-limit": "5",
      "mcp-param-draft": "false",
      "mcp-param-cursor": "=?base64??=",
      "mcp-param-place": "here",
    });
    expect(of(2)?.has("x-evil")).toBe(false);
    expect(params(3)).toEqual({});
  });

  test("a tool whose annotation is invalid is dropped with a warning, and the others stay", async () => {
    await using server = offering(
      tool("good", { a: named("A"), b: named("B"), "x-mcp-header": string }, { default: { "x-mcp-header": 1 } }),
      tool("empty", { a: named("") }),
      tool("no_name", { a: named(5) }),
      tool("two_lines", { a: named("A\r\nX-Evil: 1") }),
      tool("number", { a: named("A", "number") }),
      tool("object", { a: named("A", "object") }),
      tool("twice", { a: named("A"), b: named("a") }),
      tool("in_a_list", { a: { type: "array", items: named("A") } }),
      tool("in_a_choice", {}, { anyOf: [{ properties: { a: named("A") } }] }),
      tool("on_top", {}, { "x-mcp-header": "A" }),
    );
    await using bridge = startBridge(server.url);
    await bridge.send(modern(1, "tools/list"));
    const answer = await bridge.answer(1);
    expect(namesIn(answer)).toEqual(["good"]);
    expect(answer).toMatchObject({ id: 1, result: { ttlMs: 5 } });
    expect(bridge.err.filter((line) => line.includes("bridge.tool_dropped"))).toHaveLength(9);
  });
});

test("a tool that the operator takes away is not listed, and its calls go nowhere, in either era", async () => {
  await using server = offering(tool("moltbook_vote", {}), tool("moltbook_create_post", {}), tool("moltbook_create_submolt", {}));
  await using bridge = startBridge(server.url, { args: ["--ignore-tool", "moltbook_create_*", "--ignore-tool=other"] });
  await bridge.send(initialize(1));
  await bridge.answer(1);
  await bridge.send({ id: 2, method: "tools/list" }, modern(3, "tools/list"));
  expect(namesIn(await bridge.answer(2))).toEqual(["moltbook_vote"]);
  expect(namesIn(await bridge.answer(3))).toEqual(["moltbook_vote"]);
  await bridge.send(
    toolCall(4, "moltbook_create_post"),
    { id: 5, method: "tools/call", params: { name: "other" } },
    toolCall(6, "moltbook_vote"),
  );
  expect(await bridge.answer(4)).toMatchObject({ error: { code: -32602 } });
  expect(await bridge.answer(5)).toMatchObject({ error: { code: -32602 } });
  expect(await bridge.answer(6)).toHaveProperty("result");
  expect(server.calls("tools/call")).toBe(1);
});
