import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";

import { sql } from "../../db/client.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp } from "../../test/app.ts";
import type { Data, Reply, TestAgent, TestRun } from "../calls/testing.ts";
import { age, connectAgent, list, openRun, unfenced } from "../calls/testing.ts";
import { screen } from "../filter/screen.ts";
import { challengeFor } from "../sandbox/challenge.ts";
import { connectMoltbook } from "./connection.ts";
import type { Seen } from "./testing.ts";
import { noted, openDouble, TEST_KEY } from "./testing.ts";

/** The tools as an agent uses them on the sandbox: each test is an agent of its own on one Moltbook account, and time passes between them. */
let app: TestApp;
const sent: string[] = [];
const opened: TestAgent[] = [];

/** The sandbox, with every request that leaves us noted as "POST /posts/…". */
const toSandbox = () => connectMoltbook({ ...noted(app.sandbox, sent), screen });

beforeAll(async () => {
  app = await startTestApp();
  toSandbox();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((agent) => agent.close()));
  app.sandbox.control({ advance_ms: 3_600_000 });
  toSandbox();
});
afterAll(() => app.stop());

type Awake = TestRun & {
  call: TestAgent["call"];
  later: (ms: number) => Promise<void>;
  vote: (id: Data | undefined, direction?: string, type?: string) => Promise<Reply>;
};

async function wake(name: string): Promise<Awake> {
  const run = await openRun(name);
  const agent = await connectAgent(app.mcpUrl, run.token);
  opened.push(agent);
  sent.length = 0;
  const vote: Awake["vote"] = (id, direction = "up", type = "post") =>
    agent.call("moltbook_vote", { target_id: id, target_type: type, direction });
  const later = async (ms: number) => {
    app.sandbox.control({ advance_ms: ms });
    await age(run.agent.id, ms);
  };
  return { ...run, call: agent.call, vote, later };
}

function pretend(answer: (seen: Seen) => unknown) {
  const double = openDouble((seen) => {
    const given = answer(seen);
    return given instanceof Response ? given : Response.json(given);
  });
  connectMoltbook({ baseUrl: double.baseUrl, apiKey: TEST_KEY, screen });
  return double;
}

/** Posts of others that the filter lets through whole, as the agent sees them. */
async function readable({ call }: Awake): Promise<Data[]> {
  const { data } = await call("moltbook_browse_feed", { sort: "new", limit: 50 });
  const posts = list(data.posts).filter(({ author, notice }) => author !== app.sandbox.agentName && !notice);
  sent.length = 0;
  return posts;
}

const actionsOf = (run: TestRun) =>
  sql`select type, status, target_kind, target_id, target_title, target_author, submolt, detail from actions where run_id = ${run.id} and type <> 'browsed' order by id`;
const outcomesOf = async (run: TestRun) =>
  (await sql`select outcome from tool_calls where run_id = ${run.id} and is_write order by id`).map(({ outcome }) => outcome as string);
const votesOf = (id: Data | undefined) => app.sandbox.world.votes.get(`${app.sandbox.world.operator.id}:${String(id)}`);

/** The code of a reply's challenge, with its right answer, as the model would work it out. */
function solve({ data }: Reply): { verification_code: string; answer: string } {
  const code = String(data.challenge?.verification_code);
  return { verification_code: code, answer: challengeFor(app.sandbox.world.seed, code).answer };
}

test("a vote is cast once: again it is refused without a request, the other way round it is allowed", async () => {
  const run = await wake("voter");
  const [post] = await readable(run);
  expect((await run.vote(post?.id)).data).toEqual({ voted: "up", target_id: post?.id } as never);
  const again = await run.vote(post?.id);
  expect(again.isError).toBe(true);
  expect(again.text).toMatch(/^You voted up on this already, on \d{4}-\d\d-\d\d\. Voting again would take it back, so nothing was sent\.$/);
  expect(sent).toEqual([`POST /posts/${post?.id}/upvote`]);
  expect((await run.vote(post?.id, "down")).isError).toBe(false);
  expect((await run.vote(post?.id, "down")).isError).toBe(true);
  expect(votesOf(post?.id)).toBe(-1);
  expect(sent).toHaveLength(2);
  const title = unfenced(String(post?.title)).slice(0, 300);
  const common = {
    status: "done",
    target_kind: "post",
    target_id: post?.id as string,
    target_title: title,
    target_author: post?.author as string,
  };
  expect(await actionsOf(run)).toMatchObject([
    { type: "upvoted", ...common },
    { type: "downvoted", ...common },
  ]);
  expect(await outcomesOf(run)).toEqual(["ok", "tool_error", "ok", "tool_error"]);
});

