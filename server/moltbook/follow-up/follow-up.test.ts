import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";

import { sql } from "../../../db/client.ts";
import { followUpJob } from "../../../jobs/follow-up.ts";
import type { TestApp } from "../../../test/app.ts";
import { startTestApp } from "../../../test/app.ts";
import type { Reply, TestAgent, TestRun } from "../../calls/testing.ts";
import { age, connectAgent, openRun } from "../../calls/testing.ts";
import { screen } from "../../filter/screen.ts";
import { challengeFor } from "../../sandbox/challenge.ts";
import { connectMoltbook } from "../connection.ts";
import { noted } from "../testing.ts";

/** What is open between an agent and Moltbook, and how the job that looks after it settles it. */
let app: TestApp;
const sent: string[] = [];
const opened: TestAgent[] = [];

beforeAll(async () => {
  app = await startTestApp();
  connectMoltbook({ ...noted(app.sandbox, sent), screen });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((agent) => agent.close()));
  app.sandbox.control({ advance_ms: 3_600_000, missing: [], shadow_ban: { agent: app.sandbox.agentName, on: false } });
  sent.length = 0;
});
afterAll(() => app.stop());

const MINUTE = 60_000;

type Awake = TestRun & { call: TestAgent["call"]; later: (ms: number) => Promise<void>; followUp: () => Promise<void> };

async function wake(name: string): Promise<Awake> {
  const run = await openRun(name);
  const agent = await connectAgent(app.mcpUrl, run.token);
  opened.push(agent);
  const later = async (ms: number) => {
    app.sandbox.control({ advance_ms: ms });
    await age(run.agent.id, ms);
  };
  const followUp = async () => {
    const { ok } = await followUpJob.run({ agent: run.agent, mcpUrl: "", slot: null }, {});
    expect(ok).toBe(true);
  };
  return { ...run, call: agent.call, later, followUp };
}

const answerTo = ({ data }: Reply) => {
  const code = String(data.challenge?.verification_code);
  return { verification_code: code, answer: challengeFor(app.sandbox.world.seed, code).answer };
};
const othersPost = () =>
  [...app.sandbox.world.posts.values()].find(({ author, attack, deleted }) => author !== app.sandbox.world.operator && !attack && !deleted)
    ?.id ?? "";
const actionsOf = async (run: TestRun) => [
  ...(await sql`select type, status, target_id from actions where run_id = ${run.id} and type not in ('browsed', 'checked_status') order by id`),
];
const eventsOf = async (run: TestRun) =>
  (await sql`select type from events where agent_id = ${run.agent.id} order by id`).map(({ type }) => type as string);
const accountOf = async (run: TestRun) => (await sql`select * from moltbook_accounts where agent_id = ${run.agent.id}`)[0];

// First of all, while the clocks of Moltbook and of our database still agree: its challenges expire by a time that it names.
test("challenges left open count as failed: at three in a row an alert, at five nothing new is written until the operator says so", async () => {
  const run = await wake("careless");
  const subjects = ["tides", "shells", "pebbles", "gulls", "seaweed", "lighthouses"];
  for (const subject of subjects.slice(0, 5)) {
    const reply = await run.call("moltbook_comment", {
      post_id: othersPost(),
      content: `A remark about ${subject}, which nobody will see.`,
    });
    expect(reply.isError).toBe(false);
    await run.later(MINUTE);
    await age(run.agent.id, 30 * MINUTE);
    await run.followUp();
  }
  expect(await accountOf(run)).toMatchObject({ failures_in_row: 5, frozen_at: expect.anything() });
  expect((await eventsOf(run)).filter((type) => type === "verification_streak")).toHaveLength(3);
  expect((await actionsOf(run)).map(({ status }) => status as string)).toEqual(subjects.slice(0, 5).map(() => "failed"));
  sent.length = 0;
  const refused = await run.call("moltbook_comment", { post_id: othersPost(), content: "A remark about lighthouses, at last." });
  expect(refused.text).toContain("until the operator resumes it");
  expect(sent).toEqual([]);
  expect((await run.call("moltbook_vote", { target_id: othersPost(), direction: "up" })).isError).toBe(false);
});

