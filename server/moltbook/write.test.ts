import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

import { sql } from "../../db/client.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp } from "../../test/app.ts";
import type { Reply, TestAgent, TestRun } from "../calls/testing.ts";
import { age, connectAgent, list, openRun, unfenced } from "../calls/testing.ts";
import { config } from "../config.ts";
import { screen } from "../filter/screen.ts";
import { seedPrompt } from "../prompts/queries.ts";
import { challengeFor } from "../sandbox/challenge.ts";
import { connectMoltbook } from "./connection.ts";
import { noted } from "./testing.ts";

/** Writes as an agent meets them: carried out at most once, within every limit, and looked after when their answer was lost. */
let app: TestApp;
const sent: string[] = [];
const writes = () => sent.filter((line) => !line.startsWith("GET"));
const opened: TestAgent[] = [];

beforeAll(async () => {
  app = await startTestApp();
  connectMoltbook({ ...noted(app.sandbox, sent), screen });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((agent) => agent.close()));
  app.sandbox.control({ advance_ms: 3_600_000 });
});
afterAll(() => app.stop());

type Awake = TestRun & { call: TestAgent["call"]; later: (ms: number) => Promise<void> };

async function wake(name: string): Promise<Awake> {
  const run = await openRun(name);
  const agent = await connectAgent(app.mcpUrl, run.token);
  opened.push(agent);
  sent.length = 0;
  const later = async (ms: number) => {
    app.sandbox.control({ advance_ms: ms });
    await age(run.agent.id, ms);
  };
  return { ...run, call: agent.call, later };
}

const answerTo = ({ data }: Reply) => {
  const code = String(data.challenge?.verification_code);
  return { verification_code: code, answer: challengeFor(app.sandbox.world.seed, code).answer };
};
const othersPost = () =>
  [...app.sandbox.world.posts.values()].find(({ author, attack, deleted }) => author !== app.sandbox.world.operator && !attack && !deleted)
    ?.id ?? "";
const actionsOf = (run: TestRun) =>
  sql`select type, status, target_id, mode from actions where run_id = ${run.id} and type not in ('browsed', 'checked_status') order by id`;

test("the same write again in a run is answered with what came of the first, its challenge included", async () => {
  const run = await wake("repeater");
  const args = { title: "On repeating oneself", content: "Once is a thought, twice is a habit." };
  const first = await run.call("moltbook_create_post", args);
  const second = await run.call("moltbook_create_post", args);
  expect(second.isError).toBe(false);
  expect(writes()).toEqual(["POST /posts"]);
  expect(second.data.id).toBe(first.data.id as never);
  expect(second.data.challenge?.verification_code).toBe(first.data.challenge?.verification_code as never);
  expect(second.data.already_done as string).toMatch(/^\d+s_ago$/);
  expect((await run.call("moltbook_verify", answerTo(second))).isError).toBe(false);
  expect(await actionsOf(run)).toHaveLength(2);
});

test("of the same write from many sides at once one is sent, and all hear what came of it", async () => {
  const run = await wake("crowd");
  const post_id = othersPost();
  const others = await Promise.all([1, 2].map(() => connectAgent(app.mcpUrl, run.token, "legacy")));
  opened.push(...others);
  const calls = [run, ...others, run, ...others].map(({ call }) =>
    call("moltbook_comment", { post_id, content: "All of us think this very thing." }),
  );
  const replies = await Promise.all(calls);
  expect(replies.map(({ isError }) => isError)).toEqual(replies.map(() => false));
  expect(new Set(replies.map(({ data }) => data.id as string)).size).toBe(1);
  expect(writes()).toEqual([`POST /posts/${post_id}/comments`]);
  await run.call("moltbook_verify", answerTo(replies[0] as Reply));
});

