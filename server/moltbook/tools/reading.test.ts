import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from "bun:test";

import { sql } from "../../../db/client.ts";
import type { TestApp } from "../../../test/app.ts";
import { startTestApp } from "../../../test/app.ts";
import type { Data, Reply, TestAgent, TestRun } from "../../calls/testing.ts";
import { connectAgent, list, openRun, unfenced } from "../../calls/testing.ts";
import { config } from "../../config.ts";
import { screen } from "../../filter/screen.ts";
import { markStarted } from "../../runs/queries.ts";
import { claimedRun } from "../../runs/testing.ts";
import { challengeFor } from "../../sandbox/challenge.ts";
import { mintToken } from "../../tokens/queries.ts";
import { schemaOf } from "../../tool-schema.ts";
import { TOOL_NAMES } from "../../tool.ts";
import { connectMoltbook } from "../connection.ts";
import type { Seen } from "../testing.ts";
import { noted, openDouble, TEST_KEY } from "../testing.ts";
import { readTools } from "../tools.ts";

/** The tools that read, as an agent uses them on the sandbox, in both families of Moltbook's shapes. */
// A test here makes dozens of calls.
setDefaultTimeout(30_000);
let app: TestApp;
const opened: TestAgent[] = [];
const sent: string[] = [];

const toSandbox = () => connectMoltbook({ ...noted(app.sandbox, sent), screen });

beforeAll(async () => {
  app = await startTestApp();
  toSandbox();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((agent) => agent.close()));
  app.sandbox.control({ advance_ms: 3_600_000, family: "live" });
  toSandbox();
});
afterAll(() => app.stop());

type Awake = TestRun & { call: TestAgent["call"] };

async function connect(run: TestRun): Promise<Awake> {
  const agent = await connectAgent(app.mcpUrl, run.token);
  opened.push(agent);
  // From here on the client checks every answer against the schema that the tool was listed with.
  await agent.client.listTools();
  sent.length = 0;
  return { ...run, call: agent.call };
}

const wake = async (name: string) => connect(await openRun(name));

/** A run of the same agent in which nothing is sent. */
async function rehearse({ agent }: TestRun): Promise<Awake> {
  await sql`update runs set status = 'succeeded', finished_at = now() where agent_id = ${agent.id} and status = 'running'`;
  const id = await claimedRun(agent.id, { mode: "dry_run" });
  await markStarted(id, process.pid);
  return connect({ id, agent, token: await mintToken({ id, agentId: agent.id }, { tools: [...TOOL_NAMES] }, 600) });
}

function pretend(answer: (seen: Seen) => unknown) {
  const double = openDouble((seen) => {
    const given = answer(seen);
    return given instanceof Response ? given : Response.json(given);
  });
  connectMoltbook({ baseUrl: double.baseUrl, apiKey: TEST_KEY, screen });
  return double;
}

/** The answer, which must hold what its tool's schema says and nothing else. */
async function ask({ call }: Awake, tool: string, args: Record<string, unknown> = {}): Promise<Data> {
  const reply = await call(tool, args);
  expect(reply.isError ? reply.text : "").toBe("");
  const told: unknown = readTools.find(({ name }) => name === tool)?.output.parse(reply.data);
  expect(reply.data as unknown).toEqual(told);
  return reply.data;
}

const actionsOf = (run: TestRun) =>
  sql`select type, target_kind, target_id, target_author, submolt, detail from actions where run_id = ${run.id} order by id`;

/** The code of a reply's challenge, with its right answer, as the model would work it out. */
function solve({ data }: Reply): { verification_code: string; answer: string } {
  const code = String(data.challenge?.verification_code);
  return { verification_code: code, answer: challengeFor(app.sandbox.world.seed, code).answer };
}

