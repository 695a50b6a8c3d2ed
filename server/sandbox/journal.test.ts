import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Sandbox } from "./server.ts";
import { startSandbox } from "./server.ts";
import { answerTo, clientOf, list, type Reply, sandboxAt, START, text } from "./testing.ts";

const running: Sandbox[] = [];
let folder = "";
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sandbox-journal-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.stop();
});

const newFile = () => join(folder, "deep", `journal-${count++}.ndjson`);

function start(journal: string, options: Parameters<typeof sandboxAt>[0] = {}) {
  const started = sandboxAt({ journal, ...options });
  running.push(started.sandbox);
  return started;
}

/** What the operator's agent can see of the world. */
async function sight({ get }: ReturnType<typeof clientOf>): Promise<unknown[]> {
  const paths = [
    "/home",
    "/agents/me",
    "/posts?sort=new&limit=100",
    "/notifications?limit=100",
    "/submolts?limit=100",
    "/agents/dm/check",
    "/agents/dm/conversations",
  ];
  const replies: Reply[] = [];
  for (const path of paths) replies.push(await get(path));
  return replies.map((reply) => reply.body);
}

test("after a restart the world stands as it did, and goes on as it would have", async () => {
  const file = newFile();
  const before = start(file);
  const { post, remove, sandbox, advance } = before;
  const written = await post("/posts", { submolt_name: "general", title: "Survives", content: "a restart" });
  await post("/verify", answerTo(sandbox, written));
  advance(3_600_000);
  const [target] = [...sandbox.world.posts.values()].filter((item) => item.author !== sandbox.world.operator);
  const wrong = await post(`/posts/${target?.id}/comments`, { content: "Never seen" });
  await post("/verify", { ...answerTo(sandbox, wrong), answer: "-1" });
  await post(`/posts/${target?.id}/upvote`);
  await post(`/agents/${target?.author.name}/follow`);
  await remove(`/submolts/${[...sandbox.world.operator.subscriptions][0]?.name}/subscribe`);
  const registered = await clientOf(sandbox, null).post("/agents/register", { name: "second_key" });
  sandbox.control({ claim: { agent: "second_key" } });
  const pending = await post("/submolts", { name: "waiting", display_name: "Waiting" });
  advance(10_000);
  const seen = await sight(before);
  await sandbox.stop();

  const after = start(file);
  expect(after.sandbox.apiKey).toBe(sandbox.apiKey);
  expect(await sight(after)).toEqual(seen);
  const second = clientOf(after.sandbox, text(registered.body["agent"]?.["api_key"]));
  expect((await second.get("/agents/status")).body).toMatchObject({ status: "claimed" });
  expect(after.sandbox.world.operator.failuresInRow).toBe(1);
  expect((await after.post("/verify", answerTo(after.sandbox, pending))).status).toBe(200);
});

test("a restart keeps what was read and written in the inbox, what moderators did, and what the control changed of the world", async () => {
  const file = newFile();
  const before = start(file);
  const { get, post, sandbox, advance } = before;
  const [talk] = list((await get("/agents/dm/conversations")).body["conversations"]?.["items"]);
  const talkPath = `/agents/dm/conversations/${text(talk?.["conversation_id"])}`;
  await get(talkPath);
  await post(`${talkPath}/send`, { message: "Quote me if you like" });
  const [request] = list((await get("/agents/dm/check")).body["requests"]?.["items"]);
  await post(`/agents/dm/requests/${text(request?.["conversation_id"])}/reject`, { block: true });
  await post("/agents/dm/request", { to: "clawdine", message: "May I ask about tulips?" });
  await post("/verify", answerTo(sandbox, await post("/submolts", { name: "kept-reef", display_name: "Kept" })));
  await post("/submolts/kept-reef/labels", { key: "calm", label: "Calm", color: "sky", kind: "tag" });
  await post("/submolts/kept-reef/moderators", { agent_name: "clawdine" });
  sandbox.control({ missing: ["/labels"], shadow_ban: { agent: "clawdine", on: true } });
  advance(3 * 3_600_000);
  await get(talkPath);
  const seen = [...(await sight(before)), (await get(talkPath)).body, (await get("/submolts/kept-reef/labels")).body];
  expect(JSON.stringify(seen)).toContain("Quote me if you like");
  await sandbox.stop();

  const after = start(file);
  const again = [...(await sight(after)), (await after.get(talkPath)).body, (await after.get("/submolts/kept-reef/labels")).body];
  expect(again).toEqual(seen);
  expect((await after.get("/submolts/kept-reef/moderators")).body).toMatchObject({ moderators: [{ role: "owner" }, { name: "clawdine" }] });
  expect((await after.post("/labels/attach", {})).status).toBe(404);
  expect(after.sandbox.world.agents.get("clawdine")?.shadowBanned).toBe(true);
});

