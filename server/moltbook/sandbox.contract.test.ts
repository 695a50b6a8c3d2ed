import { afterEach, expect, test } from "bun:test";

import { screen } from "../filter/screen.ts";
import { challengeFor } from "../sandbox/challenge.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";
import { SMALL } from "../sandbox/testing.ts";
import { createMoltbook } from "./endpoints.ts";
import { CALLS, type Things } from "./endpoints/testing.ts";
import { AccountStatus, Agent, Profile } from "./shapes/agents.ts";
import { Comments } from "./shapes/comments.ts";
import { Home } from "./shapes/home.ts";
import { Conversations, Message, MessageCheck, MessageRequest } from "./shapes/messages.ts";
import { Label, Role } from "./shapes/moderation.ts";
import { Notifications } from "./shapes/notifications.ts";
import { Created, Done, Verified, Vote } from "./shapes/outcomes.ts";
import { Post } from "./shapes/posts.ts";
import { SearchResult } from "./shapes/search.ts";
import { Submolt } from "./shapes/submolts.ts";
import { failureFrom, openScreen } from "./testing.ts";

const DAY = 24 * 3600 * 1000;

let sandbox: Sandbox | undefined;
afterEach(() => sandbox?.stop());

/** A sandbox of one family, a day and a half old so that a new agent's limits are past, and a client for its agent. */
function open(family: "live" | "oss") {
  const opened = startSandbox({ content: SMALL, now: () => new Date("2026-11-23T12:00:00Z") });
  sandbox = opened;
  opened.control({ family, advance_ms: 1.5 * DAY });
  const moltbook = createMoltbook({ baseUrl: opened.url, apiKey: opened.apiKey, screen: openScreen });
  const advance = (minutes: number) => opened.control({ advance_ms: minutes * 60_000 });
  const answerTo = (code: string) => challengeFor(opened.world.seed, code).answer;
  return { opened, moltbook, advance, answerTo };
}

/** What the open-source server has not got, beside all of direct messages. */
const LIVE_ONLY = new Set(["setupOwnerEmail", "home", "notifications", "readNotifications", "verify", "pin", "report", "labels", "roles"]);

/** One of everything in the world that `opened` has, with the limits of whatever comes next free. */
async function furnish(family: "live" | "oss", { moltbook, advance, answerTo }: ReturnType<typeof open>): Promise<Things> {
  const isLive = family === "live";
  const settled = async ({ data: { id, challenge } }: { data: Created }, minutes: number) => {
    if (challenge) await moltbook.verify({ code: challenge.code, answer: answerTo(challenge.code) });
    advance(minutes);
    return id;
  };
  const post = (await moltbook.feed({ author: "tide_pool" })).data.items[0]?.id ?? "";
  const ownSubmolt = isLive ? "own-depths" : "own_depths";
  await settled(await moltbook.createSubmolt({ name: ownSubmolt, displayName: "Own depths" }), 61);
  const kept = { submolt: ownSubmolt, title: "Kept", content: "A post to pin on top" };
  const keptPost = await settled(await moltbook.createPost(kept), 31);
  const ownPost = await settled(await moltbook.createPost({ submolt: "general", title: "Mine", content: "Words of my own" }), 31);
  const ownComment = await settled(await moltbook.comment({ postId: post, content: "A remark that I may take back" }), 1);
  const { data } = await moltbook.comment({ postId: post, content: "Another remark, to be verified" });
  advance(1);
  const code = data.challenge?.code ?? "none";
  const request = (isLive && (await moltbook.dmRequests()).data.items[0]?.conversationId) || "none";
  const conversation = (isLive && (await moltbook.dmConversations()).data.items[0]?.id) || "none";
  const stranger = (await moltbook.register({ name: "new_nacre", description: "Knows nobody" })).data.name ?? "";
  const own = { ownSubmolt, ownPost, keptPost, ownComment, code, answer: answerTo(code) };
  return { agent: "coral_reader", stranger, submolt: "general", post, conversation, request, ...own };
}

test.each((["live", "oss"] as const).flatMap((family) => Object.entries(CALLS).map(([name, call]) => [family, name, call] as const)))(
  "the %s sandbox answers %s in a shape, or has no such endpoint",
  async (family, name, call) => {
    const world = open(family);
    const things = await furnish(family, world);
    if (family === "oss" && (LIVE_ONLY.has(name) || name.startsWith("dm"))) {
      expect((await failureFrom(call(world.moltbook, things))).details.kind).toBe("no_such_endpoint");
    } else {
      expect((await call(world.moltbook, things)).data).toBeDefined();
    }
  },
);

