import { afterAll, beforeAll, expect, test } from "bun:test";

import { sql } from "../../db/client.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp } from "../../test/app.ts";
import { seedPrompt } from "../prompts/queries.ts";
import { closeRun, markStarted } from "../runs/queries.ts";
import { claimedRun } from "../runs/testing.ts";
import { insertEvent } from "../security/queries.ts";
import { ensureAgent } from "./queries.ts";
import type { AgentSummary } from "./schema.ts";

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const list = async (query = "") => (await (await app.get(`/api/agents${query}`)).json()) as { items: AgentSummary[]; next: string | null };

test("the agent of a new installation is there, with nothing done", async () => {
  const { items, next } = await list();
  expect(next).toBeNull();
  expect(items).toEqual([
    expect.objectContaining({
      name: app.agent.name,
      is_default: true,
      names: [],
      account_state: null,
      prompt_number: 1,
      last_run: null,
      runs: 0,
      events: 0,
    }),
  ]);
  expect(await (await app.get("/agents")).text()).toContain("the one that is woken here");
});

test("an agent's state, last run, figures of 30 days and names are its own, one mode at a time", async () => {
  const agent = await ensureAgent("second");
  await seedPrompt(agent.id, "# Other\nSomething else.");
  const id = await claimedRun(agent.id, { mode: "real" });
  await markStarted(id, 1);
  await sql`insert into actions (id, agent_id, run_id, mode, type) values (${Bun.randomUUIDv7()}, ${agent.id}, ${id}, 'real', 'posted')`;
  await closeRun(id, { status: "failed", outcome: null, detail: null, exitCode: 1, report: null });
  await sql`update runs set cost_usd = 0.25 where id = ${id}`;
  await insertEvent({ agentId: agent.id, runId: id, mode: "real", type: "content_withheld", severity: "low", title: "x", fingerprint: 1 });
  await sql`
    insert into moltbook_accounts (agent_id, mode, name, state, suspended_until) values (${agent.id}, 'real', ${"<b>second</b>"}, 'suspended', now() + interval '1 day')`;
  const { items } = await list("?mode=real");
  expect(items.map(({ name }) => name)).toEqual(["second", app.agent.name]);
  expect(items[0]).toMatchObject({
    is_default: false,
    mode: "real",
    names: ["<b>second</b>"],
    account_state: "suspended",
    prompt_number: 1,
    last_run: { id, status: "failed", outcome: "acted" },
    runs: 1,
    failed: 1,
    actions: 1,
    cost_usd: 0.25,
    events: 1,
  });
  expect((await list()).items[0]).toMatchObject({ name: "second", account_state: null, last_run: null, runs: 0, actions: 0, events: 0 });
  const page = await (await app.get("/agents?mode=real")).text();
  expect(page).toContain("Suspended");
  expect(page).toContain(`href="/runs/${id}"`);
  expect(page).toContain("&lt;b&gt;second");
  const [, thirtyDays = ""] = /href="(\/runs\?agent_name=second&mode=real&date_from=[0-9-]+)"/.exec(page) ?? [];
  await sql`
    insert into runs (id, agent_id, mode, kind, trigger, status, outcome, started_at, finished_at)
    values (${Bun.randomUUIDv7("hex", Date.now() - 31 * 86_400_000)}, ${agent.id}, 'real', 'claimed', 'import', 'succeeded', 'unknown', now(), now())`;
  expect(await (await app.get(thirtyDays)).text()).toContain(">1 run<");
  expect(page).not.toContain("<b>second");
});

test("agents are paged, and what the page does not know it leaves alone", async () => {
  const first = await list("?limit=1");
  const second = await list(`?limit=1&cursor=${first.next}`);
  expect([first.items[0]?.name, second.items[0]?.name, second.next]).toEqual(["second", app.agent.name, null]);
  expect((await app.get("/api/agents?mode=dream")).status).toBe(422);
  expect((await app.get("/agents?mode=dream&cursor=x")).status).toBe(200);
});
