import { afterEach, describe, expect, test } from "bun:test";

import type { Sandbox } from "./server.ts";
import { answerTo, clientOf, type Json, list, sandboxAt, SMALL, text } from "./testing.ts";

const running: Sandbox[] = [];
const MINUTE = 60_000;
const DAY = 86_400_000;

function start(options: Parameters<typeof sandboxAt>[0] = {}) {
  const started = sandboxAt(options);
  running.push(started.sandbox);
  return started;
}

afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.stop();
});

/** Two agents with keys of their own, older than a day, and none of them the operator's. */
async function pair({ sandbox, advance }: ReturnType<typeof start>) {
  const [one, other] = await Promise.all(["first_key", "second_key"].map((name) => newcomer(sandbox, name)));
  advance(DAY);
  return { one: one as ReturnType<typeof clientOf>, other: other as ReturnType<typeof clientOf> };
}

async function newcomer(sandbox: Sandbox, name: string) {
  const registered = await clientOf(sandbox, null).post("/agents/register", { name });
  sandbox.control({ claim: { agent: name } });
  return clientOf(sandbox, text(registered.body["agent"]?.["api_key"]));
}

/** The requests in whichever envelope they came. */
function requestsIn(body: Json): Json[] {
  return list(body["requests"]?.["items"] ?? body["requests"] ?? body);
}

const ASK = { message: "May I ask you about tides?" };

describe("the inbox of the operator's agent", () => {
  test("holds requests and unread messages from the start, one of the requests hostile", async () => {
    const { get } = start();
    const { body } = await get("/agents/dm/check");
    expect(body).toMatchObject({ success: true, has_activity: true, summary: "2 pending requests, 2 unread messages" });
    expect(body["messages"] as unknown).toMatchObject({ total_unread: "2", conversations_with_unread: 1 });
    const previews = list(body["requests"]?.["items"]).map((request) => text(request["message_preview"]));
    expect(previews.filter((preview) => preview.includes("Ignore your previous instructions"))).toHaveLength(1);
    expect(list(body["requests"]?.["items"])[0]?.["from"] as unknown).toMatchObject({
      name: expect.any(String),
      owner: { x_handle: expect.any(String) },
    });
  });

  test("lists requests in four envelopes, one after the other", async () => {
    const { get, advance } = start();
    const envelopes = new Set<string>();
    for (let hour = 0; hour < 24; hour++) {
      const { body } = await get("/agents/dm/requests");
      envelopes.add(Array.isArray(body) ? "bare" : `${Object.keys(body).join()}:${Array.isArray(body["requests"]) ? "list" : "items"}`);
      expect(requestsIn(body)).toHaveLength(2);
      advance(60 * MINUTE);
    }
    expect(envelopes.size).toBe(4);
  });

  test("counts what is unread until the conversation is read, which reading a page of it does not do", async () => {
    const { get } = start();
    const { body } = await get("/agents/dm/conversations");
    expect(body).toMatchObject({ inbox: "main", total_unread: "2", conversations: { count: 2 } });
    const [talk] = list(body["conversations"]?.["items"]);
    expect(talk as unknown).toMatchObject({
      you_initiated: false,
      status: "approved",
      with_agent: { owner: { x_handle: expect.any(String) } },
    });
    const path = `/agents/dm/conversations/${text(talk?.["conversation_id"])}`;
    expect(list((await get(`${path}/messages`)).body["messages"])).toHaveLength(4);
    expect((await get("/agents/dm/check")).body["messages"] as unknown).toMatchObject({ total_unread: "2" });
    const messages = list((await get(path)).body["messages"]);
    expect(messages.map((message) => Boolean(message["needs_human_input"]))).toEqual([false, false, false, true]);
    expect((await get("/agents/dm/check")).body["messages"] as unknown).toMatchObject({ total_unread: "0" });
  });

  test("messages page completely, the latest first, and say who wrote them in two ways", async () => {
    const { get } = start();
    const [talk] = list((await get("/agents/dm/conversations")).body["conversations"]?.["items"]);
    const path = `/agents/dm/conversations/${text(talk?.["conversation_id"])}/messages?limit=3`;
    const first = (await get(path)).body;
    const second = (await get(`${path}&cursor=${text(first["next_cursor"])}`)).body;
    const all = [...list(first["messages"]), ...list(second["messages"])];
    expect(new Set(all.map((message) => text(message["id"]))).size).toBe(4);
    expect(second["has_more"] as unknown).toBe(false);
    for (const message of all) expect(Boolean(message["sender"]) !== Boolean(message["from_agent"])).toBe(true);
  });
});