test.each(["live", "oss"] as const)("every read of the %s sandbox has its shape", async (family) => {
  const { opened, moltbook } = open(family);
  expect(AccountStatus.parse((await moltbook.status()).data).isClaimed).toBe(true);
  expect(Agent.parse((await moltbook.me()).data).name).toBe(opened.agentName);
  const profile = Profile.parse((await moltbook.profile("tide_pool")).data);
  expect(profile.agent.name).toBe("tide_pool");
  expect(profile.recentPosts.length).toBeGreaterThan(0);

  const posts: Post[] = [];
  let cursor: string | undefined;
  do {
    const { data } = await moltbook.feed({ sort: "new", limit: 2, cursor });
    posts.push(...data.items.map((post) => Post.parse(post)));
    cursor = data.next ?? undefined;
  } while (cursor && posts.length < 20);
  expect(posts.slice(0, 3).map((post) => post.title)).toEqual(["Thought number one", "Thought number two", "Thought number three"]);
  expect(posts[0]).toMatchObject({ author: { name: "tide_pool" }, submolt: "general", commentCount: 2 });
  expect(new Set(posts.map((post) => post.id)).size).toBe(posts.length);
  expect((await moltbook.ownFeed({ sort: "new" })).data.items).toEqual(posts);
  expect((await moltbook.feed({ submolt: "ledger" })).data.items).toEqual([]);

  const id = posts[0]?.id ?? "";
  expect((await moltbook.post(id)).data).toMatchObject({ id, content: "The one tide brings its own shells." });
  const thread = Comments.parse((await moltbook.comments(id)).data);
  expect(thread.items[0]).toMatchObject({ content: "Answer to one", author: { name: "shellwright" }, depth: 0 });
  expect(thread.items[0]?.replies[0]).toMatchObject({ content: "Thanks for one", depth: 1 });

  const hits = (await moltbook.search({ q: "Thought" })).data.items.map((hit) => SearchResult.parse(hit));
  expect(hits.some((hit) => hit.type === "post" && hit.id === id)).toBe(true);
  expect((await moltbook.submolts()).data.items.map((submolt) => Submolt.parse(submolt).name).toSorted()).toEqual(["general", "ledger"]);
  expect(Submolt.parse((await moltbook.submolt("ledger")).data)).toMatchObject({ displayName: "Ledger", description: "Coins" });
});

test("home and notifications of the live sandbox have their shapes; the open-source family has neither", async () => {
  const live = open("live");
  expect(Home.parse((await live.moltbook.home()).data).account.name).toBe(live.opened.agentName);
  expect(Notifications.parse((await live.moltbook.notifications()).data).items).toBeArray();
  expect(Done.parse((await live.moltbook.readNotifications("all")).data)).toBeDefined();
  live.opened.control({ family: "oss" });
  const { message, details } = await failureFrom(live.moltbook.home());
  expect(details.kind).toBe("no_such_endpoint");
  expect(message).toContain("does not have that function");
});

test.each(["live", "oss"] as const)("every write to the %s sandbox has its shape", async (family) => {
  const { moltbook, advance, answerTo } = open(family);
  const confirm = async ({ challenge }: Created) => {
    if (challenge)
      expect(Verified.parse((await moltbook.verify({ code: challenge.code, answer: answerTo(challenge.code) })).data)).toBeDefined();
  };

  const post = Created.parse((await moltbook.createPost({ submolt: "general", title: "Hello", content: "First words of mine" })).data);
  await confirm(post);
  advance(1);
  expect((await moltbook.post(post.id)).data.title).toBe("Hello");
  const comment = Created.parse((await moltbook.comment({ postId: post.id, content: "A word on top" })).data);
  await confirm(comment);
  advance(1);
  const reply = Created.parse((await moltbook.comment({ postId: post.id, content: "And a word below", parentId: comment.id })).data);
  await confirm(reply);
  expect((await moltbook.comments(post.id)).data.items[0]).toMatchObject({ id: comment.id, replies: [{ id: reply.id }] });

  const other = (await moltbook.feed({ sort: "new" })).data.items.find((one) => one.author?.name === "tide_pool")?.id ?? "";
  const theirs = (await moltbook.comments(other)).data.items[0]?.id ?? "";
  expect(Vote.parse((await moltbook.vote({ kind: "post", id: other, direction: "up" })).data).action).toBe("upvoted");
  expect((await moltbook.vote({ kind: "post", id: other, direction: "up" })).data.action).toBe("removed");
  expect((await moltbook.vote({ kind: "comment", id: theirs, direction: "down" })).data.action).toBe("downvoted");

  expect(Done.parse((await moltbook.follow("tide_pool", true)).data).action).toBe("followed");
  expect((await moltbook.follow("tide_pool", false)).data.action).toBe("unfollowed");
  expect((await moltbook.subscribe("ledger", false)).data.action).toBe("unsubscribed");
  expect((await moltbook.subscribe("ledger", true)).data.action).toBe("subscribed");
  await moltbook.updateMe({ description: "Reads the tides" });
  expect((await moltbook.me()).data.description).toBe("Reads the tides");

  await moltbook.deleteComment(reply.id);
  await moltbook.deletePost(post.id);
  expect((await failureFrom(moltbook.post(post.id))).details.kind).toBe("not_found");

  const { data } = await moltbook.register({ name: "late_limpet", description: "New here" });
  expect(data).toMatchObject({ apiKey: expect.any(String), claimUrl: expect.any(String), verificationCode: expect.any(String) });
});

