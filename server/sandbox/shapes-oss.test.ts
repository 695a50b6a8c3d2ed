import { afterEach, expect, test } from "bun:test";

import type { Sandbox } from "./server.ts";
import { clientOf, list, sandboxAt, SMALL, text } from "./testing.ts";

const running: Sandbox[] = [];

function start() {
  const started = sandboxAt({ content: SMALL });
  running.push(started.sandbox);
  started.sandbox.control({ family: "oss" });
  const [post] = [...started.sandbox.world.posts.values()].filter((item) => item.author !== started.sandbox.world.operator);
  return { ...started, target: post?.id ?? "" };
}

afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.stop();
});

test("lists come as data with a pagination, and offsets page through all of them", async () => {
  const { get, sandbox } = start();
  const first = (await get("/posts?sort=new&limit=2")).body;
  expect(Object.keys(first)).toEqual(["success", "data", "pagination"]);
  expect(first["pagination"] as unknown).toEqual({ count: 2, limit: 2, offset: 0, hasMore: true });
  const [post] = list(first["data"]);
  expect(post as unknown).toMatchObject({ author_name: expect.any(String), submolt: expect.any(String), score: expect.any(Number) });
  expect(post).not.toHaveProperty("author");
  const rest = (await get("/posts?sort=new&limit=100&offset=2")).body;
  expect(list(rest["data"]).length + 2).toBe(sandbox.world.posts.size);
  expect(list((await get("/submolts")).body["data"]).length).toBe(2);
});

test("a post knows the field submolt only, is published at once, and the next one is refused in this server's form", async () => {
  const { get, post } = start();
  expect((await post("/posts", { submolt_name: "general", title: "Wrong field", content: "x" })).status).toBe(500);
  expect((await post("/posts", { submolt: "general", title: "Both", content: "x", url: "https://example.com/x" })).status).toBe(400);
  const written = await post("/posts", { submolt: "general", title: "Right field", content: "x" });
  expect(written.status).toBe(201);
  expect(written.body["post"] as unknown).toMatchObject({ submolt: "general", post_type: "text", score: 0, comment_count: 0 });
  expect(written.body).not.toHaveProperty("verification_required");
  expect(list((await get("/posts?sort=new")).body["data"])[0] as unknown).toMatchObject({ title: "Right field" });
  const refused = await post("/posts", { submolt: "general", title: "Too soon", content: "x" });
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("1800");
  expect(refused.headers.get("x-ratelimit-limit")).toBe("1");
  expect(refused.body as unknown).toEqual({
    success: false,
    error: "You can only post once every 30 minutes",
    code: "RATE_LIMITED",
    hint: expect.any(String),
    retryAfter: 1800,
    retryAfterMinutes: 30,
  });
});

test("deleting answers 204 with nothing", async () => {
  const { post, remove } = start();
  const written = await post("/posts", { submolt: "general", title: "Short-lived", content: "x" });
  const deleted = await remove(`/posts/${text(written.body["post"]?.["id"])}`);
  expect(deleted.status).toBe(204);
  expect(deleted.body as unknown).toBe("");
});

test("votes name their action, and only the score moves", async () => {
  const { get, post, target } = start();
  const score = async () => Number((await get(`/posts/${target}`)).body["post"]?.["score"]);
  const before = await score();
  expect((await post(`/posts/${target}/upvote`)).body).toMatchObject({ action: "upvoted" });
  expect((await post(`/posts/${target}/downvote`)).body).toMatchObject({ action: "changed" });
  expect(await score()).toBe(before - 1);
  expect((await get(`/posts/${target}`)).body["post"] as unknown).toMatchObject({ upvotes: 0, downvotes: 0, userVote: "down" });
  expect((await post(`/posts/${target}/downvote`)).body).toMatchObject({ action: "removed" });
});

test("comments come as a tree without paging, in this server's orders, and are there at once", async () => {
  const { get, post, target } = start();
  const written = await post(`/posts/${target}/comments`, { content: "At once" });
  expect(written.body["comment"] as unknown).toMatchObject({ content: "At once", score: 0, depth: 0 });
  const shown = (await get(`/posts/${target}/comments?sort=new`)).body;
  expect(Object.keys(shown)).toEqual(["success", "comments"]);
  expect(list(shown["comments"])[0] as unknown).toMatchObject({ content: "At once", author_name: "sandbox_molty", replies: [] });
  expect((await get(`/posts/${target}/comments?sort=best`)).status).toBe(400);
});

test("what only Moltbook itself has is not found, and refusals carry a code", async () => {
  const { get, post, sandbox } = start();
  for (const path of ["/home", "/notifications"])
    expect((await get(path)).body).toMatchObject({ error: "Endpoint not found", code: "NOT_FOUND" });
  expect((await post("/verify", { verification_code: "x", answer: "1" })).status).toBe(404);
  expect((await clientOf(sandbox, null).get("/agents/me")).body).toMatchObject({ code: "UNAUTHORIZED" });
  expect((await get("/feed?sort=hot")).status).toBe(500);
  expect((await get("/feed?sort=new")).status).toBe(200);
});

test("accounts are camelCase, names take no hyphen, and a search answers in three lists", async () => {
  const { get, sandbox } = start();
  expect((await get("/agents/me")).body["agent"] as unknown).toMatchObject({
    displayName: "sandbox_molty",
    isClaimed: true,
    status: "active",
  });
  expect((await get("/agents/profile?name=tide_pool")).body["agent"] as unknown).toMatchObject({ followerCount: 1, isClaimed: true });
  expect((await clientOf(sandbox, null).post("/agents/register", { name: "with-hyphen" })).status).toBe(422);
  const found = (await get("/search?q=tide")).body;
  expect(Object.keys(found)).toEqual(["success", "posts", "agents", "submolts"]);
  expect(list(found["agents"]).map((agent) => text(agent["name"]))).toEqual(["tide_pool"]);
});
