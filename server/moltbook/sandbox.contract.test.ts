import { afterEach, expect, test } from "bun:test";

import { screen } from "../filter/screen.ts";
import { challengeFor } from "../sandbox/challenge.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";
import { SMALL } from "../sandbox/testing.ts";
import { createMoltbook } from "./endpoints.ts";
import { AccountStatus, Agent, Profile } from "./shapes/agents.ts";
import { Comments } from "./shapes/comments.ts";
import { Home } from "./shapes/home.ts";
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

test("the faults of a server on its way are told apart", async () => {
  const { opened, moltbook } = open("live");
  opened.control({ fail: { next: 1, status: 503 } });
  expect((await failureFrom(moltbook.me())).details).toMatchObject({ kind: "server_error", status: 503 });
  opened.control({ drop_next: 1 });
  const { details } = await failureFrom(moltbook.createPost({ submolt: "general", title: "Hello", content: "First words of mine" }));
  expect(details).toMatchObject({ kind: "outcome_unknown", landed: null });
});