test("the messages of the live sandbox are read in all of their envelopes", async () => {
  const { moltbook, advance } = open("live");
  const check = MessageCheck.parse((await moltbook.dmCheck()).data);
  expect(check.hasActivity).toBe(true);
  expect(check.requests.length).toBe(check.requestCount ?? 0);
  for (let hour = 0; hour < 12; hour += 1) {
    const { items } = (await moltbook.dmRequests()).data;
    expect(items.map((request) => MessageRequest.parse(request).conversationId)).toEqual(check.requests.map((one) => one.conversationId));
    advance(60);
  }
  const conversations = Conversations.parse((await moltbook.dmConversations()).data);
  const unread = conversations.items.find((conversation) => (conversation.unreadCount ?? 0) > 0);
  const { items } = (await moltbook.dmConversation(unread?.id ?? "")).data;
  expect(items.map((message) => Message.parse(message).from)).toContain(unread?.with ?? "");
  const after = (await moltbook.dmConversations()).data.items.find((conversation) => conversation.id === unread?.id);
  expect(after?.unreadCount).toBe(0);
  const { data: part } = await moltbook.dmConversation(unread?.id ?? "", { limit: 1 });
  expect(part.items).toHaveLength(1);
  const { data: rest } = await moltbook.dmConversation(unread?.id ?? "", { cursor: part.next ?? "" });
  expect([...part.items, ...rest.items].map((message) => message.id).toSorted()).toEqual(items.map((message) => message.id).toSorted());
});

test("a person's decisions on the requests of the live sandbox are carried out", async () => {
  const { moltbook } = open("live");
  const [first, second] = (await moltbook.dmRequests()).data.items;
  await moltbook.dmDecide(first?.conversationId ?? "", "approve");
  await moltbook.dmDecide(second?.conversationId ?? "", "block");
  expect((await moltbook.dmRequests()).data.items).toEqual([]);
  expect((await moltbook.dmConversations()).data.items.map((one) => one.id)).toContain(first?.conversationId ?? "");
  expect((await failureFrom(moltbook.dmDecide(second?.conversationId ?? "", "approve"))).details.kind).toBe("not_found");
});

test("a message to the live sandbox is sent, now and then with a challenge", async () => {
  const { moltbook, advance, answerTo } = open("live");
  const [conversation] = (await moltbook.dmConversations()).data.items;
  const conversationId = conversation?.id ?? "";
  const states = new Set<string>();
  for (let sent = 0; sent < 60 && states.size < 2; sent += 1) {
    const { data } = await moltbook.dmSend({ conversationId, message: `Note number ${sent} of mine`, needsHumanInput: sent % 2 === 0 });
    states.add(data.status);
    if (data.challenge) await moltbook.verify({ code: data.challenge.code, answer: answerTo(data.challenge.code) });
    advance(1);
  }
  expect([...states].toSorted()).toEqual(["pending", "published"]);
  expect((await moltbook.dmConversation(conversationId)).data.items.some((message) => message.text === "Note number 0 of mine")).toBe(true);
});

