import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { sql } from "../../db/client.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp } from "../../test/app.ts";
import { ensureAgent } from "../agents/queries.ts";
import { verifyChain } from "../audit/verify.ts";
import { age, connectAgent, openRun } from "../calls/testing.ts";
import { seedPrompt } from "../prompts/queries.ts";
import { seedText } from "../prompts/seed.ts";
import { runHeartbeat } from "../runs/heartbeat.ts";
import { closeRun } from "../runs/queries.ts";
import { newStream } from "../runs/stream.ts";
import { playHeartbeat } from "../sandbox/agent/play.ts";
import { challengeFor } from "../sandbox/challenge.ts";
import { TOOL_NAMES } from "../tool.ts";
import { listClaims } from "./queries.ts";
import type { Claim } from "./schema.ts";
import { settleClaims } from "./settle.ts";
import type { Facts, Scene } from "./testing.ts";
import { FALSE, HONEST } from "./testing.ts";

/** Final reports, told after really acting against the sandbox through MCP, and closed as a heartbeat is. */
const WORLD_SEED = "moltbook";
const HALF_AN_HOUR = 31 * 60_000;
const CLOSING = { status: "succeeded", outcome: null, detail: null, exitCode: 0 } as const;
const folder = mkdtempSync(join(tmpdir(), "moltbot-claims-"));
let app: TestApp;
let fresh: { id: string; title: string; author: string }[];

setDefaultTimeout(60_000);
beforeAll(async () => {
  app = await startTestApp();
  const { call, close } = await connectAgent(app.mcpUrl, (await openRun("scout")).token);
  const seen = new Map<string, { id: string; title: string; author: string }>();
  for (let cursor: string | undefined, page = 0; page < 8; page += 1) {
    const { data } = await call("moltbook_browse_feed", { sort: "new", limit: 50, ...(cursor ? { cursor } : {}) });
    for (const post of data.posts as unknown as Record<string, string>[]) {
      const [title, author] = [unfenced(post.title), unfenced(post.author)];
      const isTold = !post.notice && author !== app.sandbox.agentName && title.split(" ").length >= 4;
      if (post.id && isTold) seen.set(post.id, { id: post.id, title, author });
    }
    cursor = data.next_cursor;
    if (!cursor) break;
  }
  await close();
  fresh = [...seen.values()];
});
afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

const unfenced = (text: unknown) => String(text).replace(/<\/?untrusted-[a-z0-9]+>/gi, "");

/** Acts one scene in a run of an agent of its own, ends it with the words that `tell` makes of what was done, and answers its claims. */
async function report(scene: Scene, tell: (facts: Facts) => string): Promise<{ claims: Claim[]; words: string }> {
  const run = await openRun(`t_${crypto.randomUUID().slice(0, 8)}`);
  // The account is one, and its limits too; time passes between two runs.
  app.sandbox.control({ advance_ms: HALF_AN_HOUR });
  const { call, close } = await connectAgent(app.mcpUrl, run.token);
  const [first, second] = scene === "votes and a comment" || scene === "ties" ? [fresh.pop(), fresh.pop()] : fresh.slice(0, 2);
  if (!first || !second) throw new Error("the sandbox has too few posts for this test");
  const facts: Facts = { upvoted: [], commented: "", author: first.author, posted: "", followed: "" };
  const done = async (name: string, args: Record<string, unknown>) => {
    const reply = await call(name, args);
    if (reply.isError) throw new Error(`${name}: ${reply.text}`);
    return reply;
  };
  const written = async (name: string, args: Record<string, unknown>, answers: boolean) => {
    const { data } = await done(name, args);
    const code = (data.challenge as unknown as { verification_code?: string } | null)?.verification_code;
    if (code && answers) await done("moltbook_verify", { verification_code: code, answer: challengeFor(WORLD_SEED, code).answer });
    return code;
  };
  await done("moltbook_browse_feed", { sort: "hot", limit: 5 });
  await done("moltbook_get_post", { post_id: first.id });
  if (scene === "votes and a comment") {
    for (const post of [first, second]) {
      await done("moltbook_get_post", { post_id: post.id });
      await done("moltbook_vote", { target_id: post.id, target_type: "post", direction: "up" });
      facts.upvoted.push(post);
    }
    await written("moltbook_comment", { post_id: first.id, content: `What did you measure first, ${crypto.randomUUID()}?` }, true);
    facts.commented = first.title;
  }
  if (scene === "a post") {
    facts.posted = `Letters to my future context ${crypto.randomUUID().slice(0, 4)}`;
    await written("moltbook_create_post", { submolt: "general", title: facts.posted, content: `A thought ${crypto.randomUUID()}` }, true);
  }
  if (scene === "a pending comment") {
    const code = await written("moltbook_comment", { post_id: first.id, content: `An open question ${crypto.randomUUID()}` }, false);
    expect(code).toBeString();
    facts.commented = first.title;
  }
  if (scene === "ties") {
    await done("moltbook_follow", { agent_name: first.author });
    facts.followed = first.author;
    const voted = await done("moltbook_vote", { target_id: second.id, target_type: "post", direction: "up" });
    expect(voted.isError).toBe(false);
    facts.upvoted.push(second);
    expect((await call("moltbook_vote", { target_id: second.id, target_type: "post", direction: "up" })).isError).toBe(true);
  }
  await close();
  const words = tell(facts);
  await closeRun(run.id, { ...CLOSING, report: { ...newStream().report, summary: words } });
  await settleClaims(run.id);
  return { claims: await listClaims(run.id), words };
}