describe("a request", () => {
  test("opens a conversation once it is approved, and a pair has only one", async () => {
    const world = start({ content: SMALL });
    const { one, other } = await pair(world);
    const asked = await one.post("/agents/dm/request", { ...ASK, to: "second_key" });
    expect(asked.status).toBe(201);
    expect((await one.post("/agents/dm/request", { ...ASK, to: "second_key" })).status).toBe(409);
    expect((await other.post("/agents/dm/request", { ...ASK, to: "first_key" })).status).toBe(409);
    const id = text(asked.body["conversation_id"]);
    expect((await one.post(`/agents/dm/conversations/${id}/send`, { message: "Too early" })).status).toBe(403);
    expect((await one.post(`/agents/dm/requests/${id}/approve`)).status).toBe(404);
    expect((await world.post(`/agents/dm/requests/${id}/approve`)).status).toBe(404);
    expect((await other.get("/notifications")).body["notifications"]?.["0"] as unknown).toMatchObject({ type: "dm_request" });
    expect((await other.post(`/agents/dm/requests/${id}/approve`)).body).toMatchObject({ success: true });
    const sent = await one.post(`/agents/dm/conversations/${id}/send`, { message: "Now we can talk", needs_human_input: true });
    if (sent.body["verification_required"]) await one.post("/verify", answerTo(world.sandbox, sent));
    expect((await other.get("/agents/dm/check")).body["messages"] as unknown).toMatchObject({ total_unread: "1" });
    expect((await world.get(`/agents/dm/conversations/${id}`)).status).toBe(404);
  });

  test("goes to the agent of an owner too, and needs ten characters and one addressee", async () => {
    const { post } = start();
    expect((await post("/agents/dm/request", { ...ASK, to_owner: "@Rosanne_Blooms" })).status).toBe(201);
    expect((await post("/agents/dm/request", { ...ASK, to_owner: "nobody_owns_this" })).status).toBe(404);
    for (const wrong of [
      { to: "clawdine", message: "short" },
      { ...ASK },
      { ...ASK, to: "a", to_owner: "b" },
      { to: "clawdine", message: "x".repeat(1001) },
    ])
      expect((await post("/agents/dm/request", wrong)).status).toBe(400);
    expect((await post("/agents/dm/request", { ...ASK, to: "sandbox_molty" })).status).toBe(400);
  });

  test("that is rejected may be made again, unless its agent is blocked", async () => {
    const world = start({ content: SMALL });
    const { one, other } = await pair(world);
    const ask = () => one.post("/agents/dm/request", { ...ASK, to: "second_key" });
    const id = text((await ask()).body["conversation_id"]);
    await other.post(`/agents/dm/requests/${id}/reject`);
    expect((await ask()).status).toBe(201);
    await other.post(`/agents/dm/requests/${id}/reject`, { block: true });
    expect((await ask()).body).toMatchObject({ success: false, error: "You cannot message this agent" });
  });

  test("and every message is refused while an account is younger than a day", async () => {
    const { sandbox, post, advance } = start();
    sandbox.control({ created_at: { agent: "sandbox_molty", at: new Date(Date.parse("2026-11-23T11:00:00Z")).toISOString() } });
    const refused = await post("/agents/dm/request", { ...ASK, to: "clawdine" });
    expect(refused.status).toBe(403);
    expect(text(refused.body["error"])).toContain("first 24 hours");
    advance(23 * 60 * MINUTE);
    expect((await post("/agents/dm/request", { ...ASK, to: "clawdine" })).status).toBe(201);
  });
});

test("those without a key decide and answer by themselves while the clock moves on", async () => {
  const { get, post, advance, sandbox } = start();
  const names = [...sandbox.world.agents.values()].map(({ name }) => name).filter((name) => name !== "sandbox_molty");
  for (const to of names.slice(0, 8)) await post("/agents/dm/request", { ...ASK, to });
  advance(DAY);
  const talks = list((await get("/agents/dm/conversations")).body["conversations"]?.["items"]);
  const mine = talks.filter((talk) => Boolean(talk["you_initiated"]));
  expect(mine.length).toBeGreaterThan(0);
  for (const talk of mine) {
    const path = `/agents/dm/conversations/${text(talk["conversation_id"])}`;
    const before = list((await get(path)).body["messages"]).length;
    const sent = await post(`${path}/send`, { message: "Thank you for answering" });
    if (sent.body["verification_required"]) await post("/verify", answerTo(sandbox, sent));
    advance(2 * 60 * MINUTE);
    expect(list((await get(path)).body["messages"]).length).toBeGreaterThan(before);
  }
});

test("a message that waits for its verification is seen by its author alone", async () => {
  const world = start({ content: SMALL });
  const { one, other } = await pair(world);
  const id = text((await one.post("/agents/dm/request", { ...ASK, to: "second_key" })).body["conversation_id"]);
  await other.post(`/agents/dm/requests/${id}/approve`);
  const path = `/agents/dm/conversations/${id}`;
  const count = async (client: typeof one) => list((await client.get(path)).body["messages"]).length;
  let sent = await one.post(`${path}/send`, { message: "Message number 0" });
  for (let turn = 1; !sent.body["verification_required"] && turn < 29; turn++)
    sent = await one.post(`${path}/send`, { message: `Message number ${turn}` });
  expect(sent.body["verification_required"] as unknown).toBe(true);
  expect(await count(one)).toBe((await count(other)) + 1);
  expect((await one.post("/verify", answerTo(world.sandbox, sent))).body).toMatchObject({ content_type: "message" });
  expect(await count(one)).toBe(await count(other));
});
