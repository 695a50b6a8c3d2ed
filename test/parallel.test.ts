import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { sql } from "../db/client.ts";
import { ownerUrl } from "../db/testing.ts";
import type { Reply, TestAgent } from "../server/calls/testing.ts";
import { age, connectAgent, openRun } from "../server/calls/testing.ts";
import { challengeFor } from "../server/sandbox/challenge.ts";
import type { Sandbox } from "../server/sandbox/server.ts";
import { startSandbox } from "../server/sandbox/server.ts";
import type { Write } from "../server/sandbox/traffic.ts";
import { mintToken } from "../server/tokens/queries.ts";
import { TOOL_NAMES } from "../server/tool.ts";
import { until } from "./app.ts";

/** Two apps, as an operator starts them, on one database, one Moltbook account, and a Moltbook that loses every tenth answer to a write. */
const ROOT = join(import.meta.dir, "..");
const MANUAL_TOKEN = "manual-token-of-the-operator";
const MINUTE = 60_000;
const WAVE_EVERY = 121 * MINUTE;

const folder = mkdtempSync(join(tmpdir(), "moltbot-parallel-"));
const apps: Bun.Subprocess[] = [];
const callers: TestAgent[] = [];
const answered = new Set<string>();
let sandbox: Sandbox;
let agentId = "";

setDefaultTimeout(40_000);

beforeAll(async () => {
  sandbox = startSandbox();
  const run = await openRun(sandbox.agentName);
  agentId = run.agent.id;
  // No runner renews this run's lease, and nothing may take it for lost meanwhile.
  await sql`update runs set lease_expires_at = now() + interval '1 hour' where id = ${run.id}`;
  const second = await mintToken({ id: run.id, agentId }, { tools: [...TOOL_NAMES] }, 600);
  const urls = await Promise.all([startApp("one"), startApp("two")]);
  // Two tokens of one run and the operator's own, whose calls are another run: each at both processes.
  const doors = urls.flatMap((url) => [run.token, second, MANUAL_TOKEN].map((token) => ({ url, token })));
  callers.push(...(await Promise.all(doors.map(({ url, token }) => connectAgent(url, token)))));
});

afterAll(async () => {
  await Promise.all(callers.map((caller) => caller.close()));
  for (const app of apps) app.kill("SIGTERM");
  await Promise.all(apps.map((app) => app.exited));
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An app with a data directory of its own; answers its MCP endpoint. */
async function startApp(name: string): Promise<string> {
  const child = Bun.spawn([process.execPath, "server/main.ts"], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: folder,
      PORT: "0",
      DATA_DIR: join(folder, name),
      DATABASE_URL: ownerUrl(),
      MOLTBOOK_API_BASE: sandbox.url,
      MOLTBOOK_API_KEY: sandbox.apiKey,
      MCP_AUTH_TOKEN: MANUAL_TOKEN,
      HEARTBEAT_SCHEDULE: "0 0 29 2 *",
      LOG_LEVEL: "error",
    },
    stdout: "pipe",
    stderr: "inherit",
  });
  apps.push(child);
  let output = "";
  const reading = (async () => {
    for await (const chunk of child.stdout) output += new TextDecoder().decode(chunk);
  })();
  reading.catch(() => {});
  await until(() => output.includes("Ctrl-C stops everything") || child.exitCode !== null);
  const url = /MCP +(http:\S+)/.exec(output)?.[1];
  if (!url) throw new Error(`the app did not start:\n${output}`);
  return url;
}

type Call = { name: string; args: Record<string, unknown> };

const SYLLABLES = "ka lo mi tur ben sha fel dor ip nu gra vos hel rin tam quo".split(" ");

/** A text that resembles no other: its words are made up from its number alone. */
function textOf(kind: string, number: number): string {
  const words = Array.from({ length: 14 }, (_, at) => {
    const bytes = new Bun.CryptoHasher("sha256").update(`${kind}:${number}:${at}`).digest();
    return [...bytes.subarray(0, 3)].map((byte) => SYLLABLES[byte % SYLLABLES.length]).join("");
  });
  return words.join(" ");
}

const repeat = (count: number, times: number, make: (number: number) => Call) =>
  Array.from({ length: count * times }, (_, at) => make(at % count));

/** Posts and comments whose texts are numbered from `first` on, each of them asked for five times. */
function writings(posts: number, comments: number, first: number): Call[] {
  const targets = others();
  return [
    ...repeat(posts, 5, (number) => ({
      name: "moltbook_create_post",
      args: { title: textOf("title", first + number).slice(0, 60), content: textOf("post", first + number) },
    })),
    ...repeat(comments, 5, (number) => ({
      name: "moltbook_comment",
      args: { post_id: targets[number], content: textOf("comment", first + number) },
    })),
  ];
}

/** The posts that the agent has not written itself. */
function others(): string[] {
  return [...sandbox.world.posts.values()].filter(({ author }) => author !== sandbox.world.operator).map(({ id }) => id);
}

/** 200 calls: posts, comments and votes, each asked for several times, among reads. */
function wave(): Call[] {
  const targets = others();
  const calls = [
    ...writings(6, 10, 0),
    ...repeat(30, 3, (number) => ({ name: "moltbook_vote", args: { target_id: targets[number], direction: "up" } })),
    ...repeat(10, 3, (number) => ({ name: "moltbook_browse_feed", args: { sort: "new", limit: 1 + (number % 5) } })),
  ];
  // Every caller and both processes get some of everything.
  return calls.toSorted((one, other) => Bun.hash.xxHash32(JSON.stringify(one)) - Bun.hash.xxHash32(JSON.stringify(other)));
}

