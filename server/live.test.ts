import { afterAll, beforeAll, expect, test } from "bun:test";

import postgres from "postgres";

import { sql } from "../db/client.ts";
import { ownerUrl } from "../db/testing.ts";
import type { TestApp } from "../test/app.ts";
import { startTestApp, until } from "../test/app.ts";
import { ensureAgent } from "./agents/queries.ts";
import { insertSession } from "./auth/queries.ts";
import { ensureUser } from "./auth/users/queries.ts";
import { claimedRun } from "./runs/testing.ts";

let app: TestApp;
/** On another database of the same server: what is done to sessions of ours is not done to this one. */
let operator: postgres.Sql;

beforeAll(async () => {
  app = await startTestApp();
  const url = new URL(ownerUrl());
  url.pathname = "/postgres";
  operator = postgres(url.href, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await app.stop();
  await operator.end();
});

async function newRun(): Promise<string> {
  const agent = await ensureAgent(`live_${crypto.randomUUID().slice(0, 8)}`);
  return claimedRun(agent.id);
}

/** A change that pages follow, of one run. */
const touch = (run: string) => sql`update runs set outcome = outcome where id = ${run}`;

/** A page that follows the changes, of all runs or of one. */
async function follow(run?: string) {
  const leave = new AbortController();
  const answer = await app.get(`/live${run ? `?run=${run}` : ""}`, { signal: leave.signal });
  let text = "";
  const reading = (async () => {
    for await (const bytes of answer.body ?? []) text += new TextDecoder().decode(bytes);
  })().catch(() => {});
  return {
    answer,
    text: () => text,
    changes: () => text.split("event: changed\n").length - 1,
    leave: () => {
      leave.abort();
      return reading;
    },
  };
}

test("a page that follows one run hears of that run, and one that follows all hears of it too", async () => {
  const [mine, other] = [await newRun(), await newRun()];
  const [ours, theirs, all] = [await follow(mine), await follow(other), await follow()];
  expect(ours.answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  await touch(other);
  await until(() => theirs.changes() === 1 && all.changes() === 1);
  await touch(other);
  await until(() => theirs.changes() === 2);
  expect(ours.changes()).toBe(0);
  await touch(mine);
  await until(() => ours.changes() === 1);
  expect(theirs.changes()).toBe(2);
  expect(ours.text()).toBe("retry: 2000\n\nevent: changed\ndata: {}\n\n");
  await Promise.all([ours.leave(), theirs.leave(), all.leave()]);
});

test("a burst of changes is one event", async () => {
  const run = await newRun();
  const page = await follow(run);
  await sql.begin((tx) =>
    Array.from({ length: 50 }, () => tx`update runs set outcome = case when outcome is null then 'unknown' end where id = ${run}`),
  );
  await until(() => page.changes() === 1);
  await touch(run);
  await until(() => page.changes() === 2);
  await page.leave();
});

test("pages that come and go leave nothing behind, and who has too many open is refused, and nobody else", async () => {
  for (let n = 0; n < 220; n += 1) await (await follow()).leave();
  const pages = await until(async () => {
    const opened = await Promise.all(Array.from({ length: 50 }, () => follow()));
    if (opened.every(({ answer }) => answer.status === 200)) return opened;
    await Promise.all(opened.map((page) => page.leave()));
    return null;
  });
  const refused = await follow();
  expect([refused.answer.status, refused.text() || (await until(refused.text))]).toEqual([
    503,
    expect.stringContaining("Too many pages are open"),
  ]);
  const other = { cookie: `moltbot_session=${await insertSession((await ensureUser({ name: "vera", role: "viewer" }, "test")).id)}` };
  const letIn = await fetch(`${app.url}/live`, { headers: other });
  expect(letIn.status).toBe(200);
  await letIn.body?.cancel();
  await Promise.all(pages.map((page) => page.leave()));
  await until(async () => {
    const page = await follow();
    await page.leave();
    return page.answer.status === 200;
  });
}, 20_000);

test("after a lost connection every page is told to look again, and changes arrive as before", async () => {
  const run = await newRun();
  const page = await follow(run);
  const database = new URL(ownerUrl()).pathname.slice(1);
  const ended = await operator`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${database} and query like 'listen%'`;
  expect(ended.count).toBe(1);
  await until(() => page.changes() === 1);
  await touch(run);
  await until(() => page.changes() === 2);
  await page.leave();
});

test("a database that is away for a while takes no page with it", async () => {
  const run = await newRun();
  const page = await follow(run);
  const database = new URL(ownerUrl()).pathname.slice(1);
  await operator`alter database ${operator(database)} with allow_connections false`;
  await operator`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${database}`;
  await until(async () => (await fetch(`${app.url}/ready`)).status === 503);
  const answer = await app.get("/api/runs");
  expect([answer.status, await answer.json()]).toEqual([
    503,
    expect.objectContaining({ detail: "The database does not answer. Try again in a moment." }),
  ]);
  await operator`alter database ${operator(database)} with allow_connections true`;
  await until(async () => (await fetch(`${app.url}/ready`)).status === 200);
  await until(() => page.changes() === 1);
  await touch(run);
  await until(() => page.changes() === 2);
  await page.leave();
}, 20_000);

test("a run that is no run is refused", async () => {
  expect((await follow("everything")).answer.status).toBe(422);
});