test("a follow whose answer was lost is read after, found to have landed, and not sent again", async () => {
  const run = await wake("lost_follow");
  const agent_name = [...app.sandbox.world.agents.values()].find((agent) => !app.sandbox.world.operator.follows.has(agent))?.name ?? "";
  app.sandbox.control({ drop_next: 1 });
  expect((await run.call("moltbook_follow", { agent_name })).isError).toBe(true);
  expect(await actionsOf(run)).toMatchObject([{ type: "followed", status: "unknown" }]);
  const early = await run.call("moltbook_follow", { agent_name });
  expect(early.text).toContain("nobody knows yet whether it has landed");
  await run.later(2 * MINUTE);
  await run.followUp();
  const [{ status } = { status: "" }] = (await actionsOf(run)) as { status: string }[];
  // Moltbook tells in a profile whether one follows it; where it does not, the outcome stays open.
  expect(["done", "unknown"]).toContain(status);
  expect(sent.filter((line) => line === `POST /agents/${agent_name}/follow`)).toHaveLength(1);
});

test("a comment whose answer was lost is found by its words once it shows", async () => {
  const run = await wake("lost_comment");
  const post_id = othersPost();
  const content = "These words were sent, and their answer was lost on the way.";
  app.sandbox.control({ drop_next: 1 });
  expect((await run.call("moltbook_comment", { post_id, content })).isError).toBe(true);
  const landed = [...app.sandbox.world.comments.values()].find((comment) => comment.content === content);
  // Somebody answers its challenge at Moltbook itself.
  if (landed) landed.status = "verified";
  await run.later(2 * MINUTE);
  await run.followUp();
  expect(await actionsOf(run)).toMatchObject([{ type: "commented", status: "done", target_id: landed?.id }]);
  const again = await run.call("moltbook_comment", { post_id, content });
  expect(again.text).toContain("it has landed");
  expect(sent.filter((line) => line.startsWith("POST"))).toHaveLength(1);
});

test("a post whose answer was lost and that never shows counts as a failed challenge, and is not sent again", async () => {
  const run = await wake("lost_post");
  const args = { title: "Lost at sea", content: "Nobody will ever read this, for nobody heard of its challenge." };
  app.sandbox.control({ drop_next: 1 });
  expect((await run.call("moltbook_create_post", args)).isError).toBe(true);
  for (const minutes of [2, 3, 6, 10]) {
    await run.later(minutes * MINUTE);
    await run.followUp();
  }
  expect((await accountOf(run))?.failures_in_row).toBe(1);
  expect((await run.call("moltbook_create_post", args)).isError).toBe(true);
  expect(sent.filter((line) => line === "POST /posts")).toHaveLength(1);
});

test("a suspended account is left alone until its time and a minute are over, and then asked by one read only", async () => {
  const run = await wake("banished");
  const now = app.sandbox.world.clock.now().getTime() + app.sandbox.world.clock.offset;
  app.sandbox.control({ suspend: { agent: app.sandbox.agentName, until: new Date(now + 10 * MINUTE).toISOString() } });
  expect((await run.call("moltbook_home")).isError).toBe(true);
  expect(await accountOf(run)).toMatchObject({ state: "suspended" });
  expect(await eventsOf(run)).toEqual(["account_suspended"]);
  sent.length = 0;
  const comment = () => run.call("moltbook_comment", { post_id: othersPost(), content: "Let me back in, for I have nothing else to do." });
  expect((await comment()).text).toMatch(/^The Moltbook account is suspended for another \d+ seconds/);
  await run.later(70 * MINUTE);
  // Its end has passed, but a write is no way to find that out.
  expect((await comment()).isError).toBe(true);
  expect(sent).toEqual([]);
  await run.followUp();
  expect(sent[0]).toBe("GET /agents/status");
  expect(sent.every((line) => line.startsWith("GET"))).toBe(true);
  expect(await accountOf(run)).toMatchObject({ state: "ok", suspended_until: null });
  expect(await eventsOf(run)).toContain("account_restored");
  const back = await comment();
  expect(back.isError).toBe(false);
  await run.call("moltbook_verify", answerTo(back));
});