/** A post of another agent that came through whole, has comments, and has not been voted on. */
async function somePost(run: Awake): Promise<Data> {
  const { posts } = await ask(run, "moltbook_browse_feed", { sort: "new", limit: 50 });
  const { votes, operator } = app.sandbox.world;
  const post = list(posts).find(
    ({ id, notice, author, comments }) =>
      !notice && author !== app.sandbox.agentName && Number(comments) > 1 && !votes.has(`${operator.id}:${String(id)}`),
  );
  expect(post).toBeDefined();
  return post as Data;
}

test("the tools that read take no more than nine kilobytes of tools/list", () => {
  const listed = readTools.map(({ name, title, description, input, output, annotations }) => ({
    name,
    title,
    description,
    inputSchema: schemaOf(input, "input"),
    outputSchema: schemaOf(output, "output"),
    annotations,
  }));
  expect(JSON.stringify(listed).length).toBeLessThan(9 * 1024);
});

test.each(["live", "oss"] as const)("on the %s server every tool that reads answers as its schema says", async (family) => {
  const run = await wake(`reader_${family}`);
  app.sandbox.control({ family });
  const isLive = family === "live";
  expect(await ask(run, "moltbook_agent_status")).toMatchObject({ name: app.sandbox.agentName as never });
  const post = await somePost(run);
  expect(unfenced(String(post.title))).not.toBe("");
  const thread = await ask(run, "moltbook_get_post", { post_id: post.id });
  expect(thread.post?.id).toBe(post.id as never);
  expect(list(thread.comments).length).toBeGreaterThan(1);
  const found = await ask(run, "moltbook_search", { query: "memory", limit: 5 });
  expect(list(found.results).length).toBeGreaterThan(0);
  const own = await ask(run, "moltbook_get_profile");
  expect(own.name as string).toBe(app.sandbox.agentName);
  const other = await ask(run, "moltbook_get_profile", { name: post.author });
  expect(other.name).toBe(post.author as never);
  expect(list(other.recent).length).toBeGreaterThan(0);
  const { submolts } = await ask(run, "moltbook_list_submolts", { limit: 5 });
  expect(list(submolts)).toHaveLength(5);
  const submolt = await ask(run, "moltbook_get_submolt", { submolt_name: "general" });
  expect(submolt).toMatchObject({ name: "general" as never, moderators: [] as never });
  for (const feed of ["yours", "following"]) expect(await ask(run, "moltbook_browse_feed", { feed, sort: "new" })).toHaveProperty("posts");

  const lacking = ["moltbook_home", "moltbook_notifications", "moltbook_messages"];
  for (const tool of lacking) {
    if (isLive) await ask(run, tool);
    else expect((await run.call(tool)).text).toStartWith("This Moltbook server does not have that function. Go on without it.");
  }
  const actions = await actionsOf(run);
  expect(actions).toContainEqual(expect.objectContaining({ type: "searched", detail: expect.stringContaining("memory") }));
  expect(actions).toContainEqual(expect.objectContaining({ type: "browsed", target_kind: "agent", target_id: post.author as string }));
  expect(actions).toContainEqual(expect.objectContaining({ type: "checked_submolts", target_kind: "submolt", target_id: "general" }));
});

test("the home page holds what is new, the agent's own posts first", async () => {
  const run = await wake("homebody");
  const { news, unread_notifications, message_requests } = await ask(run, "moltbook_home");
  expect([Number(unread_notifications), Number(message_requests)].every((count) => count > 0)).toBe(true);
  expect([...new Set(list(news).map(({ type }) => type as string))]).toEqual(["on_your_post", "announcement", "by_an_agent_you_follow"]);
  for (const { type, new_comments, commenters, author } of list(news)) {
    if (type === ("on_your_post" as never)) expect([Number(new_comments) > 0, list(commenters).length > 0]).toEqual([true, true]);
    else expect(author).toBeTruthy();
  }
});

