import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { sql } from "../../db/client.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp, until } from "../../test/app.ts";
import type { Agent } from "../agents/queries.ts";
import { ensureAgent } from "../agents/queries.ts";
import { insertApiKey } from "../auth/queries.ts";
import { seedPrompt } from "../prompts/queries.ts";
import { getRunDetail } from "./api.ts";
import { runHeartbeat } from "./heartbeat.ts";
import { listRuns } from "./queries.ts";
import { claimedRun } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "moltbot-stop-"));
let app: TestApp;

setDefaultTimeout(30_000);
beforeAll(async () => {
  app = await startTestApp();
}, 30_000);
afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

/** A heartbeat whose agent says its process's number and then sleeps, whatever it is told. */
async function sleeper(graceMs = 300) {
  const agent = await ensureAgent(`sleeper_${crypto.randomUUID().slice(0, 8)}`);
  await seedPrompt(agent.id, "# Sleep\nSleep well.");
  const [command, note] = [join(folder, `agent-${agent.name}`), join(folder, `note-${agent.name}`)];
  writeFileSync(command, `#!/bin/sh\ntrap '' TERM\necho $$ > ${note}\nwhile :; do sleep 0.1; done\n`);
  chmodSync(command, 0o755);
  const ended = runHeartbeat({ agent, trigger: "manual", slot: null, mcpUrl: app.mcpUrl, command, graceMs });
  const pid = Number(await until(() => existsSync(note) && readFileSync(note, "utf8").trim()));
  return { id: await until(() => liveRunOf(agent)), pid, ended };
}

const liveRunOf = async ({ name }: Agent) => (await listRuns({ agent_name: name, status: "running", limit: 1 })).items[0]?.id;
const isAlive = (pid: number) => Bun.spawnSync(["kill", "-0", String(pid)]).success;

test("Stop ends a run as the runner would, and it reads cancelled only once its process is dead", async () => {
  const { id, pid, ended } = await sleeper();
  const answer = await app.get(`/runs/${id}/stop`, { method: "POST" });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, `/runs/${id}`]);
  expect(await getRunDetail(id)).toMatchObject({ status: "stopping", finished_at: null });
  expect((await sql`select from run_tokens where run_id = ${id} and revoked_at is null`).count).toBe(0);
  expect(await (await app.get(`/runs/${id}`)).text()).toContain("Stopping…");
  await ended;
  expect(await getRunDetail(id)).toMatchObject({ status: "cancelled", detail: "Stopped by operator:operator." });
  expect(isAlive(pid)).toBe(false);
  const audited = await sql<{ body: string }[]>`select body from audit_log where kind = 'run.stop_requested'`;
  expect(audited.map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ actor: "operator:operator", run_id: id }]);
});

test("a second Stop, and one after the end, say so", async () => {
  const { id, ended } = await sleeper(1500);
  const key = await insertApiKey("stopper", "write");
  const stop = () => fetch(`${app.url}/api/runs/${id}/stop`, { method: "POST", headers: { authorization: `Bearer ${key}` } });
  expect(await (await stop()).json()).toMatchObject({ status: "stopping" });
  const again = await stop();
  expect([again.status, await again.json()]).toEqual([409, expect.objectContaining({ detail: "The run is ending already." })]);
  await ended;
  expect(await (await stop()).json()).toMatchObject({ detail: "The run has ended: there is nothing to stop." });
  expect((await app.get(`/runs/${Bun.randomUUIDv7()}/stop`, { method: "POST" })).status).toBe(404);
});

test("a Stop of a run that another process attends is left to that process", async () => {
  const agent = await ensureAgent("elsewhere");
  const id = await claimedRun(agent.id, { runner: "another-host:1:1" });
  expect((await app.get(`/runs/${id}/stop`, { method: "POST" })).status).toBe(303);
  expect(await getRunDetail(id)).toMatchObject({ status: "stopping", finished_at: null });
});
