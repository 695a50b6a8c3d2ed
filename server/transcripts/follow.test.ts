import { afterAll, beforeAll, expect, test } from "bun:test";

import type { TestApp } from "../../test/app.ts";
import { startTestApp, until } from "../../test/app.ts";
import { ensureAgent } from "../agents/queries.ts";
import { insertSession } from "../auth/queries.ts";
import { disableUser, ensureUser } from "../auth/users/queries.ts";
import { closeRun, markStarted } from "../runs/queries.ts";
import { claimedRun } from "../runs/testing.ts";
import { answerFile, pulled } from "./file.ts";
import { countLines } from "./queries.ts";
import { openTranscript } from "./writer.ts";

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

async function newRun() {
  const agent = await ensureAgent(`f_${crypto.randomUUID().slice(0, 8)}`);
  const id = await claimedRun(agent.id);
  await markStarted(id, process.pid);
  const transcript = openTranscript({ id, agentId: agent.id });
  return { id, transcript, close: () => closeRun(id, { status: "succeeded", outcome: null, detail: null, exitCode: 0, report: null }) };
}

/** Reads a stream of events until `enough` says so, or until it ends. */
async function follow(path: string, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  const answer = await app.get(path, { headers, signal: stop.signal });
  let text = "";
  const reading = (async () => {
    try {
      for await (const chunk of answer.body ?? []) text += new TextDecoder().decode(chunk);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
  })();
  return {
    text: () => text,
    seqs: () => [...text.matchAll(/id="line-(\d+)"/g)].map(([, seq]) => Number(seq)),
    lastId: () => [...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? "",
    ended: reading,
    async hangUp() {
      stop.abort();
      await reading;
    },
  };
}

test("lines are followed as they come, each once, through a broken connection, until the run has ended", async () => {
  const { id, transcript, close } = await newRun();
  for (let n = 0; n < 450; n += 1) transcript.add("stdout", `early ${n}`);
  const first = await follow(`/runs/${id}/lines?from=400`);
  await until(() => first.seqs().includes(449));
  expect(first.seqs()[0]).toBe(400);
  transcript.add("stdout", "<script>alert(1)</script> \u001b[31m");
  await until(() => first.seqs().includes(450));
  expect(first.text()).toContain("&lt;script&gt;alert(1)");
  expect(first.text()).not.toContain("\u001b");
  await first.hangUp();
  for (let n = 0; n < 250; n += 1) transcript.add("stderr", `while nobody listened ${n}`);
  const second = await follow(`/runs/${id}/lines?from=400`, { "last-event-id": first.lastId() });
  await until(() => second.seqs().includes(700));
  transcript.add("stdout", "the last words");
  await transcript.close();
  await close();
  await second.ended;
  expect(second.text()).toEndWith("event: ended\ndata: {}\n\n");
  expect(second.text()).toContain("event: changed");
  expect([...first.seqs(), ...second.seqs()]).toEqual(Array.from({ length: 302 }, (_, n) => 400 + n));
});

test("the log of a run that has ended has the same address, pages, a search and a way to the first error", async () => {
  const { id, transcript, close } = await newRun();
  for (let n = 0; n < 700; n += 1) transcript.add(n === 420 ? "stderr" : "stdout", n === 420 ? "It BROKE here" : `line ${n}`);
  await transcript.close();
  await close();
  const read = async (query: string) => (await app.get(`/runs/${id}?tab=log${query}`)).text();
  const shown = (page: string) => [...page.matchAll(/<li id="line-(\d+)"/g)].map(([, seq]) => Number(seq));
  const end = await read("");
  expect([shown(end).at(0), shown(end).at(-1)]).toEqual([400, 699]);
  expect(end).toContain(`/runs/${id}?tab=log&from=100"`);
  expect(end).toContain(`/runs/${id}?tab=log&from=415#line-420"`);
  expect(end).not.toContain("hx-sse:connect");
  expect(shown(await read("&from=100"))).toEqual(Array.from({ length: 300 }, (_, n) => 100 + n));
  expect(shown(await read("&search=broke"))).toEqual([420]);
  expect(shown(await read("&from=nonsense"))).toHaveLength(300);
});

test("the raw output is a file of JSON lines", async () => {
  const { id, transcript } = await newRun();
  for (let n = 0; n < 1200; n += 1) transcript.add("stdout", `"${n}\u2028`);
  await transcript.close();
  const answer = await app.get(`/runs/${id}/transcript.ndjson`);
  expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="run-${id}.ndjson"`);
  const lines = (await answer.text())
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
  expect(lines).toHaveLength(1200);
  expect(lines[7]).toEqual({ seq: 7, stream: "stdout", line: '"7\u2028' });
  for (const path of ["lines", "transcript.ndjson"]) expect((await app.get(`/runs/${Bun.randomUUIDv7()}/${path}`)).status).toBe(404);
});

test("readers who stop reading keep nobody else from the database", async () => {
  const { id, transcript, close } = await newRun();
  for (let n = 0; n < 1200; n += 1) transcript.add("stdout", `line ${n}`);
  await transcript.close();
  await close();
  const readers = Array.from({ length: 12 }, () => answerFile(id).body?.getReader());
  for (const reader of readers) expect((await reader?.read())?.done).toBe(false);
  expect(await countLines(id)).toBe(1200);
  for (const reader of readers) await reader?.cancel();
});

test("a stream that fails gives its place back, and a place in a log that no log has is refused", async () => {
  let isOver = false;
  // oxlint-disable-next-line require-yield
  const failing = (async function* (): AsyncGenerator<string> {
    throw new Error("the database is away");
  })();
  const stream = pulled(failing, String, "", () => (isOver = true));
  await expect(stream.getReader().read()).rejects.toThrow("away");
  await until(() => isOver);
  const { id, close } = await newRun();
  expect((await app.get(`/runs/${id}/lines?from=99999999999`)).status).toBe(422);
  await close();
});

test("who is signed out reads no more of a log that they follow", async () => {
  const { id, transcript, close } = await newRun();
  const user = await ensureUser({ name: "vera", role: "viewer" }, "test");
  const followed = await follow(`/runs/${id}/lines`, { cookie: `moltbot_session=${await insertSession(user.id)}` });
  transcript.add("stdout", "for all to read");
  await until(() => followed.text().includes("for all to read"));
  await disableUser(user.id, "test");
  transcript.add("stdout", "for those who are here");
  await followed.ended;
  expect(followed.text()).not.toContain("for those who are here");
  await transcript.close();
  await close();
});