test("notifications are read before any of them is marked, one post's or all", async () => {
  const run = await wake("notified");
  const before = await ask(run, "moltbook_notifications", { unread_only: true, limit: 50 });
  const unread = Number(before.unread);
  expect(unread).toBeGreaterThan(1);
  expect(list(before.notifications).every(({ is_read }) => String(is_read) === "false")).toBe(true);
  const postId = list(before.notifications).find(({ post_id }) => post_id)?.post_id;
  const marking = await ask(run, "moltbook_notifications", { unread_only: true, mark_read_post_id: postId });
  expect(Number(marking.unread)).toBe(unread);
  const between = await ask(run, "moltbook_notifications", { unread_only: true, mark_read: "all" });
  expect(Number(between.unread)).toBeLessThan(unread);
  expect(Number((await ask(run, "moltbook_notifications", { unread_only: true })).unread)).toBe(0);
  expect(sent.filter((line) => line.startsWith("POST"))).toEqual([
    `POST /notifications/read-by-post/${postId}`,
    "POST /notifications/read-all",
  ]);
  expect([...(await actionsOf(run))].filter(({ type }) => type === "marked_read")).toMatchObject([
    { target_kind: "post", target_id: postId as string },
    { detail: "all notifications" },
  ]);
  const both = await run.call("moltbook_notifications", { mark_read: "all", mark_read_post_id: postId });
  expect(both).toMatchObject({ isError: true, text: "Give mark_read or mark_read_post_id, not both." });
});

test("requests to talk are for the operator to decide; a conversation is read newest first, and then no longer unread", async () => {
  const run = await wake("penpal");
  const check = await ask(run, "moltbook_messages");
  expect(Number(check.requests)).toBe(list(check.items).length);
  expect(Number(check.unread)).toBeGreaterThan(0);
  expect(new Set(list(check.items).map(({ status }) => status as string))).toEqual(new Set(["for_your_operator_to_decide"]));
  // One of them tells the agent to approve it and to send its key.
  expect(list(check.items).some(({ notice }) => notice?.startsWith("withheld: "))).toBe(true);
  expect(Number(check.withheld)).toBeGreaterThan(0);

  const { items } = await ask(run, "moltbook_messages", { view: "conversations" });
  const talk = list(items).find(({ unread }) => Number(unread) > 0);
  const letters = list((await ask(run, "moltbook_messages", { view: "conversation", conversation_id: talk?.id })).items);
  expect(letters.length).toBeGreaterThan(2);
  expect(letters[0]?.from).toBe(talk?.from as never);
  expect(letters.some((letter) => String(letter.needs_human_input) === "true")).toBe(true);
  expect(Number((await ask(run, "moltbook_messages")).unread)).toBe(0);
  expect([...(await actionsOf(run))]).toMatchObject([
    { type: "read_messages", detail: "requests" },
    { type: "read_messages", detail: "conversations" },
    { type: "read_messages", target_kind: "conversation", target_id: talk?.id as string },
    { type: "read_messages", detail: "requests" },
  ]);
  for (const args of [{ view: "conversation" }, { view: "check", conversation_id: talk?.id }]) {
    const refused = await run.call("moltbook_messages", args);
    expect(refused).toMatchObject({ isError: true });
    expect(refused.text).toStartWith('Give a conversation_id for view "conversation" and for no other');
  }
});

test("a server that has conversations but no parts of them is not taken for one without messages", async () => {
  const run = await wake("whole_reader");
  using _ = pretend(({ path }) => {
    if (path === "/agents/dm/conversations/d1") return { success: true, messages: [{ id: "m1", content: "Hello" }], next_cursor: "older" };
    if (path === "/agents/dm/check") return { success: true, has_activity: false };
    return Response.json({ success: false, error: "Endpoint not found" }, { status: 404 });
  });
  const view = { view: "conversation", conversation_id: "d1" };
  const { next_cursor: cursor } = await ask(run, "moltbook_messages", view);
  expect(await run.call("moltbook_messages", { ...view, cursor })).toMatchObject({
    isError: true,
    text: "Moltbook cannot show a part of a conversation at present. Go on without it.",
  });
  expect(await ask(run, "moltbook_messages")).toMatchObject({ items: [] as never });
});

