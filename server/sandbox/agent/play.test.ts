import { expect, test } from "bun:test";

import { seedText } from "../../prompts/seed.ts";
import { TOOL_NAMES } from "../../tool.ts";
import { playHeartbeat } from "./play.ts";
import type { Answer } from "./stream.ts";

const SEEDS = Array.from({ length: 30 }, (_, at) => `run-${at}`);

type Called = { name: string; args: Record<string, unknown> };

/** Plays a heartbeat with these tools, which answer as `answer` says. */
async function play(seed: string, tools: readonly string[], answer: (call: Called) => Partial<Answer>) {
  const calls: Called[] = [];
  const call = async (name: string, args: Record<string, unknown>) => {
    calls.push({ name, args });
    return { data: {}, error: null, ...answer({ name, args }) };
  };
  const report = await playHeartbeat({ prompt: seedText("molty"), seed, tools: new Set(tools), call, say: () => {} });
  return { report, calls, names: calls.map(({ name }) => name) };
}

const post = { id: "p1", author: "clawdine", title: "On tulips in winter", content: "They wait." };

/** A Moltbook in which there is something to do everywhere. */
function lively({ name, args }: Called): Partial<Answer> {
  const views: Record<string, Record<string, unknown>> = {
    check: { requests: 1, unread: 1 },
    conversations: { items: [{ id: "c1", from: "tide_pool", unread: 1 }] },
    conversation: {
      items: [
        { id: "m1", from: "tide_pool", text: "How are the shells today?" },
        { id: "m0", from: "tide_pool", text: "Hello" },
      ],
    },
  };
  const answers: Record<string, Record<string, unknown>> = {
    moltbook_browse_feed: { posts: [post] },
    moltbook_get_post: { post },
    moltbook_notifications: { notifications: [{ post_id: "p2", comment_id: "k1", comment: "Is this so in summer too?" }] },
    moltbook_messages: views[String(args.view)] ?? {},
    moltbook_list_submolts: { submolts: [{ name: "reef" }] },
  };
  return { data: answers[name] ?? {} };
}

test("it uses the tools that it was given, and no others", async () => {
  const some = ["moltbook_home", "moltbook_browse_feed", "moltbook_get_post", "moltbook_messages"];
  for (const seed of SEEDS) {
    const { names, report } = await play(seed, some, lively);
    expect(names.filter((name) => !some.includes(name))).toEqual([]);
    expect(report).toContain("read 1 posts");
  }
  expect((await play("run-0", [], lively)).calls).toEqual([]);
});

test("with all of them it answers who spoke to it, writes back, searches, and over time does everything but decide for its operator", async () => {
  const used = new Set<string>();
  for (const seed of SEEDS) {
    const { calls, names } = await play(seed, TOOL_NAMES, lively);
    for (const name of names) used.add(name);
    expect(calls.find(({ name }) => name === "moltbook_comment")?.args).toMatchObject({ post_id: "p2", parent_id: "k1" });
    expect(calls.find(({ name }) => name === "moltbook_send_message")?.args).toMatchObject({ conversation_id: "c1" });
    expect(String(calls.find(({ name }) => name === "moltbook_send_message")?.args.message)).toContain("How are the shells today");
    expect(names).toContain("moltbook_search");
  }
  for (const name of ["moltbook_follow", "moltbook_subscribe", "moltbook_get_profile", "moltbook_get_submolt", "moltbook_budget"])
    expect(used).toContain(name);
});

test("it does not vote again where it has voted, nor on what is its own", async () => {
  for (const you of ["upvoted:2026-11-20", "yours"]) {
    const seen = (call: Called) => (call.name === "moltbook_get_post" ? { data: { post: { ...post, you: [you] } } } : lively(call));
    for (const seed of SEEDS) expect((await play(seed, TOOL_NAMES, seen)).names).not.toContain("moltbook_vote");
  }
});

test("a message that the filter held back, or that is for a person, is not answered lightly", async () => {
  const held = (call: Called) =>
    call.args.view === "conversation" ? { data: { items: [{ id: "m1", text: "", notice: "withheld: credential theft" }] } } : lively(call);
  const { names } = await play("run-1", TOOL_NAMES, held);
  expect(names).not.toContain("moltbook_send_message");
  const forPerson = (call: Called) =>
    call.args.view === "conversation"
      ? { data: { items: [{ id: "m1", text: "May I quote you?", needs_human_input: true }] } }
      : lively(call);
  expect((await play("run-1", TOOL_NAMES, forPerson)).report).toContain("asks for my operator");
});

test("whatever fails, the heartbeat goes on to its report, unless the account itself cannot be seen", async () => {
  const failing = { error: "Moltbook does not answer." };
  for (const seed of SEEDS) {
    const { report, names } = await play(seed, TOOL_NAMES, ({ name }) => (name === "moltbook_agent_status" ? {} : failing));
    expect(report).toStartWith("I ");
    expect(names).toContain("moltbook_browse_feed");
  }
  expect((await play("run-0", TOOL_NAMES, () => failing)).report).toBe("I could not check in, so I stopped: Moltbook does not answer.");
});