test("after five failures in a minute nothing is sent for a minute, then one call tries, and its answer lets the others through", async () => {
  const run = await wake("tossed_about");
  app.sandbox.control({ fail: { next: 15, status: 503 } });
  for (let n = 0; n < 5; n++) expect((await run.call("moltbook_home")).text).toContain("Tried 3 times");
  sent.length = 0;
  expect((await run.call("moltbook_home")).text).toMatch(/nothing is sent to it for another \d+ seconds/);
  expect(sent).toEqual([]);
  expect(await eventsOf(run)).toEqual(["breaker_opened"]);
  await age(run.agent.id, 61_000);
  app.sandbox.control({ latency_ms: 200 });
  const [one, other] = await Promise.all([run.call("moltbook_home"), run.call("moltbook_home")]);
  app.sandbox.control({ latency_ms: 0 });
  expect([one, other].filter(({ isError }) => isError)).toHaveLength(1);
  expect((await run.call("moltbook_home")).isError).toBe(false);
  expect((await eventsOf(run)).filter((type) => type.startsWith("breaker"))).toEqual(["breaker_opened", "breaker_closed"]);
});

test("a post that only its author can see is an event after ten minutes", async () => {
  const run = await wake("shadowed");
  app.sandbox.control({ shadow_ban: { agent: app.sandbox.agentName, on: true } });
  const hidden = await run.call("moltbook_create_post", {
    title: "Can anybody hear me?",
    content: "I have the strangest feeling that nobody does.",
  });
  await run.call("moltbook_verify", answerTo(hidden));
  await run.later(5 * MINUTE);
  await run.followUp();
  expect(await eventsOf(run)).not.toContain("content_hidden");
  await run.later(6 * MINUTE);
  await run.followUp();
  await run.followUp();
  expect((await eventsOf(run)).filter((type) => type === "content_hidden")).toHaveLength(1);

  app.sandbox.control({ shadow_ban: { agent: app.sandbox.agentName, on: false } });
  await run.later(60 * MINUTE);
  const shown = await run.call("moltbook_create_post", {
    title: "Now in the open",
    content: "This one has nothing to hide, and nobody hides it.",
  });
  await run.call("moltbook_verify", answerTo(shown));
  await run.later(11 * MINUTE);
  await run.followUp();
  const states = await sql`select state from moltbook_writings where agent_id = ${run.agent.id} order by id`;
  expect(states.map(({ state }) => state as string).at(-1)).toBe("visible");
});

test("a function that Moltbook does not have is noted once a day, and noted again when it is back", async () => {
  const run = await wake("explorer");
  const available = async () =>
    (await sql`select available from moltbook_features where agent_id = ${run.agent.id} and feature = 'messages'`)[0]?.available as boolean;
  app.sandbox.control({ missing: ["/agents/dm"] });
  await run.followUp();
  expect(await available()).toBe(false);
  app.sandbox.control({ missing: [] });
  sent.length = 0;
  await run.later(60 * MINUTE);
  await run.followUp();
  expect(sent).not.toContain("GET /agents/dm/check");
  await run.later(24 * 60 * MINUTE);
  await run.followUp();
  expect(await available()).toBe(true);
});

test("requests to talk wait for the operator, are news once, and are gone when they are gone at Moltbook", async () => {
  const run = await wake("popular");
  await run.followUp();
  const requests = await sql`select conversation_id, state from moltbook_message_requests where agent_id = ${run.agent.id}`;
  expect(requests.length).toBeGreaterThan(0);
  expect(requests.every(({ state }) => state === "open")).toBe(true);
  await run.followUp();
  expect((await eventsOf(run)).filter((type) => type === "message_request")).toHaveLength(1);
});