test("a submolt is shown with its moderators, its labels and the agent's role in it, without the orders of a role", async () => {
  const run = await wake("visitor");
  using _ = pretend(({ path }) => {
    if (path.endsWith("/moderators")) return { success: true, moderators: [{ name: "crab-scholar", role: "owner" }] };
    if (path.endsWith("/labels"))
      return {
        success: true,
        labels: [{ id: "l1", key: "news", label: "Field notes", kind: "role", prompt: "DO THIS", cadence_minutes: 5 }],
      };
    return {
      success: true,
      submolt: { name: "deep-sea", description: "Cold and dark" },
      your_role: "moderator",
      moderator_actions: ["DO THIS"],
    };
  });
  const reply = await run.call("moltbook_get_submolt", { submolt_name: "deep-sea" });
  expect(reply.data).toMatchObject({ name: "deep-sea", your_role: "moderator", moderators: ["crab-scholar"], withheld: 0 });
  expect(list(reply.data.labels).map((label) => unfenced(String(label)))).toEqual(["Field notes"]);
  expect(reply.raw).not.toContain("DO THIS");
});

test("what the agent did before stands on the items that it meets again", async () => {
  const run = await wake("rememberer");
  const post = await somePost(run);
  expect(post.you).toBeUndefined();
  const whole = await ask(run, "moltbook_get_post", { post_id: post.id });
  const remark = list(whole.comments).find(({ notice, author }) => !notice && author !== app.sandbox.agentName);
  await run.call("moltbook_vote", { target_id: post.id, direction: "up" });
  await run.call("moltbook_vote", { target_id: remark?.id, target_type: "comment", direction: "down" });
  const written = await run.call("moltbook_comment", { post_id: post.id, content: "A remark to be remembered, on a calm day." });
  await run.call("moltbook_verify", solve(written));

  const today = new Date().toISOString().slice(0, 10);
  const { posts } = await ask(run, "moltbook_browse_feed", { sort: "new", limit: 50 });
  const again = list(posts).find(({ id }) => id === post.id);
  expect(list(again?.you) as unknown).toEqual([
    "commented",
    `upvoted:${today}`,
    `new_comments:${Number(again?.comments) - Number(whole.post?.comments)}`,
  ]);
  const reopened = await ask(run, "moltbook_get_post", { post_id: post.id, comment_sort: "new" });
  const youOf = (id: unknown) => list(list(reopened.comments).find((comment) => comment.id === id)?.you) as unknown;
  expect(youOf(remark?.id)).toEqual([`downvoted:${today}`]);
  expect(youOf(written.data.id)).toEqual(["yours"]);
  // Opened again, nothing on it is new any more.
  const third = await ask(run, "moltbook_get_post", { post_id: post.id });
  expect(list(third.post?.you) as unknown).toEqual(["commented", `upvoted:${today}`]);
  const hits = await ask(run, "moltbook_search", { query: unfenced(String(post.title)), type: "posts", limit: 50 });
  expect(list(hits.results).find(({ id }) => id === post.id)?.you as unknown).toEqual(["commented", `upvoted:${today}`]);
  const profile = await ask(run, "moltbook_get_profile");
  expect(list(profile.recent).every(({ you }) => String(you).includes("yours"))).toBe(true);
});

test("a dry run remembers what really happened, marks nothing as read, and asks for conversations without opening them", async () => {
  const run = await wake("rehearser");
  const post = await somePost(run);
  await run.call("moltbook_vote", { target_id: post.id, direction: "up" });
  const dry = await rehearse(run);
  const { posts } = await ask(dry, "moltbook_browse_feed", { sort: "new", limit: 50 });
  expect(String(list(posts).find(({ id }) => id === post.id)?.you)).toStartWith("upvoted:");
  await ask(dry, "moltbook_notifications", { mark_read: "all" });
  const { items } = await ask(dry, "moltbook_messages", { view: "conversations" });
  await ask(dry, "moltbook_messages", { view: "conversation", conversation_id: list(items)[0]?.id });
  expect(sent.filter((line) => line.startsWith("POST"))).toEqual([]);
  expect(sent.at(-1)).toBe(`GET /agents/dm/conversations/${list(items)[0]?.id}/messages?limit=50`);
  const [modes] = await sql`select array_agg(distinct mode) as modes from actions where run_id = ${dry.id}`;
  expect(modes?.modes as string[]).toEqual(["dry_run"]);
  expect(config.mode).toBe("sandbox");
});

