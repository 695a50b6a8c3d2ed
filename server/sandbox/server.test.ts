import { afterEach, describe, expect, test } from "bun:test";

import { type Sandbox, startSandbox } from "./server.ts";
import { answerTo, clientOf, command, type Reply, sandboxAt, SMALL, START, text } from "./testing.ts";

const running: Sandbox[] = [];

function start(options: Parameters<typeof sandboxAt>[0] = {}) {
  const started = sandboxAt({ content: SMALL, ...options });
  running.push(started.sandbox);
  return started;
}

afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.stop();
});

describe("starting", () => {
  test("any interface but loopback is refused", () => {
    for (const hostname of ["0.0.0.0", "::", "192.168.1.4", "www.moltbook.com"])
      expect(() => startSandbox({ hostname, content: SMALL })).toThrow("loopback interface only");
  });

  test("it does not start beside a real key", () => {
    expect(() => startSandbox({ realKey: "moltbook_sk_whatever", content: SMALL })).toThrow("real Moltbook key");
  });

  test("a name that an agent of the world has already is refused", () => {
    expect(() => startSandbox({ agentName: "Tide_Pool", content: SMALL })).toThrow("has this name already");
  });

  test("it listens on 127.0.0.1, with a key that the seed decides and a control token that it does not", () => {
    const [one, two] = [start(), start()];
    const other = start({ seed: "other" });
    expect(one.sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1$/);
    expect(one.sandbox.apiKey).toMatch(/^moltbook_sandbox_[0-9a-f]{48}$/);
    expect(two.sandbox.apiKey).toBe(one.sandbox.apiKey);
    expect(other.sandbox.apiKey).not.toBe(one.sandbox.apiKey);
    expect(two.sandbox.controlToken).not.toBe(one.sandbox.controlToken);
  });
});

describe("keys", () => {
  test("a key that is not the sandbox's own is refused as possibly real, wherever it is sent", async () => {
    const { sandbox } = start();
    for (const key of ["moltbook_sk_0123456789", "moltbook_0123456789", ""]) {
      const reply = await clientOf(sandbox, key).get("/agents/me");
      expect(reply.status).toBe(403);
      expect(text(reply.body["error"])).toContain("This is a sandbox: the real key should not be sent here");
    }
    const registering = await clientOf(sandbox, "moltbook_sk_0123456789").post("/agents/register", { name: "newcomer" });
    expect(registering.status).toBe(403);
    const asHeader = await clientOf(sandbox).send("GET", "/agents/me", undefined, { "x-api-key": "moltbook_sk_0123456789" });
    expect(asHeader.status).toBe(403);
  });

  test("no key and an unknown sandbox key are both 401", async () => {
    const { sandbox } = start();
    expect((await clientOf(sandbox, null).get("/home")).status).toBe(401);
    expect((await clientOf(sandbox, "moltbook_sandbox_unknown").get("/home")).status).toBe(401);
  });

  test("the refusal does not repeat the key", async () => {
    const { sandbox } = start();
    const reply = await clientOf(sandbox, "moltbook_sk_verysecretvalue").get("/home");
    expect(JSON.stringify(reply.body)).not.toContain("verysecretvalue");
  });
});

describe("requests", () => {
  test("unknown endpoints answer 404 in the general form, and so do those that the control has taken away", async () => {
    const { get, post, sandbox } = start();
    sandbox.control({ missing: ["/agents/dm"] });
    for (const reply of [
      await get("/nothing/here"),
      await get("/agents/dm/check"),
      await post("/agents/dm/request", { to: "tide_pool" }),
    ]) {
      expect(reply.status).toBe(404);
      expect(reply.body).toMatchObject({ success: false, error: expect.any(String), hint: expect.any(String) });
    }
  });

  test("a body that is no JSON, too large, or of the wrong shape is refused clearly", async () => {
    const { post } = start();
    expect((await post("/posts", "{broken")).body).toMatchObject({ success: false, error: "Invalid JSON in the request body" });
    expect((await post("/posts", { title: "x".repeat(300_000) })).status).toBe(413);
    const untitled = await post("/posts", { submolt_name: "general" });
    expect(untitled.status).toBe(400);
    expect(text(untitled.body["error"])).toContain("title");
  });

  test("titles, contents, comments and queries are limited as documented", async () => {
    const { get, post, sandbox } = start();
    const [post0] = sandbox.world.posts.keys();
    const replies = [
      await post("/posts", { submolt_name: "general", title: "x".repeat(301) }),
      await post("/posts", { submolt_name: "general", title: "x", content: "x".repeat(40_001) }),
      await post(`/posts/${post0}/comments`, { content: "x".repeat(10_001) }),
      await get(`/search?q=${"x".repeat(501)}`),
    ];
    expect(replies.map((reply) => reply.status)).toEqual([400, 400, 400, 400]);
  });
});

test("the same seed, clock and requests give the same answers", async () => {
  expect(await story(start().sandbox)).toEqual(await story(start().sandbox));
});

test("the real content tells the same story twice too, and another one with another seed", async () => {
  const [one, two, other] = [sandboxAt(), sandboxAt(), sandboxAt({ seed: "other" })];
  running.push(one.sandbox, two.sandbox, other.sandbox);
  const told = await story(one.sandbox);
  expect(await story(two.sandbox)).toEqual(told);
  expect(await story(other.sandbox)).not.toEqual(told);
});

/** A morning of an agent: reads, writes, verifications and a day that passes. The answers with all that depends on the port left out. */
async function story(sandbox: Sandbox): Promise<unknown[]> {
  const { get, post } = clientOf(sandbox);
  const replies: Reply[] = [await get("/home"), await get("/posts?limit=5"), await get("/search?q=tide"), await get("/submolts")];
  const written = await post("/posts", { submolt_name: "general", title: "A story", content: "Told twice." });
  replies.push(written, await post("/verify", answerTo(sandbox, written)));
  const [seen] = [...sandbox.world.posts.values()].filter((item) => item.author !== sandbox.world.operator);
  const comment = await post(`/posts/${seen?.id}/comments`, { content: "A comment." });
  replies.push(comment, await post("/verify", { ...answerTo(sandbox, comment), answer: "-1" }), await post(`/posts/${seen?.id}/upvote`));
  await command(sandbox, { advance_ms: 86_400_000 });
  replies.push(await get("/home"), await get("/notifications"), await get("/feed?filter=following"), await get("/agents/me"));
  return replies.map(({ status, body, headers }) => ({ status, body, limits: headers.get("x-ratelimit-remaining") }));
}

test("the operator's agent is claimed, older than a day, and finds comments on its posts and notifications", async () => {
  const { get, sandbox } = start();
  const me = (await get("/agents/me")).body["agent"];
  expect(me).toMatchObject({ name: "sandbox_molty", is_claimed: true, posts_count: 2 });
  expect(START.getTime() - Date.parse(text(me?.["created_at"]))).toBeGreaterThan(86_400_000);
  expect((await get("/agents/status")).body).toMatchObject({ status: "claimed" });
  const home = (await get("/home")).body;
  expect(home["activity_on_your_posts"]?.length).toBeGreaterThan(0);
  expect(sandbox.world.operator.notifications.some((note) => !note.read)).toBe(true);
});