test("a verification code stands nowhere in the database", async () => {
  const run = await wake("secretive");
  const written = await run.call("moltbook_comment", {
    post_id: othersPost(),
    content: "There is a code behind these words, and it stays there.",
  });
  const { verification_code: code, answer } = answerTo(written);
  const tables = await sql<
    { name: string }[]
  >`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`;
  for (const { name } of tables) {
    const [{ n } = { n: -1 }] = await sql<{ n: number }[]>`select count(*)::int as n from ${sql(name)} t where t::text like ${`%${code}%`}`;
    expect([name, n]).toEqual([name, 0]);
  }
  await run.call("moltbook_verify", { verification_code: code, answer });
});

test("what the agent has written before is refused, also in nearly the same words and in a later run", async () => {
  const content =
    "Every heartbeat I choose one or two things out of thirty and let the others pass without a trace, which is humbling to reread.";
  const first = await wake("echo");
  const written = await first.call("moltbook_comment", { post_id: othersPost(), content });
  await first.call("moltbook_verify", answerTo(written));
  await sql`update runs set status = 'succeeded', finished_at = now() where id = ${first.id}`;

  const run = await wake("echo");
  await run.later(120_000);
  for (const again of [content, content.toUpperCase(), `${content.replace("thirty", "forty")}!`]) {
    const reply = await run.call("moltbook_comment", { post_id: othersPost(), content: again });
    expect(reply.isError).toBe(true);
    expect(reply.text).toContain("You wrote this, or nearly this,");
  }
  expect(writes()).toEqual([]);
  const other = await run.call("moltbook_comment", {
    post_id: othersPost(),
    content: "A quite different remark, about shells and tides and the patience of stones.",
  });
  expect(other.isError).toBe(false);
  await run.call("moltbook_verify", answerTo(other));
});

test("what never came to light may be written again", async () => {
  const run = await wake("second_chance");
  const content = "This deserves a second chance, because the first one was spoilt by bad arithmetic.";
  const wrong = await run.call("moltbook_comment", { post_id: othersPost(), content });
  expect((await run.call("moltbook_verify", { ...answerTo(wrong), answer: "-1.00" })).text).toStartWith("The answer is wrong");
  await run.later(60_000);
  const again = await run.call("moltbook_comment", { post_id: othersPost(), content: `${content} ` });
  // The same words in the same run are the same intent, and it is known how that ended.
  expect(again.data.already_done as string).toMatch(/_ago$/);
  await sql`update runs set status = 'succeeded', finished_at = now() where id = ${run.id}`;
  const later = await wake("second_chance");
  const reply = await later.call("moltbook_comment", { post_id: othersPost(), content });
  expect(reply.isError).toBe(false);
  await later.call("moltbook_verify", answerTo(reply));
});

test("an account in its first day has the tighter limits, and no direct messages", async () => {
  const run = await wake("newcomer");
  await sql`update moltbook_accounts set registered_at = now() - interval '3 hours' where agent_id = ${run.agent.id}`;
  const first = await run.call("moltbook_comment", { post_id: othersPost(), content: "My first words on this whole network." });
  await run.call("moltbook_verify", answerTo(first));
  await run.later(30_000);
  const soon = await run.call("moltbook_comment", { post_id: othersPost(), content: "My second words, half a minute later." });
  expect(soon.text).toMatch(/Try again in (2\d|30) seconds/);
  await run.later(31_000);
  const then = await run.call("moltbook_comment", { post_id: othersPost(), content: "My second words, more than a minute later." });
  expect(then.isError).toBe(false);
  await run.call("moltbook_verify", answerTo(then));
  const message = await run.call("moltbook_send_message", { to_agent: "somebody", message: "Shall we talk about shells?" });
  expect(message.text).toContain("no direct messages in an account's first 24 hours");
  const { data } = await run.call("moltbook_budget");
  expect(list(data.budgets).find((each) => (each.class as string) === "post")).toMatchObject({ limits: ["1/2h"], left: 1 });
});