test("two votes at the same moment are one", async () => {
  const run = await wake("double_clicker");
  const [post] = await readable(run);
  const replies = await Promise.all([1, 2, 3, 4].map(() => run.vote(post?.id)));
  expect(replies.filter(({ isError }) => !isError)).toHaveLength(1);
  expect(sent).toHaveLength(1);
  expect(votesOf(post?.id)).toBe(1);
});

test("comments can be voted on; what the agent wrote itself cannot, and nothing is sent to find that out", async () => {
  const run = await wake("self_liker");
  const [post] = (await readable(run)).filter(({ comments }) => Number(comments) > 0);
  const thread = await run.call("moltbook_get_post", { post_id: post?.id });
  const target = list(thread.data.comments).find(({ notice }) => !notice);
  expect((await run.vote(target?.id, "up", "comment")).isError).toBe(false);
  const written = await run.call("moltbook_create_post", { title: "Mine alone", content: "A thought of my own." });
  sent.length = 0;
  expect(await run.vote(written.data.id)).toMatchObject({ isError: true, text: "This is your own: Moltbook does not let you vote on it." });
  expect(sent).toEqual([]);
  expect((await actionsOf(run))[0]).toMatchObject({ type: "upvoted", target_kind: "comment", target_author: target?.author });
  await run.call("moltbook_verify", solve(written));
});

test("a vote whose answer is lost reads as unknown, and is not repeated", async () => {
  const run = await wake("cut_off");
  const [post] = await readable(run);
  app.sandbox.control({ drop_next: 1 });
  const lost = await run.vote(post?.id);
  expect(lost.isError).toBe(true);
  expect(lost.text).toContain("Do not repeat it");
  expect(votesOf(post?.id)).toBe(1);
  expect((await run.vote(post?.id)).text).toStartWith("You voted up on this already");
  expect(sent).toEqual([`POST /posts/${post?.id}/upvote`]);
  expect(votesOf(post?.id)).toBe(1);
  expect(await outcomesOf(run)).toEqual(["unknown", "tool_error"]);
  expect(await actionsOf(run)).toMatchObject([{ type: "upvoted", status: "unknown", target_id: post?.id as string }]);
});

test("a vote that was refused for certain is free again", async () => {
  const run = await wake("retrier");
  const [post] = await readable(run);
  using refusing = pretend(() => Response.json({ success: false, error: "Post is locked" }, { status: 400 }));
  expect((await run.vote(post?.id)).isError).toBe(true);
  expect(refusing.seen).toHaveLength(1);
  toSandbox();
  expect((await run.vote(post?.id)).isError).toBe(false);
  expect(await outcomesOf(run)).toEqual(["tool_error", "ok"]);
});

test("a vote that lands but cannot be noted stays reserved", async () => {
  const run = await wake("unnoted");
  const headers = { "x-ratelimit-limit": "99999999999", "x-ratelimit-remaining": "-5", "x-ratelimit-reset": "1" };
  using double = pretend(() => Response.json({ success: true, message: "Upvoted!" }, { headers }));
  expect((await run.vote("p1" as Data)).isError).toBe(false);
  const budgets = await sql`select class, quota, remaining from moltbook_budgets where agent_id = ${run.agent.id}`;
  expect([...budgets]).toContainEqual({ class: "write", quota: 2_147_483_647, remaining: 0 });
  double.seen.length = 0;
  expect((await run.vote("p1" as Data)).isError).toBe(true);
  expect(double.seen).toEqual([]);
});

test("a vote that Moltbook held already, unknown to us, is told and recorded as taken back", async () => {
  const run = await wake("forgetful");
  const [post] = await readable(run);
  const authorization = `Bearer ${app.sandbox.apiKey}`;
  await fetch(`${app.sandbox.url}/posts/${post?.id}/upvote`, { method: "POST", headers: { authorization } });
  expect((await run.vote(post?.id)).data).toEqual({ voted: "none", target_id: post?.id } as never);
  expect(votesOf(post?.id)).toBeUndefined();
  expect((await run.vote(post?.id)).data).toEqual({ voted: "up", target_id: post?.id } as never);
  expect(votesOf(post?.id)).toBe(1);
  expect(await actionsOf(run)).toMatchObject([
    { type: "upvoted", status: "failed" },
    { type: "upvoted", status: "done" },
  ]);
});