test("a last line that was cut short is dropped, and writing goes on behind what was whole", async () => {
  const file = newFile();
  const first = start(file);
  await first.post("/notifications/read-all");
  await first.sandbox.stop();
  const whole = readFileSync(file, "utf8");
  appendFileSync(file, '{"at":"2026-11-23T12:00:00.000Z","method":"POST","pa');
  const second = start(file);
  expect(readFileSync(file, "utf8")).toBe(whole);
  await second.post("/posts", { submolt_name: "general", title: "After the crash" });
  await second.sandbox.stop();
  const third = start(file);
  expect([...third.sandbox.world.posts.values()].some((item) => item.title === "After the crash")).toBe(true);
});

test("a broken line in the middle is refused by its number, and so is the journal of another world", async () => {
  const file = newFile();
  const first = start(file);
  await first.post("/notifications/read-all");
  await first.sandbox.stop();
  expect(() => startSandbox({ journal: file, seed: "other" })).toThrow("another seed or agent");
  expect(() => startSandbox({ journal: file, agentName: "someone_new" })).toThrow("another seed or agent");
  writeFileSync(file, `${readFileSync(file, "utf8")}not json\n`);
  expect(() => startSandbox({ journal: file })).toThrow("line 3 is no journal entry");
});

test("it holds accepted writes only, no keys, and is readable by its owner only", async () => {
  const file = newFile();
  const { get, post, sandbox } = start(file);
  await get("/home");
  await post("/posts", { title: "no submolt" });
  await clientOf(sandbox, "moltbook_sk_realkey").post("/posts", { submolt_name: "general", title: "real" });
  await post("/posts", { submolt_name: "general", title: "Kept" });
  const written = readFileSync(file, "utf8");
  const lines = written
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
  expect(lines).toEqual([
    { seed: "moltbook", agent: "sandbox_molty", epoch: START.toISOString() },
    { at: START.toISOString(), method: "POST", path: "/posts", body: { submolt_name: "general", title: "Kept" }, agent: "sandbox_molty" },
  ]);
  expect(written).not.toContain("realkey");
  expect(written).not.toContain(sandbox.apiKey);
  expect(statSync(file).mode & 0o077).toBe(0);
});

test("a suspension survives a restart, with what was added to it", async () => {
  const file = newFile();
  const first = start(file);
  const same = { submolt_name: "general", title: "Twice" };
  for (let turn = 0; turn < 4; turn++) await first.post("/posts", same);
  const until = first.sandbox.world.operator.suspension?.until;
  await first.sandbox.stop();
  const second = start(file);
  expect(second.sandbox.world.operator.suspension?.until).toBe(until as number);
  expect((await second.get("/home")).status).toBe(401);
});

test("the clock does not fall behind the last entry when the machine's own has", async () => {
  const file = newFile();
  const first = start(file, { now: () => new Date(START.getTime() + 5 * 86_400_000) });
  await first.post("/notifications/read-all");
  await first.sandbox.stop();
  const second = start(file);
  await second.post("/posts", { submolt_name: "general", title: "Later" });
  const newest = [...second.sandbox.world.posts.values()].find((item) => item.title === "Later");
  expect(newest?.createdAt).toBe(START.getTime() + 5 * 86_400_000);
});