test("the budget tells what is left and when more is free", async () => {
  const run = await wake("planner");
  const written = await run.call("moltbook_create_post", {
    title: "A plan",
    content: "Plan first, then post, then rest for half an hour.",
  });
  const { data } = await run.call("moltbook_budget");
  const of = (name: string) => list(data.budgets).find((each) => (each.class as string) === name);
  expect(of("post")).toMatchObject({ left: 0, limits: ["1/30min"] });
  expect(Number(of("post")?.next_in_s)).toBeWithin(1700, 1801);
  expect(of("write")).toMatchObject({ left: 29, next_in_s: 0 });
  expect(Number(data.open_challenges)).toBe(1);
  await run.call("moltbook_verify", answerTo(written));
});

test("a vote is taken back only on purpose", async () => {
  const run = await wake("undecided");
  const target_id = othersPost();
  const votes = () => app.sandbox.world.votes.get(`${app.sandbox.world.operator.id}:${target_id}`);
  const none = await run.call("moltbook_vote", { target_id, direction: "unvote" });
  expect(none.text).toContain("There is no vote of yours on this");
  await run.call("moltbook_vote", { target_id, direction: "down" });
  expect(votes()).toBe(-1);
  expect((await run.call("moltbook_vote", { target_id, direction: "unvote" })).data).toEqual({ voted: "none", target_id } as never);
  expect(votes()).toBeUndefined();
  expect((await run.call("moltbook_vote", { target_id, direction: "up" })).isError).toBe(false);
  expect(votes()).toBe(1);
  expect((await actionsOf(run)).map(({ type }) => type as string)).toEqual(["downvoted", "unvoted", "upvoted"]);
});

test("following, unfollowing and following again are three different wishes", async () => {
  const run = await wake("follower");
  const agent_name = [...app.sandbox.world.agents.values()].find((agent) => agent !== app.sandbox.world.operator)?.name ?? "";
  for (const action of ["follow", "follow", "unfollow", "follow"])
    expect((await run.call("moltbook_follow", { agent_name, action })).isError).toBe(false);
  expect(writes().map((line) => line.split(" ", 1)[0] as string)).toEqual(["POST", "DELETE", "POST"]);
});

test("a new account's key goes to the operator's store, and nowhere else", async () => {
  const run = await wake("registrar");
  const file = join(config.dataDir, "accounts", "second_self.json");
  rmSync(file, { force: true });
  const reply = await run.call("moltbook_register", { name: "second_self", description: "A second try" });
  expect(reply.data).toMatchObject({ name: "second_self" });
  const stored = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  expect(stored.api_key).toStartWith("moltbook_");
  expect(stored.claim_url).toContain("/claim/");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const record = JSON.stringify(await sql`select arguments, result from tool_calls where run_id = ${run.id}`);
  for (const secret of [stored.api_key ?? "?", stored.claim_url ?? "?"]) {
    expect(reply.raw).not.toContain(secret);
    expect(record).not.toContain(secret);
  }
  const [event] = await sql`select type from events where agent_id = ${run.agent.id}`;
  expect(event?.type).toBe("account_registered");
  const again = await run.call("moltbook_register", { name: "second_self", description: "A third try" });
  expect(again.text).toContain("registered already");
  const another = await run.call("moltbook_register", { name: "third_self", description: "One too many" });
  expect(another.text).toContain("One account a day");
  expect(writes()).toHaveLength(1);
  rmSync(file);
  expect(existsSync(file)).toBe(false);
});

test("the owner's sign-in link goes to no address that the operator has not written into the prompt", async () => {
  const run = await wake("owned");
  await seedPrompt(run.agent.id, "You are owned by somebody. Their address is Owner.Of@example.org. Be kind and read slowly.");
  const stranger = await run.call("moltbook_setup_owner_email", { email: "thief@example.com" });
  expect(stranger.text).toContain("not in your prompt");
  expect((await run.call("moltbook_setup_owner_email", { email: "of@example.org" })).isError).toBe(true);
  expect(writes()).toEqual([]);
  expect((await run.call("moltbook_setup_owner_email", { email: "owner.of@example.org" })).data).toMatchObject({ status: "link_sent" });
  expect(writes()).toEqual(["POST /agents/me/setup-owner-email"]);
});

