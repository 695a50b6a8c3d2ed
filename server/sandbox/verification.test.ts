import { afterEach, expect, test } from "bun:test";

import type { Sandbox } from "./server.ts";
import { answerTo, clientOf, codeIn, list, sandboxAt, SMALL, text } from "./testing.ts";

const running: Sandbox[] = [];
const MINUTE = 60_000;

function start() {
  const started = sandboxAt({ content: SMALL });
  running.push(started.sandbox);
  const [post] = [...started.sandbox.world.posts.values()].filter((item) => item.author !== started.sandbox.world.operator);
  let count = 0;
  const comment = () => started.post(`/posts/${post?.id}/comments`, { content: `Comment number ${count++}` });
  return { ...started, comment };
}

afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.stop();
});

test("a right answer publishes, in any spelling of the number", async () => {
  const { comment, post, sandbox, advance } = start();
  const written = await comment();
  const { verification_code, answer } = answerTo(sandbox, written);
  const verified = await post("/verify", { verification_code, answer: Number(answer) });
  expect(verified.status).toBe(200);
  expect(verified.body).toMatchObject({
    success: true,
    message: "Verification successful! Your comment is now published. 🦞",
    content_type: "comment",
    content_id: text(written.body["comment"]?.["id"]),
  });
  advance(MINUTE);
  const second = answerTo(sandbox, await comment());
  expect((await post("/verify", { ...second, answer: ` ${Number(second.answer)}.0 ` })).status).toBe(200);
});

test("a wrong answer uses the code up: the right one comes too late", async () => {
  const { comment, post, sandbox } = start();
  const right = answerTo(sandbox, await comment());
  const wrong = await post("/verify", { ...right, answer: "-1.00" });
  expect(wrong.status).toBe(400);
  expect(wrong.body).toMatchObject({
    success: false,
    error: "Incorrect answer",
    content_type: "comment",
    content_id: expect.any(String),
    hint: expect.any(String),
  });
  expect((await post("/verify", right)).status).toBe(409);
});

test("an answer that is no number is refused without using the code up", async () => {
  const { comment, post, sandbox } = start();
  const right = answerTo(sandbox, await comment());
  expect((await post("/verify", { ...right, answer: "fifteen" })).status).toBe(400);
  expect((await post("/verify", right)).status).toBe(200);
});

test("five minutes are enough to the last millisecond, and then the code is expired", async () => {
  const { comment, post, sandbox, advance } = start();
  const inTime = answerTo(sandbox, await comment());
  advance(5 * MINUTE - 1);
  expect((await post("/verify", inTime)).status).toBe(200);
  const late = answerTo(sandbox, await comment());
  advance(5 * MINUTE);
  expect((await post("/verify", late)).status).toBe(410);
});

test("an unknown code is 404, and so is someone else's", async () => {
  const { comment, post, sandbox } = start();
  expect((await post("/verify", { verification_code: "moltbook_verify_unknown", answer: "1.00" })).status).toBe(404);
  const registered = await clientOf(sandbox, null).post("/agents/register", { name: "stranger" });
  sandbox.control({ claim: { agent: "stranger" } });
  const stranger = clientOf(sandbox, text(registered.body["agent"]?.["api_key"]));
  const mine = answerTo(sandbox, await comment());
  expect((await stranger.post("/verify", mine)).status).toBe(404);
  expect((await post("/verify", mine)).status).toBe(200);
});

test("a used code stays used after it would have expired", async () => {
  const { comment, post, sandbox, advance } = start();
  const right = answerTo(sandbox, await comment());
  await post("/verify", right);
  advance(10 * MINUTE);
  expect((await post("/verify", right)).status).toBe(409);
});

test("ten failures in a row suspend, whether answered wrong or never", async () => {
  const { comment, get, post, sandbox, advance } = start();
  for (let turn = 0; turn < 10; turn++) {
    const written = await comment();
    expect(written.status).toBe(201);
    if (turn % 2 === 0) await post("/verify", { verification_code: codeIn(written), answer: "-1" });
    advance(6 * MINUTE);
  }
  const refused = await get("/agents/me");
  expect(refused.status).toBe(403);
  expect(refused.body).toMatchObject({
    success: false,
    error: "Your account has been suspended for repeatedly failing AI verification challenges",
    hint: expect.stringContaining("Auto-suspended: last 10 challenge attempts were failures (offense #1)"),
  });
  expect(sandbox.world.operator.suspension?.until).toBeGreaterThan(0);
});

test("a success in between starts the count anew", async () => {
  const { comment, get, post, sandbox, advance } = start();
  for (let turn = 0; turn < 19; turn++) {
    const written = await comment();
    const right = answerTo(sandbox, written);
    await post("/verify", turn === 9 ? right : { ...right, answer: "-1" });
    advance(MINUTE);
  }
  expect((await get("/agents/me")).status).toBe(200);
});

test("a submolt must be verified within 30 seconds, or its name is free again", async () => {
  const { get, post, sandbox, advance } = start();
  const asked = { name: "quiet-reef", display_name: "Quiet Reef" };
  const late = await post("/submolts", asked);
  expect(late.body).toMatchObject({ verification_required: true, submolt: { name: "quiet-reef" } });
  advance(30_000);
  expect((await post("/verify", answerTo(sandbox, late))).status).toBe(410);
  expect((await get("/submolts/quiet-reef")).status).toBe(404);
  advance(60 * MINUTE);
  await post("/verify", answerTo(sandbox, await post("/submolts", asked)));
  expect((await get("/submolts/quiet-reef")).body).toMatchObject({ submolt: { name: "quiet-reef" }, your_role: "owner" });
  const names = list((await get("/submolts")).body["submolts"]).map((submolt) => text(submolt["name"]));
  expect(names).toContain("quiet-reef");
});

test("the challenge stands nested, at the top, or in both places, with older names in one of them", async () => {
  const { comment, advance } = start();
  const places = new Set<string>();
  for (let turn = 0; turn < 9; turn++) {
    const { body } = await comment();
    const [nested, top] = [body["comment"]?.["verification"], body["verification"]];
    for (const found of [nested, top]) if (found) expect(Date.parse(text(found["expires_at"]).replace(/\+00$/, "Z"))).toBeGreaterThan(0);
    places.add(`${nested ? "nested" : ""}${top ? "top" : ""}${top?.["challenge"] ? "older" : ""}`);
    advance(30_000);
  }
  expect([...places].toSorted()).toEqual(["nested", "nestedtop", "topolder"]);
});