test("a rate limit is told in seconds and blocks the next call before it is sent", async () => {
  const run = await wake("hasty");
  const [post, other] = await readable(run);
  const comment = (id: Data | undefined, content: string) => run.call("moltbook_comment", { post_id: id, content });
  const first = await comment(post?.id, "First thought on this.");
  expect(first.isError).toBe(false);
  sent.length = 0;
  const second = await comment(other?.id, "Second thought, too soon.");
  expect(second.text).toMatch(/^One comment per 20 seconds is allowed.* Try again in (?:1?\d|20) seconds; until then nothing is sent\.$/);
  expect(sent).toEqual([]);
  // Another program with the same key has just commented: Moltbook refuses what our own count would allow.
  await age(run.agent.id, 21_000);
  const third = await comment(other?.id, "Third thought, in time by our count.");
  expect(third.text).toMatch(/^Comments are limited to one per 20 seconds .*try again in \d+ seconds\./);
  expect(sent).toHaveLength(1);
  const fourth = await comment(other?.id, "Fourth thought, sooner still.");
  expect(fourth.text).toMatch(/Try again in (?:1?\d|20) seconds; until then nothing is sent\.$/);
  expect(sent).toHaveLength(1);
  expect(await outcomesOf(run)).toEqual(["ok", "rate_limited", "rate_limited", "rate_limited"]);
  // The limit of comments is no limit of votes.
  expect((await run.vote(other?.id)).isError).toBe(false);
  await run.call("moltbook_verify", solve(first));
});

test("a refusal for too many requests that names no time blocks for a minute", async () => {
  const run = await wake("told_off");
  using double = pretend(() => Response.json({ success: false, error: "Too many requests" }, { status: 429 }));
  expect((await run.vote("p1" as Data)).isError).toBe(true);
  expect((await run.vote("p2" as Data)).text).toMatch(/Try again in (?:59|60) seconds/);
  expect(double.seen).toHaveLength(1);
});

test("a failing server: a read is an error, a write is unknown", async () => {
  const run = await wake("stormy");
  const [post] = await readable(run);
  app.sandbox.control({ fail: { next: 3, status: 502 } });
  const read = await run.call("moltbook_home");
  expect(read).toMatchObject({ isError: true, text: "Moltbook failed (502). Try again in a minute. Tried 3 times." });
  app.sandbox.control({ fail: { next: 1, status: 500 } });
  const wrote = await run.call("moltbook_create_post", { title: "Into the storm", content: "Will it arrive?" });
  expect(wrote.text).toContain("this may have taken effect all the same");
  app.sandbox.control({ fail: { next: 1, status: 503 } });
  expect((await run.vote(post?.id)).isError).toBe(true);
  expect((await run.vote(post?.id)).text).toStartWith("You voted up on this already");
  expect(await outcomesOf(run)).toEqual(["unknown", "unknown", "tool_error"]);
  const [call] =
    await sql`select outcome, upstream_method, upstream_path, upstream_status from tool_calls where run_id = ${run.id} and tool = 'moltbook_home'`;
  expect(call).toEqual({ outcome: "tool_error", upstream_method: "GET", upstream_path: "/home", upstream_status: 502 });
  expect(await actionsOf(run)).toMatchObject([
    { type: "posted", status: "unknown", target_id: null, target_title: "Into the storm" },
    { type: "upvoted", status: "unknown" },
  ]);
});

test("a suspended account is told so and then left alone, and a vote refused for it is not taken for cast", async () => {
  const run = await wake("suspended");
  const [post] = await readable(run);
  const until = new Date(app.sandbox.world.clock.now().getTime() + app.sandbox.world.clock.offset + 600_000).toISOString();
  app.sandbox.control({ suspend: { agent: app.sandbox.agentName, until } });
  const told = await run.vote(post?.id);
  expect(told.isError).toBe(true);
  expect(told.text).toMatch(/^The Moltbook account is suspended; try again in \d+ \w+\. Send nothing until then/);
  for (const reply of [await run.vote(post?.id), await run.call("moltbook_home")]) {
    expect(reply.text).toMatch(/^The Moltbook account is suspended for another \d+ seconds, so nothing was sent/);
  }
  expect(sent).toEqual([`POST /posts/${post?.id}/upvote`]);
  expect(await outcomesOf(run)).toEqual(["tool_error", "tool_error"]);
  const [memory] = await sql`select vote from moltbook_memory where agent_id = ${run.agent.id} and target_id = ${post?.id as string}`;
  expect(memory?.vote).toBeNull();
  // The attempt has lengthened it.
  app.sandbox.control({ advance_ms: 2 * 3_600_000 });
});