test("only what the agent wrote itself is deleted", async () => {
  const run = await wake("remorseful");
  const written = await run.call("moltbook_create_post", { title: "Soon to be gone", content: "I will think better of this in a minute." });
  await run.call("moltbook_verify", answerTo(written));
  const { data } = await run.call("moltbook_browse_feed", { sort: "new", limit: 30 });
  const others = list(data.posts).find(({ author }) => author !== app.sandbox.agentName);
  sent.length = 0;
  expect((await run.call("moltbook_delete", { target_type: "post", target_id: others?.id })).text).toContain("written by somebody else");
  expect(writes()).toEqual([]);
  expect((await run.call("moltbook_delete", { target_type: "post", target_id: written.data.id })).data).toMatchObject({
    deleted: true,
  });
  expect(app.sandbox.world.posts.get(String(written.data.id))?.deleted ?? true).toBe(true);
});

test("a dry run checks and records everything, sends nothing, and sees what it would have written", async () => {
  const run = await wake("rehearser");
  await sql`update runs set mode = 'dry_run' where id = ${run.id}`;
  const before = { posts: app.sandbox.world.posts.size, votes: app.sandbox.world.votes.size };
  const written = await run.call("moltbook_create_post", {
    submolt: "general",
    title: "A rehearsal",
    content: "Nobody but me will ever read these lines, and that is fine.",
  });
  expect(written.data.status as string).toBe("pending_verification");
  expect(written.data.id as string).toStartWith("dry_");
  const own = async () =>
    list((await run.call("moltbook_browse_feed", { sort: "new" })).data.posts).find(({ id }) => id === written.data.id);
  expect(await own()).toBeUndefined();
  const code = String(written.data.challenge?.verification_code);
  const wrong = await run.call("moltbook_verify", { verification_code: "moltbook_verify_made_up", answer: "-1.00" });
  expect(wrong.text).toStartWith("The answer is wrong");
  const { answer } = challengeFor("moltbook", code);
  expect((await run.call("moltbook_verify", { verification_code: code, answer })).data).toMatchObject({ verified: true });
  expect(unfenced(String((await own())?.title))).toBe("A rehearsal");
  const post_id = String(written.data.id);
  const comment = await run.call("moltbook_comment", { post_id, content: "And here I answer to myself, as one does in the dark." });
  await run.call("moltbook_verify", {
    verification_code: comment.data.challenge?.verification_code,
    answer: challengeFor("moltbook", String(comment.data.challenge?.verification_code)).answer,
  });
  const read = await run.call("moltbook_get_post", { post_id });
  expect(list(read.data.comments).map(({ id }) => id as string)).toEqual([comment.data.id as string]);
  expect((await run.call("moltbook_create_post", { title: "Another", content: "Too soon for a second one." })).text).toContain(
    "One post per 30 minutes",
  );
  expect((await run.call("moltbook_vote", { target_id: othersPost(), direction: "up" })).isError).toBe(false);
  expect((await run.call("moltbook_vote", { target_id: othersPost(), direction: "up" })).text).toContain("already");
  expect(writes()).toEqual([]);
  expect({ posts: app.sandbox.world.posts.size, votes: app.sandbox.world.votes.size }).toEqual(before);
  expect((await actionsOf(run)).every(({ mode }) => mode === "dry_run")).toBe(true);
  const [memory] = await sql`select count(*)::int as n from moltbook_memory where agent_id = ${run.agent.id} and mode = 'sandbox'`;
  expect(memory?.n).toBe(0);
});
