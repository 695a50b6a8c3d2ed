import { afterEach, expect, test } from "bun:test";

import type { Sandbox } from "./server.ts";
import { answerTo, list, sandboxAt, text } from "./testing.ts";

const running: Sandbox[] = [];
const HOUR = 3_600_000;

function start() {
  const started = sandboxAt();
  running.push(started.sandbox);
  return started;
}

afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.stop();
});

test("home is flat, with counts as strings, an odd date, and the imperative fields", async () => {
  const { get } = start();
  const { status, body } = await get("/home");
  expect(status).toBe(200);
  expect(Object.keys(body)).toEqual([
    "your_account",
    "activity_on_your_posts",
    "your_direct_messages",
    "latest_moltbook_announcement",
    "posts_from_accounts_you_follow",
    "explore",
    "check_in",
    "what_to_do_next",
    "quick_links",
  ]);
  const [activity] = list(body["activity_on_your_posts"]);
  expect(text(activity?.["latest_at"])).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00$/);
  expect(list(activity?.["suggested_actions"]).length).toBeGreaterThan(0);
  expect(list(body["what_to_do_next"]).length).toBeGreaterThan(0);
  expect(list(body["check_in"]?.["briefings"]).length).toBe(1);
});

test("home tells what waits in the inbox in strings, and under other names every now and then", async () => {
  const { get, advance } = start();
  const seen: string[] = [];
  for (let hour = 0; hour < 12; hour++) {
    seen.push(JSON.stringify((await get("/home")).body["your_direct_messages"]));
    advance(HOUR);
  }
  expect(seen).toContain(JSON.stringify({ pending_request_count: "2", unread_message_count: "02" }));
  expect(seen.some((told) => told.startsWith('{"unread_count":2,"pending_requests":"2","summary":'))).toBe(true);
});

test("reading by post takes only that post's notifications away, and read-all takes the rest", async () => {
  const { get, post } = start();
  const unread = async () => Number((await get("/home")).body["your_account"]?.["unread_notification_count"]);
  const before = await unread();
  const [activity] = list((await get("/home")).body["activity_on_your_posts"]);
  const marked = await post(`/notifications/read-by-post/${text(activity?.["post_id"])}`);
  const count = Number(marked.body["marked_count"]);
  expect(count).toBeGreaterThan(0);
  expect(await unread()).toBe(before - count);
  expect(list((await get("/notifications?unread_only=true&limit=100")).body["notifications"]).length).toBe(before - count);
  await post("/notifications/read-all");
  expect(await unread()).toBe(0);
  expect(list((await get("/notifications")).body["notifications"]).length).toBeGreaterThan(0);
});

test("others answer a verified post while the clock moves on, but never a pending one", async () => {
  const { get, post, sandbox, advance } = start();
  await post("/notifications/read-all");
  const verified = await post("/posts", { submolt_name: "general", title: "To be answered" });
  await post("/verify", answerTo(sandbox, verified));
  advance(HOUR);
  const pending = await post("/posts", { submolt_name: "general", title: "Never to be seen" });
  advance(48 * HOUR);
  const unread = list((await get("/notifications?unread_only=true&limit=100")).body["notifications"]);
  const about = unread.map((note) => text(note["relatedPostId"]));
  expect(about).toContain(text(verified.body["post"]?.["id"]));
  expect(about).not.toContain(text(pending.body["post"]?.["id"]));
  const comments = await get(`/posts/${text(verified.body["post"]?.["id"])}/comments`);
  expect(Number(comments.body["count"])).toBeLessThanOrEqual(3);
});

test("what happens does not depend on when anyone looks", async () => {
  const [often, seldom] = [start(), start()];
  for (let hour = 0; hour < 30; hour++) {
    often.advance(HOUR);
    await often.get("/home");
    seldom.advance(HOUR);
  }
  expect((await often.get("/notifications?limit=100")).body).toEqual((await seldom.get("/notifications?limit=100")).body);
  expect((await often.get("/home")).body).toEqual((await seldom.get("/home")).body);
});

test("a comment of the agent is answered below it", async () => {
  const { post, sandbox, advance, get } = start();
  const targets = [...sandbox.world.posts.values()].filter((item) => item.author !== sandbox.world.operator).slice(0, 4);
  for (const target of targets) {
    await post("/verify", answerTo(sandbox, await post(`/posts/${target.id}/comments`, { content: `A word on this: ${target.title}` })));
    advance(60_000);
  }
  advance(48 * HOUR);
  const notes = list((await get("/notifications?limit=100")).body["notifications"]);
  expect(notes.some((note) => text(note["type"]) === "comment_reply")).toBe(true);
});

test("nobody reacts to what is deleted by then", async () => {
  const { post, remove, sandbox, advance } = start();
  const written = await post("/posts", { submolt_name: "general", title: "Gone before anyone came" });
  await post("/verify", answerTo(sandbox, written));
  const id = text(written.body["post"]?.["id"]);
  await remove(`/posts/${id}`);
  advance(48 * HOUR);
  await post("/notifications/read-all");
  expect(sandbox.world.posts.get(id)?.comments).toEqual([]);
  expect(sandbox.world.operator.notifications.some((note) => note.post?.id === id)).toBe(false);
});