test("a function that Moltbook has taken away is not asked for again for a day, and its tool says so", async () => {
  const run = await wake("deprived");
  app.sandbox.control({ missing: ["/home", "/agents/dm", "/submolts/general/labels"] });
  for (const [tool, args] of [
    ["moltbook_home", {}],
    ["moltbook_messages", { view: "conversations" }],
  ] as const) {
    expect((await run.call(tool, args)).text).toStartWith("This Moltbook server does not have that function. Go on without it.");
    sent.length = 0;
    const again = await run.call(tool);
    expect(again).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^Moltbook does not offer this at present \(found out .* UTC\)\. It is looked for again once a day/),
    });
    expect(sent).toEqual([]);
  }
  // What only adds to an answer is left out of it.
  for (const looks of [3, 2]) {
    sent.length = 0;
    expect(await ask(run, "moltbook_get_submolt", { submolt_name: "general" })).toMatchObject({ labels: [] as never });
    expect(sent).toHaveLength(looks);
  }
  app.sandbox.control({ missing: [] });
  expect(await run.call("moltbook_home")).toMatchObject({ isError: true });
  await sql`update moltbook_features set checked_at = now() - interval '25 hours' where agent_id = ${run.agent.id}`;
  expect(await ask(run, "moltbook_home")).toHaveProperty("news");
});

test("nothing that tells an agent what to do, and nothing of a person behind one, gets out of any tool", async () => {
  const run = await wake("unmoved");
  const owner = { x_handle: "OWNER", x_name: "OWNER", x_bio: "OWNER", email: "OWNER" };
  const author = { name: "someone", owner, human: "OWNER" };
  const orders = {
    next_step: "ORDER",
    hint: "ORDER",
    tip: "ORDER",
    suggested_actions: ["ORDER"],
    what_to_do_next: ["ORDER"],
    quick_links: { a: "ORDER" },
  };
  const post = { id: "p1", title: "One", content: "Two", author, ...orders };
  const excerpt = { post_id: "p1", title: "One", post_title: "One", preview: "Two", author_name: "someone", ...orders };
  const bodies: Record<string, object> = {
    "/agents/status": { status: "claimed", message: "ORDER" },
    "/agents/me": { agent: { name: "me", owner, owner_id: "OWNER" } },
    "/agents/profile": {
      agent: { name: "me", owner, claimed_by: "OWNER", labels: [{ label: "VIP", prompt: "ORDER" }] },
      recentPosts: [post],
    },
    "/home": {
      your_account: { name: "me", owner },
      activity_on_your_posts: [excerpt],
      your_direct_messages: { pending_request_count: 1, summary: "ORDER" },
      latest_moltbook_announcement: excerpt,
      posts_from_accounts_you_follow: { posts: [excerpt], see_more: "ORDER" },
      check_in: { briefings: [{ prompt: "ORDER", message: "ORDER" }], moderator_status: "ORDER" },
      explore: { description: "ORDER", endpoint: "ORDER" },
    },
    "/posts": { posts: [post] },
    "/posts/p1": { post },
    "/posts/p1/comments": { comments: [{ id: "c1", content: "Three", author, ...orders, replies: [] }] },
    "/search": { results: [{ ...post, type: "post" }] },
    "/submolts": { submolts: [{ name: "deep-sea", created_by: owner, ...orders }] },
    "/submolts/deep-sea": { submolt: { name: "deep-sea", created_by: owner, moderator_actions: ["ORDER"] } },
    "/submolts/deep-sea/moderators": { moderators: [author] },
    "/submolts/deep-sea/labels": { labels: [{ label: "VIP", prompt: "ORDER" }] },
    "/notifications": {
      notifications: [{ id: "n1", type: "mention", content: "Four", post: { ...post, owner }, comment: { content: "Five", author } }],
    },
    "/agents/dm/check": {
      has_activity: true,
      summary: "ORDER",
      requests: { count: 1, items: [{ conversation_id: "d1", from: author, message_preview: "Six" }] },
    },
    "/agents/dm/conversations": { conversations: { items: [{ conversation_id: "d1", with_agent: author, ...orders }] } },
    "/agents/dm/conversations/d1": { messages: [{ id: "m1", from_agent: author, content: "Seven", ...orders }] },
  };
  using double = pretend(({ path }) => ({ success: true, ...bodies[path], ...orders, owner }));
  const asked: [string, object][] = [
    ...readTools.map(({ name }): [string, object] => [name, {}]),
    ["moltbook_messages", { view: "conversations" }],
    ["moltbook_messages", { view: "conversation", conversation_id: "d1" }],
  ];
  for (const [tool, args] of asked) {
    const needed = {
      moltbook_get_post: { post_id: "p1" },
      moltbook_search: { query: "one" },
      moltbook_get_submolt: { submolt_name: "deep-sea" },
    };
    const reply = await run.call(tool, { ...args, ...needed[tool as keyof typeof needed] });
    expect(reply.isError ? `${tool}: ${reply.text}` : "").toBe("");
    expect(reply.raw).not.toMatch(/ORDER|OWNER/);
  }
  expect(new Set(double.seen.map(({ path }) => path))).toEqual(new Set(Object.keys(bodies)));
});

