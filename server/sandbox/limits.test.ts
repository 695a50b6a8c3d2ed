import { afterEach, describe, expect, test } from "bun:test";

import type { Sandbox } from "./server.ts";
import { answerTo, clientOf, list, type Reply, sandboxAt, SMALL, START, text } from "./testing.ts";

const running: Sandbox[] = [];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function start() {
  const started = sandboxAt({ content: SMALL });
  running.push(started.sandbox);
  const [post] = [...started.sandbox.world.posts.values()].filter((item) => item.author !== started.sandbox.world.operator);
  return { ...started, target: post?.id ?? "" };
}

afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.stop();
});

async function newcomer(sandbox: Sandbox) {
  const registered = await clientOf(sandbox, null).post("/agents/register", { name: "newcomer" });
  sandbox.control({ claim: { agent: "newcomer" } });
  return clientOf(sandbox, text(registered.body["agent"]?.["api_key"]));
}

async function last(times: number, request: () => Promise<Reply>): Promise<Reply> {
  for (let turn = 1; turn < times; turn++) await request();
  return request();
}

describe("requests per minute", () => {
  test("every answer says how many are left and when the window turns", async () => {
    const { get, post } = start();
    const headers = (await last(3, () => get("/agents/me"))).headers;
    expect(headers.get("x-ratelimit-limit")).toBe("60");
    expect(headers.get("x-ratelimit-remaining")).toBe("57");
    expect(headers.get("x-ratelimit-reset")).toBe(String((START.getTime() + MINUTE) / 1000));
    expect((await post("/nowhere")).headers.get("x-ratelimit-remaining")).toBe("29");
    expect((await post("/posts", "{broken")).headers.get("x-ratelimit-remaining")).toBe("28");
  });

  test("the 61st read within a minute is refused in the documented form, and a minute later it is not", async () => {
    const { get, post, advance } = start();
    expect((await last(60, () => get("/agents/me"))).status).toBe(200);
    advance(20_000);
    const refused = await get("/agents/me");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("40");
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(refused.body as unknown).toEqual({
      statusCode: 429,
      message: "Rate limit exceeded",
      remaining: 0,
      reset_at: new Date(START.getTime() + MINUTE).toISOString(),
      retry_after_seconds: 40,
    });
    expect((await post("/notifications/read-all")).status).toBe(200);
    advance(40_000);
    expect((await get("/agents/me")).status).toBe(200);
  });

  test("writes are limited to 30 and verifications to 30 of their own", async () => {
    const { post } = start();
    expect((await last(30, () => post("/notifications/read-all"))).status).toBe(200);
    expect((await post("/notifications/read-all")).status).toBe(429);
    const guess = () => post("/verify", { verification_code: "moltbook_verify_none", answer: "1" });
    expect((await last(30, guess)).status).toBe(404);
    expect((await guess()).status).toBe(429);
  });

  test("agents do not use up each other's requests", async () => {
    const { get, sandbox } = start();
    const other = await newcomer(sandbox);
    await last(61, () => get("/agents/me"));
    expect((await other.get("/agents/me")).status).toBe(200);
  });
});

describe("posts", () => {
  test("one in 30 minutes", async () => {
    const { post, advance } = start();
    let count = 0;
    const write = () => post("/posts", { submolt_name: "general", title: `Post ${count++}` });
    expect((await write()).status).toBe(201);
    advance(29 * MINUTE);
    const refused = await write();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("60");
    expect(refused.body as unknown).toEqual({
      success: false,
      error: "You can only post once every 30 minutes",
      hint: expect.any(String),
      retry_after_minutes: 1,
    });
    advance(MINUTE);
    expect((await write()).status).toBe(201);
  });

  test("one in two hours for a new account, until it is a day old", async () => {
    const { sandbox, advance } = start();
    const { post } = await newcomer(sandbox);
    let count = 0;
    const write = () => post("/posts", { submolt_name: "general", title: `Post ${count++}` });
    expect((await write()).status).toBe(201);
    advance(HOUR);
    expect((await write()).body).toMatchObject({ error: "You can only post once every 2 hours", retry_after_minutes: 60 });
    advance(24 * HOUR);
    expect((await write()).status).toBe(201);
    advance(30 * MINUTE);
    expect((await write()).status).toBe(201);
  });
});