test("what is not there is said not to be, with what to try next", async () => {
  const run = await wake("searcher");
  const missing = "00000000-0000-4000-8000-000000000000";
  for (const [tool, args, words] of [
    ["moltbook_get_post", { post_id: missing }, "Moltbook has no such post"],
    ["moltbook_comment", { post_id: missing, content: "Hello?" }, "Moltbook has no such post"],
    ["moltbook_vote", { target_id: missing, target_type: "comment", direction: "up" }, "Moltbook has no such comment"],
  ] as const) {
    const reply = await run.call(tool, args);
    expect(reply.isError).toBe(true);
    expect(reply.text).toStartWith(words);
  }
  expect(await run.call("moltbook_create_post", { title: "Nothing to say" })).toMatchObject({
    isError: true,
    text: "Give the post a content or a url.",
  });
  expect(await run.call("moltbook_create_post", { title: "A link", url: "javascript:alert(1)" })).toMatchObject({ isError: true });
  expect(await outcomesOf(run)).toEqual(["tool_error", "tool_error", "tool_error", "protocol_error"]);
  expect(await actionsOf(run)).toHaveLength(0);
});

test("a comment is pending and unseen until its challenge is answered rightly; its record names what it is about", async () => {
  const run = await wake("commenter");
  const [post] = await readable(run);
  const thread = async () => list((await run.call("moltbook_get_post", { post_id: post?.id, comment_sort: "new" })).data.comments);
  const before = await thread();
  const written = await run.call("moltbook_comment", { post_id: post?.id, content: "What a calm post this is." });
  expect(written.data).toMatchObject({ status: "pending_verification", challenge: { seconds_left: expect.any(Number) } });
  expect(await thread()).toHaveLength(before.length);
  expect((await run.call("moltbook_verify", solve(written))).data).toEqual({
    verified: true,
    target_type: "comment",
    target_id: written.data.id,
  } as never);
  const shown = (await thread()).find(({ id }) => id === written.data.id);
  expect(unfenced(String(shown?.content))).toBe("What a calm post this is.");
  expect(shown?.author as string).toBe(app.sandbox.agentName);

  await run.later(60_000);
  const reply = await run.call("moltbook_comment", {
    post_id: post?.id,
    parent_id: before[0]?.id ?? written.data.id,
    content: "And calmer still.",
  });
  await run.call("moltbook_verify", solve(reply));
  const title = unfenced(String(post?.title)).slice(0, 300);
  expect(await actionsOf(run)).toMatchObject([
    {
      type: "commented",
      status: "done",
      target_kind: "comment",
      target_id: written.data.id,
      target_title: title,
      target_author: post?.author,
    },
    { type: "verified", status: "done", target_kind: "comment", target_id: written.data.id },
    { type: "replied", status: "done", target_title: title, target_author: before[0]?.author ?? app.sandbox.agentName },
    { type: "verified", status: "done", target_id: reply.data.id },
  ] as never);
});

test("a post is unseen until verified; a wrong, late, used or made-up answer each says what it is, and settles the post's record", async () => {
  const run = await wake("author");
  const write = async (title: string) => {
    await run.later(31 * 60_000);
    return run.call("moltbook_create_post", { title, content: `${title}, in a few words more.` });
  };
  const isShown = async (reply: Reply) =>
    list((await run.call("moltbook_browse_feed", { sort: "new", limit: 50 })).data.posts).some(({ id }) => id === reply.data.id);
  const verify = (args: Record<string, unknown>) => run.call("moltbook_verify", args);
  const statusOf = async (reply: Reply) =>
    (await actionsOf(run)).find(({ target_id, type }) => type === "posted" && target_id === (reply.data.id as string))?.status as string;

  const right = await write("A right one");
  expect(await isShown(right)).toBe(false);
  expect(await statusOf(right)).toBe("pending_verification");
  expect((await verify(solve(right))).isError).toBe(false);
  expect(await isShown(right)).toBe(true);
  expect(await statusOf(right)).toBe("done");
  expect((await verify(solve(right))).text).toStartWith("This verification code has been used already");
  expect(await statusOf(right)).toBe("done");

  const wrong = await write("A wrong one");
  expect((await verify({ ...solve(wrong), answer: "-1.00" })).text).toStartWith("The answer is wrong");
  expect(await statusOf(wrong)).toBe("failed");
  expect((await verify(solve(wrong))).text).toStartWith("This verification code has been used already");
  expect(await isShown(wrong)).toBe(false);

  const late = await write("A late one");
  app.sandbox.control({ advance_ms: 301_000 });
  expect((await verify(solve(late))).text).toStartWith("The challenge has expired");
  expect(await statusOf(late)).toBe("failed");

  const open = await write("An open one");
  expect((await verify({ verification_code: `moltbook_verify_${"0".repeat(32)}`, answer: "1.00" })).text).toStartWith(
    "Moltbook does not know this verification code",
  );
  expect(await statusOf(open)).toBe("pending_verification");
  expect((await verify({ ...solve(open), answer: "fifteen" })).text).toContain("A plain number");
  expect((await verify(solve(open))).isError).toBe(false);
  expect(await statusOf(open)).toBe("done");

  const codes = await sql`select status, octet_length(code_hash) as bytes from verifications where run_id = ${run.id} order by id`;
  expect(codes.map(({ status }) => status as string)).toEqual(["verified", "failed", "expired", "verified"]);
  const stored = JSON.stringify(await sql`select arguments, result from tool_calls where run_id = ${run.id}`);
  expect(stored).not.toContain(solve(right).verification_code);
});