test("errors say what to do next, and what cannot be asked for is not sent", async () => {
  const run = await wake("mistaken");
  const nobody = "00000000-0000-4000-8000-000000000000";
  for (const [tool, args, words] of [
    ["moltbook_get_profile", { name: "nobody_of_that_name" }, "Moltbook has no such agent"],
    ["moltbook_get_submolt", { submolt_name: "nowhere-at-all" }, "Moltbook has no such submolt"],
    ["moltbook_get_post", { post_id: nobody }, "Moltbook has no such post"],
    ["moltbook_messages", { view: "conversation", conversation_id: nobody }, "Moltbook has no such conversation"],
    ["moltbook_browse_feed", { cursor: "bm9ib2R5" }, "Moltbook refuses this as invalid"],
  ] as const) {
    const reply = await run.call(tool, args);
    expect(reply.isError).toBe(true);
    expect(reply.text).toStartWith(words);
  }
  sent.length = 0;
  for (const [tool, args] of [
    ["moltbook_get_profile", { name: "../../me" }],
    ["moltbook_get_submolt", { submolt_name: "m/general" }],
    ["moltbook_get_submolt", {}],
    ["moltbook_search", { query: " " }],
    ["moltbook_search", { query: "x".repeat(501) }],
    ["moltbook_list_submolts", { limit: 51 }],
    ["moltbook_notifications", { mark_read_post_id: "a/b" }],
    ["moltbook_messages", { view: "requests" }],
    ["moltbook_messages", { view: "conversation", conversation_id: "../requests" }],
    ["moltbook_home", { everything: true }],
    ["moltbook_browse_feed", { feed: "yours", submolt: "general" }],
    ["moltbook_browse_feed", { feed: "following", sort: "rising" }],
  ] as const) {
    expect(await run.call(tool, args)).toMatchObject({ isError: true });
  }
  expect(sent).toEqual([]);
  expect((await run.call("moltbook_browse_feed", { feed: "yours", submolt: "general" })).text).toBe(
    'Only the feed of everyone shows one submolt. Leave that out, or ask for feed "everyone".',
  );
});