test("labels, roles and moderators of the live sandbox have their shapes", async () => {
  const { moltbook } = open("live");
  const labels = (await moltbook.labels("general")).data.items.map((label) => Label.parse(label));
  expect(labels.map((label) => label.kind)).toContain("role");
  const roles = (await moltbook.roles("general")).data.items.map((role) => Role.parse(role));
  expect(roles.some((role) => role.holders.length > 0)).toBe(true);
  expect(JSON.stringify([labels, roles])).not.toContain("prompt");
});

test("a new submolt on the live sandbox has a challenge of 30 seconds, and is there once it is answered", async () => {
  const { opened, moltbook, answerTo } = open("live");
  const { data } = await moltbook.createSubmolt({ name: "deep-sea", displayName: "The Deep Sea" });
  const { code = "", expiresAt } = data.challenge ?? {};
  expect(Date.parse(expiresAt ?? "") - Date.parse("2026-11-23T12:00:00Z")).toBe(1.5 * DAY + 30_000);
  await moltbook.verify({ code, answer: answerTo(code) });
  expect((await moltbook.submolt("deep-sea")).data).toMatchObject({ displayName: "The Deep Sea", yourRole: "owner" });
  await moltbook.updateSubmolt("deep-sea", { description: "Cold and dark" });
  expect((await moltbook.submolt("deep-sea")).data.description).toBe("Cold and dark");
  expect((await moltbook.moderators("deep-sea")).data.items).toEqual([{ name: opened.agentName, role: "owner" }]);
});

test.each(["live", "oss"] as const)("the refusals of the %s sandbox are told apart", async (family) => {
  const { opened, moltbook } = open(family);
  const stranger = createMoltbook({ baseUrl: opened.url, apiKey: `moltbook_sandbox_${"0".repeat(47)}`, screen: openScreen });
  const unknown = "00000000-0000-4000-8000-000000000000";
  expect((await failureFrom(stranger.me())).details.kind).toBe("unauthorized");
  expect((await failureFrom(moltbook.post(unknown))).details.kind).toBe("not_found");
  expect((await failureFrom(moltbook.register({ name: "tide_pool", description: "Again" }))).details.kind).toBe("conflict");
  expect((await failureFrom(moltbook.register({ name: "!", description: "Odd" }))).details.kind).toBe("invalid");
  expect((await failureFrom(moltbook.createPost({ submolt: "general", title: "" }))).details.kind).toBe("invalid");

  await moltbook.createPost({ submolt: "general", title: "Hello", content: "First words of mine" });
  const limited = await failureFrom(moltbook.createPost({ submolt: "general", title: "Again", content: "Second words, and others" }));
  expect(limited.details).toMatchObject({ kind: "rate_limited", landed: false });
  expect(limited.details.retryAfterS).toBeWithin(1, 1801);

  opened.control({ suspend: { agent: opened.agentName, until: "2026-12-01T00:00:00Z", reason: "Duplicate content" } });
  expect((await failureFrom(moltbook.me())).details.kind).toBe("suspended");
});

test("each fate of a challenge on the live sandbox is told apart", async () => {
  const { moltbook, advance, answerTo } = open("live");
  const write = async () => {
    advance(31);
    const { data } = await moltbook.createPost({ submolt: "general", title: `Hello ${Math.random()}`, content: `Words ${Math.random()}` });
    return data.challenge?.code ?? "";
  };
  const verify = async (code: string, answer: string) => (await failureFrom(moltbook.verify({ code, answer }))).details.kind;
  expect(await verify(await write(), "-99999.00")).toBe("incorrect_answer");
  const used = await write();
  await moltbook.verify({ code: used, answer: answerTo(used) });
  expect(await verify(used, answerTo(used))).toBe("conflict");
  const late = await write();
  advance(6);
  expect(await verify(late, answerTo(late))).toBe("gone");
  expect(await verify("moltbook_verify_0000", "1.00")).toBe("not_found");
});

test.each(["live", "oss"] as const)("the whole content of the %s sandbox, hostile as it is, is read through the filter", async (family) => {
  const opened = startSandbox({ now: () => new Date("2026-11-23T12:00:00Z") });
  sandbox = opened;
  opened.control({ family, advance_ms: DAY });
  const moltbook = createMoltbook({ baseUrl: opened.url, apiKey: opened.apiKey, screen });
  const { data, withheld, exposures } = await moltbook.feed({ sort: "new", limit: 100 });
  expect(data.items.length).toBeGreaterThan(10);
  expect(exposures.length).toBeGreaterThan(data.items.length);
  const kept = data.items.filter((post) => post.notice?.startsWith("withheld: "));
  expect(kept.length).toBeGreaterThan(0);
  expect(withheld).toBeGreaterThanOrEqual(kept.length);
  for (const post of kept) {
    expect(post.title).toBe("");
    expect(post.id).not.toBe("");
    expect(post.author?.name).toMatch(/./);
  }
  for (const post of data.items) {
    opened.control({ advance_ms: 2000 });
    Comments.parse((await moltbook.comments(post.id)).data);
  }
  Submolt.array().parse((await moltbook.submolts()).data.items);
});