describe("comments", () => {
  test("one in 20 seconds", async () => {
    const { post, advance, target } = start();
    let count = 0;
    const write = () => post(`/posts/${target}/comments`, { content: `Comment ${count++}` });
    expect((await write()).status).toBe(201);
    advance(15_000);
    const refused = await write();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(refused.body as unknown).toMatchObject({ success: false, retry_after_seconds: 5, daily_remaining: 49 });
    advance(5000);
    expect((await write()).status).toBe(201);
  });

  test("50 a day", async () => {
    const { post, sandbox, advance, target } = start();
    let count = 0;
    const write = async () => {
      const written = await post(`/posts/${target}/comments`, { content: `Comment ${count++}` });
      if (written.status === 201) await post("/verify", answerTo(sandbox, written));
      advance(MINUTE);
      return written;
    };
    expect((await last(50, write)).status).toBe(201);
    const refused = await write();
    expect(refused.status).toBe(429);
    expect(refused.body as unknown).toMatchObject({ daily_remaining: 0, retry_after_seconds: (24 * HOUR - 50 * MINUTE) / 1000 });
    advance(24 * HOUR - 51 * MINUTE);
    expect((await write()).status).toBe(201);
  });

  test("one a minute and 20 a day for a new account", async () => {
    const { sandbox, advance, target } = start();
    const { post } = await newcomer(sandbox);
    let count = 0;
    const write = async () => {
      const written = await post(`/posts/${target}/comments`, { content: `Comment ${count++}` });
      if (written.status === 201) await post("/verify", answerTo(sandbox, written));
      return written;
    };
    await write();
    advance(30_000);
    expect((await write()).body).toMatchObject({ retry_after_seconds: 30, daily_remaining: 19 });
    for (let turn = 0; turn < 19; turn++) {
      advance(MINUTE);
      expect((await write()).status).toBe(201);
    }
    advance(MINUTE);
    expect((await write()).body).toMatchObject({ daily_remaining: 0 });
  });
});

test("submolts: one an hour, and a new account has one in its first day", async () => {
  const { post, sandbox, advance } = start();
  const young = await newcomer(sandbox);
  const create = (client: { post: typeof post }, name: string) => client.post("/submolts", { name, display_name: name });
  expect((await create({ post }, "first-reef")).status).toBe(201);
  expect((await create(young, "young-reef")).status).toBe(201);
  advance(59 * MINUTE);
  expect((await create({ post }, "second-reef")).body).toMatchObject({ success: false, retry_after_minutes: 1 });
  advance(MINUTE);
  expect((await create({ post }, "second-reef")).status).toBe(201);
  expect((await create(young, "other-reef")).status).toBe(429);
  advance(24 * HOUR);
  expect((await create(young, "other-reef")).status).toBe(201);
});

test("an unclaimed agent is pending_claim: it reads, changes its own description, and writes nothing else", async () => {
  const { sandbox, target } = start();
  const open = clientOf(sandbox, null);
  const registered = await open.post("/agents/register", { name: "hatchling", description: "just out" });
  expect(registered.status).toBe(201);
  const hatchling = clientOf(sandbox, text(registered.body["agent"]?.["api_key"]));
  expect(registered.body["agent"] as unknown).toMatchObject({
    api_key: expect.stringMatching(/^moltbook_sandbox_/),
    claim_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/claim\/moltbook_claim_/),
    verification_code: expect.stringMatching(/^[a-z]+-[0-9A-F]{4}$/),
  });
  expect((await hatchling.get("/agents/status")).body).toMatchObject({ status: "pending_claim" });
  expect((await hatchling.patch("/agents/me", { description: "still here" })).status).toBe(200);
  expect(list((await hatchling.get("/posts")).body["posts"]).length).toBeGreaterThan(0);
  expect((await hatchling.post(`/posts/${target}/upvote`)).status).toBe(403);
  sandbox.control({ claim: { agent: "hatchling" } });
  expect((await hatchling.post(`/posts/${target}/upvote`)).status).toBe(200);
  expect((await open.post("/agents/register", { name: "HATCHLING" })).status).toBe(409);
  expect((await open.post("/agents/register", { name: "no spaces please" })).status).toBe(422);
});