test("the scripted agent's own words are never held against it", async () => {
  for (const seed of ["one", "two", "three", "four", "five", "six"]) {
    app.sandbox.control({ advance_ms: HALF_AN_HOUR });
    const run = await openRun("player");
    await age(run.agent.id, HALF_AN_HOUR);
    const { call, close } = await connectAgent(app.mcpUrl, run.token);
    const use = async (name: string, args: Record<string, unknown>) => {
      const { data, text, isError } = await call(name, args);
      return { data: JSON.parse(unfenced(JSON.stringify(data ?? {}))) as Record<string, unknown>, error: isError ? text : null };
    };
    const part = { prompt: seedText("molty"), seed, tools: new Set<string>(TOOL_NAMES), call: use, say: () => {} };
    const summary = await playHeartbeat(part);
    await close();
    await closeRun(run.id, { ...CLOSING, report: { ...newStream().report, summary } });
    await settleClaims(run.id);
    const claims = await listClaims(run.id);
    expect([summary, claims.some(({ status }) => status === "confirmed")]).toEqual([summary, true]);
    expect([summary, claims.filter(({ status }) => status === "contradicted")]).toEqual([summary, []]);
  }
  // All agents of this file share one account: what has a vote of it would lose it by another.
  const voted = await sql<{ target_id: string }[]>`select target_id from actions where type = 'upvoted'`;
  fresh = fresh.filter(({ id }) => !voted.some(({ target_id }) => target_id === id));
});

test("of twenty-five honest reports no claim is contradicted, and of twenty-five false ones nine in ten are found", async () => {
  expect([HONEST.length, FALSE.length]).toEqual([25, 25]);
  const wronged: unknown[] = [];
  for (const [scene, tell] of HONEST) {
    const { claims, words } = await report(scene, tell);
    const contradicted = claims.filter(({ status }) => status === "contradicted");
    if (contradicted.length > 0) wronged.push([words, contradicted]);
  }
  expect(wronged).toEqual([]);
  const missed: string[] = [];
  for (const [scene, tell] of FALSE) {
    const { claims, words } = await report(scene, tell);
    if (!claims.some(({ status }) => status === "contradicted")) missed.push(words);
  }
  expect(missed).toEqual([]);
});

test("a heartbeat that says it posted, and did not, leaves an oddity with the run, once", async () => {
  const agent = await ensureAgent(`t_${crypto.randomUUID().slice(0, 8)}`);
  await seedPrompt(agent.id, "# Check in\nSay hello.");
  const command = join(folder, "liar");
  const init = {
    type: "system",
    subtype: "init",
    tools: TOOL_NAMES.map((name) => `mcp__moltbook__${name}`),
    mcp_servers: [{ name: "moltbook", status: "connected" }],
  };
  const result = { type: "result", subtype: "success", is_error: false, result: `Posted “Why I never sleep”, with sk-${"a".repeat(30)}.` };
  writeFileSync(command, `#!/bin/sh\nprintf '%s\\n' '${JSON.stringify(init)}' '${JSON.stringify(result)}'\n`);
  chmodSync(command, 0o755);
  const id = (await runHeartbeat({ agent, trigger: "manual", slot: null, mcpUrl: app.mcpUrl, command })) ?? "";
  const found = async () => [
    ...(await sql`select type, severity, mode, agent_id, description from oddities where run_id = ${id}`),
    ...(await sql`select type, status, evidence ->> 'reason' as reason from claims where run_id = ${id}`),
  ];
  const once = await found();
  expect(once).toEqual([
    {
      type: "claim_mismatch",
      severity: "medium",
      mode: "sandbox",
      agent_id: agent.id,
      description: "It says “Posted “Why I never sleep”, with [secret]”: not found in the record.",
    },
    { type: "posted", status: "contradicted", reason: "not_in_record" },
  ]);
  await settleClaims(id);
  expect(await found()).toEqual(once);
  expect(await verifyChain()).toMatchObject({ fault: null });
});

test("what was done and not said is listed, and no oddity", async () => {
  const { claims } = await report("ties", () => "All quiet on the reef.");
  expect(claims.map(({ type, status, text }) => [type, status, text])).toEqual([
    ["followed", "unreported", ""],
    ["upvoted", "unreported", ""],
  ]);
  expect((await sql`select from oddities where run_id = ${claims[0]?.run_id ?? ""}`).count).toBe(0);
});

test("the run's page and the API show its claims, and know no claims of a run that is not there", async () => {
  const { claims } = await report("a pending comment", (f) => `I commented on “${f.commented}”.`);
  const id = claims[0]?.run_id ?? "";
  const page = await (await app.get(`/runs/${id}?tab=claims`)).text();
  expect(page).toContain("On record, but it waits for its verification: nobody else sees it.");
  expect(page).toContain("1 claim in its last words, 1 against the record");
  const answer = await app.get(`/api/runs/${id}/claims`);
  expect(await answer.json()).toMatchObject({
    items: [{ type: "commented", status: "contradicted", evidence: { reason: "pending_verification" } }],
    next: null,
  });
  expect((await app.get(`/api/runs/${crypto.randomUUID()}/claims`)).status).toBe(404);
});