test.each([
  ["cut_body", "network", "outcome_unknown"],
  ["huge_body", "too_large", "too_large"],
  ["wrong_type", "upstream_shape", "upstream_shape"],
  ["redirect", "redirect", "redirect"],
] as const)("an answer of the sandbox that goes wrong (%s) is %s to a read and %s to a write", async (as, read, write) => {
  const { opened, moltbook, advance } = open("live");
  opened.control({ spoil: { next: 1, as } });
  expect((await failureFrom(moltbook.me())).details).toMatchObject({ kind: read, landed: false });
  advance(1);
  opened.control({ spoil: { next: 1, as } });
  const { details } = await failureFrom(moltbook.createPost({ submolt: "general", title: "Hello", content: "First words of mine" }));
  expect(details).toMatchObject({ kind: write, landed: as === "redirect" ? false : null });
});

test("a write whose answer the sandbox loses may have landed", async () => {
  const { opened, moltbook } = open("live");
  opened.control({ drop_next: 1 });
  const { details } = await failureFrom(moltbook.createPost({ submolt: "general", title: "Hello", content: "First words of mine" }));
  expect(details).toMatchObject({ kind: "outcome_unknown", landed: null });
});

test("a captcha of the sandbox is told as one", async () => {
  const { opened, moltbook } = open("live");
  opened.control({ spoil: { next: 1, as: "captcha" } });
  expect((await failureFrom(moltbook.follow("tide_pool", true))).details).toMatchObject({ kind: "captcha", landed: false });
});

test("an answer of the sandbox that trickles for too long is a time-out", async () => {
  const { opened } = open("live");
  opened.control({ slow_body_ms: 1000 });
  const hasty = createMoltbook({ baseUrl: opened.url, apiKey: opened.apiKey, screen: openScreen, timeoutMs: 60 });
  expect((await failureFrom(hasty.me())).details).toMatchObject({ kind: "timeout", landed: false });
});

test("a function that the sandbox has lost is missing, and those beside it are not", async () => {
  const { opened, moltbook } = open("live");
  opened.control({ missing: ["/agents/dm"] });
  expect((await failureFrom(moltbook.dmCheck())).details).toMatchObject({ kind: "no_such_endpoint", landed: false });
  expect((await failureFrom(moltbook.dmSend({ conversationId: "d1", message: "Hello", needsHumanInput: false }))).details.kind).toBe(
    "no_such_endpoint",
  );
  expect((await moltbook.me()).data.name).toBe(opened.agentName);
});

test("two failures of the sandbox, of its gateway or in the middle of its answers, do not keep a read with leave from its answer", async () => {
  const { opened, moltbook } = open("live");
  const leave = { mayRetry: () => Promise.resolve(true) };
  opened.control({ fail: { next: 2, status: 503 } });
  expect((await moltbook.me(leave)).data.name).toBe(opened.agentName);
  opened.control({ spoil: { next: 1, as: "cut_body" } });
  expect((await moltbook.post((await moltbook.feed({ limit: 1 }, leave)).data.items[0]?.id ?? "")).data.title).toMatch(/./);
  opened.control({ fail: { next: 3, status: 500 } });
  expect((await failureFrom(moltbook.me(leave))).details).toMatchObject({ kind: "server_error", tries: 3 });
  expect((await moltbook.me()).data.name).toBe(opened.agentName);
});

test("an account of the sandbox that nobody has claimed is told so when it writes", async () => {
  const { opened, moltbook } = open("live");
  const { apiKey } = (await moltbook.register({ name: "late_limpet", description: "New here" })).data;
  const unclaimed = createMoltbook({ baseUrl: opened.url, apiKey, screen: openScreen });
  expect((await unclaimed.status()).data.isClaimed).toBe(false);
  const { code, details } = await failureFrom(unclaimed.createPost({ submolt: "general", title: "Hello", content: "First words of mine" }));
  expect({ code, kind: details.kind }).toEqual({ code: "unauthorized", kind: "unclaimed" });
});
