import { afterEach, describe, expect, test } from "bun:test";

import { answerTo, clientOf, type Json, list, smallSandboxes, text } from "./testing.ts";

const { start, stopAll } = smallSandboxes();

afterEach(stopAll);

/** Someone else with a key, registered and claimed, and no longer new. */
async function neighbour({ sandbox, advance }: ReturnType<typeof start>, name = "neighbour") {
  const reply = await clientOf(sandbox, null).post("/agents/register", { name, description: "next door" });
  sandbox.control({ claim: { agent: name } });
  advance(25 * 3_600_000);
  return clientOf(sandbox, text(reply.body["agent"]?.["api_key"]));
}

const titles = (body: Json) => list(body["posts"]).map((post) => text(post["title"]));

describe("a pending post", () => {
  test("says success but is seen by its author alone, and in no list, until it is verified", async () => {
    const world = start();
    const other = await neighbour(world);
    const { get, post, sandbox } = world;
    const written = await post("/posts", { submolt_name: "general", title: "Pending thought", content: "Not yet there." });
    expect(written.status).toBe(201);
    expect(written.body).toMatchObject({ success: true, verification_required: true, post: { verification_status: "pending" } });
    const id = text(written.body["post"]?.["id"]);
    expect((await get(`/posts/${id}`)).body["post"]).toMatchObject({ verification_status: "pending" });
    expect((await other.get(`/posts/${id}`)).status).toBe(404);
    expect((await other.post(`/posts/${id}/upvote`)).status).toBe(404);
    for (const client of [{ get }, other]) {
      expect(titles((await client.get("/posts?sort=new")).body)).not.toContain("Pending thought");
      expect(titles((await client.get("/submolts/general/feed?sort=new")).body)).not.toContain("Pending thought");
      expect(list((await client.get("/search?q=pending")).body["results"])).toEqual([]);
    }
    expect((await post("/verify", answerTo(sandbox, written))).status).toBe(200);
    expect((await other.get(`/posts/${id}`)).body["post"]).toMatchObject({ verification_status: "verified", title: "Pending thought" });
    expect(titles((await other.get("/posts?sort=new")).body)[0]).toBe("Pending thought");
  });

  test("stays hidden for ever after a wrong answer", async () => {
    const { get, post, sandbox } = start();
    const written = await post("/posts", { submolt_name: "general", title: "Failed thought" });
    await post("/verify", { ...answerTo(sandbox, written), answer: "-1.00" });
    expect((await get(`/posts/${text(written.body["post"]?.["id"])}`)).body["post"]).toMatchObject({ verification_status: "failed" });
    expect(titles((await get("/posts?sort=new")).body)).not.toContain("Failed thought");
  });
});

describe("comments", () => {
  test("are hidden until verified, then nest below their parent with a notification for its author", async () => {
    const world = start();
    const other = await neighbour(world);
    const { get, post, sandbox } = world;
    const mine = [...sandbox.world.posts.values()].find((item) => item.author === sandbox.world.operator);
    const first = await post(`/posts/${mine?.id}/comments`, { content: "A thought of mine on this." });
    await post("/verify", answerTo(sandbox, first));
    const parent = text(first.body["comment"]?.["id"]);
    const before = sandbox.world.operator.notifications.length;
    const reply = await other.post(`/posts/${mine?.id}/comments`, { content: "And one of mine.", parent_id: parent });
    const shown = async () => JSON.stringify((await get(`/posts/${mine?.id}/comments`)).body);
    expect(await shown()).not.toContain("And one of mine.");
    expect(sandbox.world.operator.notifications.length).toBe(before);
    await other.post("/verify", answerTo(sandbox, reply));
    const tree = (await get(`/posts/${mine?.id}/comments?sort=old`)).body;
    const found = list(tree["comments"]).find((comment) => text(comment["id"]) === parent);
    expect(list(found?.["replies"]).map((comment) => text(comment["content"]))).toContain("And one of mine.");
    expect(sandbox.world.operator.notifications.at(-1)).toMatchObject({ type: "comment_reply", read: false });
  });

  test("a parent of another post is not found, and every documented order works", async () => {
    const { get, post, sandbox } = start();
    const [comment] = sandbox.world.comments.values();
    const elsewhere = [...sandbox.world.posts.values()].find((item) => item !== comment?.post);
    expect((await post(`/posts/${elsewhere?.id}/comments`, { content: "Lost.", parent_id: comment?.id })).status).toBe(404);
    for (const sort of ["best", "new", "old"])
      expect((await get(`/posts/${elsewhere?.id}/comments?sort=${sort}`)).body).toMatchObject({ sort });
    expect((await get(`/posts/${elsewhere?.id}/comments?sort=controversial`)).status).toBe(400);
  });

  test("a deleted comment keeps its place while replies hang below it, and vanishes otherwise", async () => {
    const { get, post, remove, sandbox } = start();
    const target = [...sandbox.world.posts.values()].find((item) => item.author.name === "tide_pool");
    const written = await post(`/posts/${target?.id}/comments`, { content: "Soon gone." });
    await post("/verify", answerTo(sandbox, written));
    const id = text(written.body["comment"]?.["id"]);
    expect((await remove(`/comments/${id}`)).body).toMatchObject({ success: true });
    expect(JSON.stringify((await get(`/posts/${target?.id}/comments`)).body)).not.toContain(id);
    expect((await remove(`/comments/${target?.comments[0]?.id}`)).status).toBe(403);
    Object.assign(target?.comments[0] ?? {}, { deleted: true });
    const [top] = list((await get(`/posts/${target?.id}/comments`)).body["comments"]);
    expect(top).toMatchObject({ content: "[deleted]", author: null, reply_count: 1 });
  });
});

