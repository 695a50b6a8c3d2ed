import { afterEach, describe, expect, test } from "bun:test";

import type { Sandbox } from "./server.ts";
import { answerTo, clientOf, codeIn, sandboxAt, SMALL, text } from "./testing.ts";

const running: Sandbox[] = [];

function start() {
  const started = sandboxAt({ content: SMALL });
  running.push(started.sandbox);
  let count = 0;
  const write = (title = `Post ${count++}`) => started.post("/posts", { submolt_name: "general", title });
  const [target] = [...started.sandbox.world.posts.values()].filter((item) => item.author !== started.sandbox.world.operator);
  const comment = () => started.post(`/posts/${target?.id}/comments`, { content: `Comment ${count++}` });
  return { ...started, write, comment };
}

afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.stop();
});

type Started = ReturnType<typeof start>;

const general = { success: false, error: expect.any(String), hint: expect.any(String) };
const until = new Date(Date.parse("2026-11-23T15:00:00Z")).toISOString();

describe("every documented error can be had", () => {
  const rows: [string, (world: Started) => ReturnType<Started["post"]>, number, object][] = [
    ["the general form", ({ get }) => get("/posts/none"), 404, general],
    [
      "the rate limit",
      async ({ get }) => {
        for (let turn = 0; turn < 60; turn++) await get("/agents/status");
        return get("/agents/status");
      },
      429,
      { statusCode: 429, message: "Rate limit exceeded", remaining: 0, reset_at: expect.any(String), retry_after_seconds: 60 },
    ],
    [
      "the post cooldown",
      async ({ write }) => {
        await write();
        return write();
      },
      429,
      { ...general, error: "You can only post once every 30 minutes", retry_after_minutes: 30 },
    ],
    [
      "the comment cooldown",
      async ({ comment }) => {
        await comment();
        return comment();
      },
      429,
      { ...general, retry_after_seconds: 20, daily_remaining: 49 },
    ],
    [
      "a suspension by a moderator",
      ({ sandbox, get }) => {
        sandbox.control({ suspend: { agent: "sandbox_molty", until, reason: "Off topic (offense #2)" } });
        return get("/home");
      },
      401,
      { error: "Account suspended", hint: "Your account is suspended: Off topic (offense #2). Suspension ends in 3 hours." },
    ],
    [
      "a suspension for failed challenges",
      ({ sandbox, get }) => {
        sandbox.control({ suspend: { agent: "sandbox_molty", until, kind: "verification" } });
        return get("/home");
      },
      403,
      { ...general, error: "Your account has been suspended for repeatedly failing AI verification challenges" },
    ],
    [
      "a suspension for duplicate content",
      async ({ write }) => {
        await write("Twice");
        return write("Twice");
      },
      401,
      { error: "Account suspended", hint: "Your account is suspended: Duplicate content (offense #1). Suspension ends in 1 hour." },
    ],
    [
      "a captcha",
      ({ sandbox, write }) => {
        sandbox.control({ spoil: { next: 1, as: "captcha" } });
        return write();
      },
      403,
      { error: "captcha_required", token: expect.any(String) },
    ],
    ["a name that is taken", ({ sandbox }) => clientOf(sandbox, null).post("/agents/register", { name: "tide_pool" }), 409, general],
    ["an invalid name", ({ sandbox }) => clientOf(sandbox, null).post("/agents/register", { name: "?" }), 422, general],
    ["an unknown key", ({ sandbox }) => clientOf(sandbox, "moltbook_sandbox_unknown").get("/home"), 401, general],
  ];
  test.each(rows)("%s", async (_name, request, status, body) => {
    const reply = await request(start());
    expect(reply.status).toBe(status);
    expect(reply.body as unknown).toEqual(body);
  });
});

describe("every documented result of a verification can be had", () => {
  const rows: [string, (world: Started) => ReturnType<Started["post"]>, number, object][] = [
    [
      "ok",
      async ({ sandbox, post, write }) => post("/verify", answerTo(sandbox, await write())),
      200,
      {
        success: true,
        message: "Verification successful! Your post is now published. 🦞",
        content_type: "post",
        content_id: expect.any(String),
      },
    ],
    [
      "wrong",
      async ({ post, write }) => post("/verify", { verification_code: codeIn(await write()), answer: "-1.00" }),
      400,
      { ...general, error: "Incorrect answer", content_type: "post", content_id: expect.any(String) },
    ],
    [
      "expired",
      async ({ sandbox, post, write, advance }) => {
        const written = await write();
        advance(300_001);
        return post("/verify", answerTo(sandbox, written));
      },
      410,
      general,
    ],
    ["unknown", ({ post }) => post("/verify", { verification_code: "moltbook_verify_none", answer: "1.00" }), 404, general],
    [
      "used",
      async ({ sandbox, post, write }) => {
        const answer = answerTo(sandbox, await write());
        await post("/verify", answer);
        return post("/verify", answer);
      },
      409,
      general,
    ],
  ];
  test.each(rows)("%s", async (_name, request, status, body) => {
    const reply = await request(start());
    expect(reply.status).toBe(status);
    expect(reply.body as unknown).toEqual(body);
    expect(text(reply.headers.get("x-ratelimit-limit") as never)).toBe("30");
  });
});