test("an answer to a challenge that is lost on its way leaves its post unknown, neither done nor failed", async () => {
  const run = await wake("unlucky");
  const written = await run.call("moltbook_create_post", { title: "Between two worlds", content: "Neither here nor there." });
  app.sandbox.control({ drop_next: 1 });
  expect((await run.call("moltbook_verify", solve(written))).isError).toBe(true);
  expect((await run.call("moltbook_verify", solve(written))).text).toStartWith("This verification code has been used already");
  expect(await actionsOf(run)).toMatchObject([
    { type: "posted", status: "unknown", target_id: written.data.id },
    { type: "verified", status: "unknown" },
  ] as never);

  app.sandbox.control({ advance_ms: 3_600_000, fail: { next: 1, status: 500 } });
  await age(run.agent.id, 3_600_000);
  const second = await run.call("moltbook_create_post", { title: "Never to arrive", content: "Nobody will read this." });
  expect(second.isError).toBe(true);
  await age(run.agent.id, 3_600_000);
  const third = await run.call("moltbook_create_post", { title: "A second try at an answer", content: "For this one it works out." });
  app.sandbox.control({ fail: { next: 1, status: 500 } });
  expect((await run.call("moltbook_verify", solve(third))).isError).toBe(true);
  expect((await run.call("moltbook_verify", solve(third))).isError).toBe(false);
  expect((await actionsOf(run)).filter(({ target_id }) => target_id === (third.data.id as string))).toMatchObject([
    { type: "posted", status: "done" },
    { type: "verified", status: "done" },
  ]);
});

test("lists go on where they left off, even with a cursor that came back in its fence", async () => {
  const run = await wake("pager");
  const cursor = `eyJ${"Ab9-".repeat(20)}`;
  const comment = (id: string) => ({ id, content: `Remark ${id}`, author: { name: "someone" }, replies: [] });
  using double = pretend(({ path, query }) => {
    const next = { has_more: !query.cursor, next_cursor: query.cursor ? null : cursor };
    if (path.endsWith("/comments")) return { success: true, comments: [comment(query.cursor ? "c2" : "c1")], ...next };
    const post = { id: "p1", title: "One", content: null, author: { name: "someone" } };
    return path === "/posts" ? { success: true, posts: [post], ...next } : { success: true, post };
  });
  const first = await run.call("moltbook_browse_feed", { limit: 1 });
  expect(unfenced(String(first.data.next_cursor))).toBe(cursor);
  const second = await run.call("moltbook_browse_feed", { limit: 1, cursor: first.data.next_cursor });
  expect(second.data.next_cursor).toBeUndefined();
  expect(double.seen.map(({ query }) => query.cursor)).toEqual([undefined as never, cursor]);

  const thread = await run.call("moltbook_get_post", { post_id: "p1" });
  const rest = await run.call("moltbook_get_post", { post_id: "p1", cursor: cursor });
  expect([thread, rest].map(({ data }) => list(data.comments)[0]?.id as string)).toEqual(["c1", "c2"]);
  expect([unfenced(String(thread.data.next_cursor)), rest.data.next_cursor as unknown]).toEqual([cursor, undefined]);
});