describe("votes", () => {
  test("the same vote again takes it back, and the opposite one turns it round", async () => {
    const { get, post, sandbox } = start();
    const target = [...sandbox.world.posts.values()].find((item) => item.author.name === "tide_pool");
    const counts = async () => {
      const shown = (await get(`/posts/${target?.id}`)).body["post"];
      return [Number(shown?.["upvotes"]), Number(shown?.["downvotes"])];
    };
    const [up = 0, down = 0] = await counts();
    expect((await post(`/posts/${target?.id}/upvote`)).body).toMatchObject({
      success: true,
      message: "Upvoted! 🦞",
      author: { name: "tide_pool" },
    });
    expect(await counts()).toEqual([up + 1, down]);
    await post(`/posts/${target?.id}/downvote`);
    expect(await counts()).toEqual([up, down + 1]);
    expect((await post(`/posts/${target?.id}/downvote`)).body).toMatchObject({ message: "Vote removed" });
    expect(await counts()).toEqual([up, down]);
  });

  test("votes on comments toggle too, and one's own content takes none", async () => {
    const { post, sandbox } = start();
    const [comment] = sandbox.world.comments.values();
    const before = comment?.up;
    await post(`/comments/${comment?.id}/upvote`);
    await post(`/comments/${comment?.id}/upvote`);
    expect(comment?.up).toBe(before as number);
    const own = [...sandbox.world.posts.values()].find((item) => item.author === sandbox.world.operator);
    expect((await post(`/posts/${own?.id}/upvote`)).status).toBe(400);
  });
});

test("crypto talk is taken down where it is not allowed, though the verification says published", async () => {
  const world = start();
  const { get, post, sandbox, advance } = world;
  const banned = await post("/posts", { submolt_name: "general", title: "Buy the memecoin of the reef" });
  expect((await post("/verify", answerTo(sandbox, banned))).status).toBe(200);
  expect((await get(`/posts/${text(banned.body["post"]?.["id"])}`)).body["post"]).toMatchObject({ is_deleted: true });
  advance(31 * 60_000);
  const allowed = await post("/posts", { submolt_name: "ledger", title: "On the memecoin of the reef" });
  await post("/verify", answerTo(sandbox, allowed));
  expect(titles((await get("/posts?sort=new")).body)[0]).toBe("On the memecoin of the reef");
});

test("the same content again suspends for duplicate content, longer with each write on top", async () => {
  const { get, post, sandbox } = start();
  const same = { submolt_name: "general", title: "Once", content: "And once more." };
  await post("/posts", same);
  const again = await post("/posts", { ...same, content: "and  ONCE more." });
  expect(again.status).toBe(401);
  expect(again.body).toEqual({
    error: "Account suspended",
    hint: "Your account is suspended: Duplicate content (offense #1). Suspension ends in 1 hour.",
  } as unknown as Json);
  expect((await get("/home")).status).toBe(401);
  const until = sandbox.world.operator.suspension?.until ?? 0;
  expect(text((await post("/posts", same)).body["hint"])).toContain("ends in 2 hours");
  expect(sandbox.world.operator.suspension?.until).toBe(until + 3_600_000);
});

test("a post is deleted by its author only, pinned by moderators only, and reported by anyone", async () => {
  const { get, post, remove, sandbox } = start();
  const foreign = [...sandbox.world.posts.values()].find((item) => item.author.name === "tide_pool");
  expect((await remove(`/posts/${foreign?.id}`)).status).toBe(403);
  expect((await post(`/posts/${foreign?.id}/pin`)).status).toBe(403);
  expect((await post(`/posts/${foreign?.id}/report`, { reason: "spam" })).body).toMatchObject({ success: true });
  const own = [...sandbox.world.posts.values()].find((item) => item.author === sandbox.world.operator);
  expect((await remove(`/posts/${own?.id}`)).body).toMatchObject({ success: true });
  expect((await get(`/posts/${own?.id}`)).status).toBe(404);
});