/** Sends them all at the same moment, dealt out to the callers. */
function send(calls: Call[], first: number): Promise<Reply[]> {
  return Promise.all(calls.map(({ name, args }, at) => (callers[(at + first) % callers.length] as TestAgent).call(name, args)));
}

/** Answers each challenge once, however often an intent that was carried out before is answered with it again. */
async function answerChallenges(replies: Reply[]): Promise<void> {
  const codes = replies.map(({ data }) => data.challenge?.verification_code as unknown).filter((code) => typeof code === "string");
  const open = [...new Set(codes)].filter((code) => !answered.has(code));
  for (const code of open) answered.add(code);
  const answerOf = (code: string) => challengeFor(sandbox.world.seed, code).answer;
  const calls = open.map((code) => ({ name: "moltbook_verify", args: { verification_code: code, answer: answerOf(code) } }));
  expect(await send(calls, 0)).toHaveLength(open.length);
}

/** How many of the moments lie in the fullest window of that length. */
function fullest(times: number[], ms: number): number {
  return Math.max(0, ...times.map((end) => times.filter((time) => time > end - ms && time <= end).length));
}

const isPost = ({ path }: Write) => path === "/posts";
const isComment = ({ path }: Write) => /^\/posts\/[^/]+\/comments$/.test(path);
const isVote = ({ path }: Write) => path.endsWith("vote");

test("200 calls at once on two processes, three times over: no limit is passed, nothing is sent twice, and every call is answered", async () => {
  sandbox.control({ drop_every: 10 });
  const calls = wave();
  expect(calls).toHaveLength(200);
  for (let turn = 0; turn < 3; turn++) {
    const replies = await send(calls, turn);
    expect(replies).toHaveLength(200);
    await answerChallenges(replies);
    // Time passes for everybody, so that the limits leave room for the next round: what was done before is still not done again.
    await age(agentId, WAVE_EVERY);
    sandbox.control({ advance_ms: WAVE_EVERY });
  }

  const { writes, refused } = sandbox.traffic;
  expect(refused).toBe(0);
  expect(writes.filter(({ status }) => status >= 400)).toEqual([]);
  const [posts, comments, votes] = [isPost, isComment, isVote].map((is) => writes.filter(is));
  const timesOf = (list: Write[] = []) => list.map(({ at }) => at);
  expect(fullest(timesOf(posts), 30 * MINUTE)).toBe(1);
  expect(fullest(timesOf(comments), 20_000)).toBe(1);
  expect(fullest(timesOf(comments), 24 * 60 * MINUTE)).toBeLessThanOrEqual(50);
  expect(fullest(timesOf(writes.filter(({ path }) => path !== "/verify")), MINUTE)).toBeLessThanOrEqual(30);
  // How much of what was asked for gets through depends on who comes first, but nobody is kept out for good.
  expect(posts?.length).toBeGreaterThan(0);
  expect(comments?.length).toBeGreaterThan(0);
  expect(sandbox.world.operator.suspension).toBe(null);

  const own = [...sandbox.world.posts.values(), ...sandbox.world.comments.values()].filter(
    ({ author }) => author === sandbox.world.operator,
  );
  const texts = own.map(({ content }) => content);
  expect(new Set(texts).size).toBe(texts.length);
  const voted = votes?.map(({ path }) => path) ?? [];
  expect(new Set(voted).size).toBe(voted.length);
  expect([...sandbox.world.votes.values()].filter((vote) => vote === 1)).toHaveLength(voted.length);
  expect(voted.length).toBeGreaterThan(20);

  const [record] = await sql<{ calls: number; open: number; lost: number }[]>`
    select count(*)::int as calls, count(*) filter (where outcome is null)::int as open, count(*) filter (where outcome = 'unknown')::int as lost
    from tool_calls where agent_id = ${agentId}`;
  expect(record).toMatchObject({ calls: 600 + answered.size, open: 0 });
  // Every tenth write that landed lost its answer, and only those read as unknown.
  expect(record?.lost).toBe(Math.floor(writes.length / 10));
});

test("an account in its first day is kept to the limits of one: a post in two hours, a comment in a minute", async () => {
  const now = new Date(Date.now() + sandbox.world.clock.offset).toISOString();
  sandbox.control({ created_at: { agent: sandbox.agentName, at: now }, drop_every: 0 });
  await sql`update moltbook_accounts set registered_at = now(), failures_in_row = 0, frozen_at = null where agent_id = ${agentId}`;
  sandbox.traffic.writes.length = 0;
  // An older account could comment again after the first pause, and post again after the second.
  for (const passes of [50_000, 60 * MINUTE, 0]) {
    await answerChallenges(await send(writings(3, 3, 100), 0));
    await age(agentId, passes);
    sandbox.control({ advance_ms: passes });
  }
  const { writes, refused } = sandbox.traffic;
  expect(refused).toBe(0);
  expect(writes.filter(({ status }) => status >= 400)).toEqual([]);
  expect([
    writes.filter(isPost).length,
    fullest(
      writes.filter(isComment).map(({ at }) => at),
      MINUTE,
    ),
  ]).toEqual([1, 1]);
});
