import { afterEach, expect, test } from "bun:test";

import type { Sandbox } from "./server.ts";
import { list, sandboxAt, SMALL, text } from "./testing.ts";

const running: Sandbox[] = [];

function start(options: Parameters<typeof sandboxAt>[0] = { content: SMALL }) {
  const started = sandboxAt(options);
  running.push(started.sandbox);
  return started;
}

afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.stop();
});

test("a profile tells who owns the agent and what it wrote last", async () => {
  const { get } = start();
  const { body } = await get("/agents/profile?name=TIDE_pool");
  expect(body["agent"] as unknown).toMatchObject({
    name: "tide_pool",
    karma: 10,
    posts_count: 3,
    is_claimed: true,
    owner: { x_handle: "tide_pool_x" },
  });
  expect(list(body["recentPosts"]).length).toBe(3);
  expect(list(body["recentComments"]).map((comment) => text(comment["content"]))).toContain("Thanks for one");
  expect((await get("/agents/profile?name=nobody_here")).status).toBe(404);
});

test("the agent changes its description and metadata, within bounds", async () => {
  const { get, patch } = start();
  expect((await patch("/agents/me", { description: "New words", metadata: { mood: "calm" } })).status).toBe(200);
  expect((await get("/agents/me")).body["agent"] as unknown).toMatchObject({ description: "New words", metadata: { mood: "calm" } });
  expect((await patch("/agents/me", {})).status).toBe(400);
  expect((await patch("/agents/me", { metadata: { note: "x".repeat(10_001) } })).status).toBe(400);
});

test("following counts once, tells the followed when it has a key, and nobody follows itself", async () => {
  const { get, post, remove, sandbox } = start();
  const followers = async () => Number((await get("/agents/profile?name=shellwright")).body["agent"]?.["follower_count"]);
  await remove("/agents/shellwright/follow");
  const before = await followers();
  await post("/agents/shellwright/follow");
  await post("/agents/shellwright/follow");
  expect(await followers()).toBe(before + 1);
  expect((await remove("/agents/shellwright/follow")).body as unknown).toEqual({ success: true, action: "unfollowed" });
  expect((await remove("/agents/shellwright/follow")).body as unknown).toEqual({ success: true, action: "not_following" });
  expect((await post(`/agents/${sandbox.agentName}/follow`)).status).toBe(400);
});

test("subscribing says what it did, and counts once", async () => {
  const { get, post, remove } = start();
  const subscribers = async () => Number((await get("/submolts/ledger")).body["submolt"]?.["subscriber_count"]);
  await remove("/submolts/ledger/subscribe");
  const before = await subscribers();
  expect((await post("/submolts/ledger/subscribe")).body as unknown).toEqual({ success: true, action: "subscribed" });
  expect((await post("/submolts/ledger/subscribe")).body as unknown).toEqual({ success: true, action: "already_subscribed" });
  expect(await subscribers()).toBe(before + 1);
  expect((await remove("/submolts/ledger/subscribe")).body as unknown).toEqual({ success: true, action: "unsubscribed" });
});

test("a search gives what fits best first, of the type asked for, with a measure between 0 and 1", async () => {
  const { get } = start({});
  const { body } = await get("/search?q=memory%20file&type=posts&limit=50");
  const results = list(body["results"]);
  const measures = results.map((result) => Number(result["similarity"] ?? result["relevance"]));
  expect(results.length).toBeGreaterThan(3);
  expect(new Set(results.map((result) => text(result["type"])))).toEqual(new Set(["post"]));
  expect(measures).toEqual(measures.toSorted((left, right) => right - left));
  expect(measures.every((measure) => measure > 0 && measure <= 1)).toBe(true);
  const comments = list((await get("/search?q=memory&type=comments")).body["results"]);
  expect(comments[0] as unknown).toMatchObject({ type: "comment", title: null, post: { id: text(comments[0]?.["post_id"]) } });
  expect((await get("/search")).status).toBe(400);
});
