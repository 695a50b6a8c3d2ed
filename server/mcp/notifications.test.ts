import { afterAll, beforeAll, expect, test } from "bun:test";

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import postgres from "postgres";

import { sql } from "../../db/client.ts";
import { ownerUrl } from "../../db/testing.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp, until } from "../../test/app.ts";
import { startOtherProcess } from "../../test/other-process.ts";
import type { TestRun } from "../calls/testing.ts";
import { openRun } from "../calls/testing.ts";
import { approveProposal, insertProposal } from "../prompts/proposals/queries.ts";
import { seedPrompt } from "../prompts/queries.ts";
import { closeRun } from "../runs/queries.ts";
import { TOOL_NAMES } from "../tool.ts";

/** A client of the 2026 era follows what changes for its agent, in whichever process. */
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

/** A client that follows its tools, its prompts and its active prompt's text, and what it has heard. */
async function follow(mcpUrl: string, { token }: TestRun) {
  const client = new Client({ name: "follower", version: "1" }, { versionNegotiation: { mode: "auto" } });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(mcpUrl), { requestInit }));
  const heard: string[] = [];
  client.setNotificationHandler("notifications/tools/list_changed", () => void heard.push("tools"));
  client.setNotificationHandler("notifications/prompts/list_changed", () => void heard.push("prompts"));
  client.setNotificationHandler("notifications/resources/updated", ({ params }) => void heard.push(params.uri));
  const filter = { toolsListChanged: true, promptsListChanged: true, resourceSubscriptions: ["moltbot://prompts/active"] };
  const subscription = await client.listen(filter);
  return { client, heard, subscription };
}

const setFeature = (agentId: string, available: boolean) => sql`
  insert into moltbook_features (agent_id, mode, feature, available) values (${agentId}, 'sandbox', 'home', ${available})
  on conflict (agent_id, mode, feature) do update set available = excluded.available`;

async function changePrompt(run: TestRun) {
  await seedPrompt(run.agent.id, "You are who you are.");
  const proposal = await insertProposal({
    agentId: run.agent.id,
    runId: run.id,
    callId: Bun.randomUUIDv7(),
    text: `You are new, ${crypto.randomUUID()}.`,
    reason: "a change",
    evidence: [],
  });
  expect(await approveProposal({ agentId: run.agent.id, id: proposal?.id ?? "", actor: "test", reason: "why not" })).toBe(true);
}

test("who follows hears that its tools or its prompt changed, and nothing of another agent's", async () => {
  const [mine, other] = [await openRun("follower"), await openRun("bystander")];
  await seedPrompt(mine.agent.id, "You are who you are.");
  const [ours, theirs] = [await follow(app.mcpUrl, mine), await follow(app.mcpUrl, other)];
  await setFeature(mine.agent.id, false);
  await until(() => ours.heard.includes("tools"));
  const home = (await ours.client.listTools()).tools.find(({ name }) => name === "moltbook_home");
  expect(home?.description).toEndWith(" Not available on Moltbook at present.");
  await changePrompt(mine);
  await until(() => ours.heard.includes("moltbot://prompts/active"));
  expect(ours.heard).toEqual(expect.arrayContaining(["tools", "prompts", "moltbot://prompts/active"]));
  await setFeature(other.agent.id, false);
  await until(() => theirs.heard.length > 0);
  expect(theirs.heard).toEqual(["tools"]);
  await Promise.all([ours.client.close(), theirs.client.close()]);
});

test("a change that one process makes is told to the clients of another", async () => {
  await using other = await startOtherProcess(app.sandbox.url);
  const run = await openRun("everywhere");
  const [here, there] = [await follow(app.mcpUrl, run), await follow(other.mcpUrl, run)];
  await setFeature(run.agent.id, false);
  await until(() => here.heard.includes("tools") && there.heard.includes("tools"));
  await Promise.all([here.client.close(), there.client.close()]);
}, 20_000);

test("an agent may hold 32 streams of notifications, and no more", async () => {
  const { client } = await follow(app.mcpUrl, await openRun("greedy"));
  for (let n = 1; n < 32; n += 1) await client.listen({ toolsListChanged: true });
  await expect(client.listen({ toolsListChanged: true })).rejects.toThrow("Subscription limit reached");
  const other = await follow(app.mcpUrl, await openRun("modest"));
  await Promise.all([client.close(), other.client.close()]);
});

test("after a lost connection to the database, in which anything may have changed, everybody is told to ask again", async () => {
  const follower = await follow(app.mcpUrl, await openRun("interrupted"));
  const owner = postgres(ownerUrl(), { max: 1 });
  const ended =
    await owner`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'`;
  await owner.end();
  expect(ended.count).toBe(1);
  await until(() => follower.heard.includes("tools") && follower.heard.includes("prompts"));
  await follower.client.close();
});

test("a stream of notifications ends with the run of its token, and with the token's time", async () => {
  const [closed, other, expiring] = [await openRun("ending"), await openRun("going_on"), await openRun("expiring", TOOL_NAMES, 4)];
  const [ended, goesOn, expired] = [await follow(app.mcpUrl, closed), await follow(app.mcpUrl, other), await follow(app.mcpUrl, expiring)];
  let open = true;
  void goesOn.subscription.closed.then(() => (open = false));
  await closeRun(closed.id, { status: "succeeded", outcome: null, detail: null, exitCode: 0, report: null });
  await ended.subscription.closed;
  await expired.subscription.closed;
  expect(open).toBe(true);
  await Promise.all([ended, goesOn, expired].map(({ client }) => client.close()));
}, 20_000);
