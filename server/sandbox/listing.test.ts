import { afterAll, beforeAll, expect, test } from "bun:test";

import { isPublished } from "./items.ts";
import type { Sandbox } from "./server.ts";
import { type Json, list, sandboxAt, SMALL, START, text } from "./testing.ts";

let started: ReturnType<typeof sandboxAt>;
let sandbox: Sandbox;

beforeAll(() => {
  started = sandboxAt();
  sandbox = started.sandbox;
});

afterAll(() => sandbox.stop());

/** Follows next_cursor to the end; the clock moves on with each page, as it would for a client. */
async function everyPage(path: string, member: string): Promise<Json[]> {
  const items: Json[] = [];
  let cursor = "";
  do {
    const { body } = await started.get(`${path}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    const page = list(body[member]);
    expect(page.length).toBeGreaterThan(0);
    items.push(...page);
    expect(Boolean(body["has_more"])).toBe(body["next_cursor"] !== null);
    cursor = body["has_more"] ? text(body["next_cursor"]) : "";
    started.advance(7000);
  } while (cursor);
  return items;
}

const ids = (items: Json[]) => items.map((item) => text(item["id"]));

test("every order of posts pages through everything once", async () => {
  const published = [...sandbox.world.posts.values()].filter((post) => isPublished(post, START.getTime())).map((post) => post.id);
  for (const sort of ["hot", "new", "top", "rising"]) {
    const seen = ids(await everyPage(`/posts?limit=17&sort=${sort}`, "posts"));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.toSorted()).toEqual(published.toSorted());
  }
});

test("what is written while someone pages makes no page skip or repeat anything", async () => {
  const first = (await started.get("/posts?limit=20&sort=new")).body;
  const written = await started.post("/posts", { submolt_name: "general", title: "In between" });
  expect(written.status).toBe(201);
  const post = sandbox.world.posts.get(text(written.body["post"]?.["id"]));
  Object.assign(post ?? {}, { status: "verified" });
  const second = (await started.get(`/posts?limit=20&sort=new&cursor=${text(first["next_cursor"])}`)).body;
  const both = [...ids(list(first["posts"])), ...ids(list(second["posts"]))];
  expect(new Set(both).size).toBe(40);
  const whole = ids(list((await started.get("/posts?limit=41&sort=new")).body["posts"]));
  expect(whole.slice(1)).toEqual(both);
});

test("newest first really is newest first, whichever way the dates are written", async () => {
  const posts = await everyPage("/posts?limit=100&sort=new", "posts");
  const times = posts.map((post) => Date.parse(text(post["created_at"]).replace(" ", "T").replace(/\+00$/, "Z")));
  expect(times).toEqual(times.toSorted((left, right) => right - left));
});

test("search, notifications and comments page completely too", async () => {
  const found = ids(await everyPage("/search?q=memory&limit=7", "results"));
  expect(found.length).toBeGreaterThan(7);
  expect(new Set(found).size).toBe(found.length);
  const notes = ids(await everyPage("/notifications?limit=3", "notifications"));
  expect(new Set(notes).size).toBe(sandbox.world.operator.notifications.length);
  const busiest = [...sandbox.world.posts.values()].toSorted((left, right) => right.comments.length - left.comments.length)[0];
  const top = ids(await everyPage(`/posts/${busiest?.id}/comments?limit=2&sort=old`, "comments"));
  expect(top.toSorted()).toEqual(
    (busiest?.comments ?? [])
      .filter((comment) => comment.parent === null)
      .map((comment) => comment.id)
      .toSorted(),
  );
});

test("a submolt's feed and an author's posts hold nothing else", async () => {
  const [some] = sandbox.world.posts.values();
  const inSubmolt = ids(list((await started.get(`/submolts/${some?.submolt.name}/feed?limit=100`)).body["posts"]));
  expect(inSubmolt.length).toBeGreaterThan(0);
  for (const id of inSubmolt) expect(sandbox.world.posts.get(id)?.submolt).toBe(some?.submolt as NonNullable<typeof some>["submolt"]);
  const byAuthor = ids(list((await started.get(`/posts?author=${some?.author.name.toUpperCase()}`)).body["posts"]));
  for (const id of byAuthor) expect(sandbox.world.posts.get(id)?.author.name).toBe(some?.author.name as string);
});

test("the feed of those one follows changes with whom one follows", async () => {
  const following = async () => ids(list((await started.get("/feed?filter=following&limit=100")).body["posts"]));
  const before = await following();
  const authors = new Set(before.map((id) => sandbox.world.posts.get(id)?.author));
  const [other] = [...sandbox.world.posts.values()].filter((post) => !authors.has(post.author) && post.author !== sandbox.world.operator);
  const name = other?.author.name;
  expect((await started.post(`/agents/${name}/follow`)).body).toMatchObject({ success: true, action: "followed" });
  expect((await started.post(`/agents/${name}/follow`)).body).toMatchObject({ action: "already_following" });
  expect(await following()).toContain(other?.id as string);
  expect((await started.remove(`/agents/${name}/follow`)).body).toMatchObject({ action: "unfollowed" });
  expect((await following()).toSorted()).toEqual(before.toSorted());
});

test("a cursor that nobody handed out and an unknown order are refused", async () => {
  expect((await started.get("/posts?cursor=nonsense")).status).toBe(400);
  expect((await started.get("/posts?sort=sideways")).status).toBe(400);
});

test("posts come in all the variants that clients must read", async () => {
  const posts = await everyPage("/posts?limit=100&sort=top", "posts");
  expect(posts.some((post) => typeof (post["upvotes"] as unknown) === "string")).toBe(true);
  expect(posts.some((post) => typeof (post["upvotes"] as unknown) === "number")).toBe(true);
  expect(posts.some((post) => post["submolt_name"] && !post["submolt"])).toBe(true);
  expect(posts.some((post) => post["author_name"] && !post["author"])).toBe(true);
  expect(posts.some((post) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00$/.test(text(post["created_at"])))).toBe(true);
});

test("content of the future appears when its time has come", async () => {
  const [first, ...rest] = structuredClone(SMALL.posts);
  const posts = [{ ...first, ageHours: -2 } as NonNullable<typeof first>, ...rest];
  const { get, advance, sandbox: other } = sandboxAt({ content: { ...SMALL, posts } });
  const shown = async () => list((await get("/posts?author=tide_pool")).body["posts"]).length;
  expect(await shown()).toBe(posts.length - 1);
  advance(2 * 3_600_000);
  expect(await shown()).toBe(posts.length);
  await other.stop();
});

test("a post's count of comments is what its comments add up to", async () => {
  for (const post of list((await started.get("/posts?limit=10")).body["posts"])) {
    const { body } = await started.get(`/posts/${text(post["id"])}/comments?limit=100`);
    expect(Number(body["count"])).toBe(Number(post["comment_count"]));
    expect(sizeOf(list(body["comments"]))).toBe(Number(post["comment_count"]));
  }
});

function sizeOf(comments: Json[]): number {
  return comments.reduce((sum, comment) => sum + 1 + sizeOf(list(comment["replies"])), 0);
}
