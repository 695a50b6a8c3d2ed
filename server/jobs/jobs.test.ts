import { afterAll, beforeAll, expect, test } from "bun:test";

import { sql } from "../../db/client.ts";
import { jobs } from "../../jobs/index.ts";
import { fire } from "../../jobs/schedule.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp, until } from "../../test/app.ts";
import { digest } from "../audit/canonical.ts";
import { insertApiKey } from "../auth/queries.ts";
import { nextTimes } from "../schedule.ts";
import { claimNow } from "./queries.ts";
import type { ScheduledJob } from "./schema.ts";

let app: TestApp;
let writeKey: string;

beforeAll(async () => {
  app = await startTestApp();
  writeKey = await insertApiKey("test", "write");
});
afterAll(() => app.stop());

const page = async () => (await app.get("/jobs")).text();
const read = async (name: string) => {
  const { items } = (await (await app.get("/api/jobs")).json()) as { items: ScheduledJob[] };
  return items.find((job) => job.name === name);
};
const post = (path: string, fields: Record<string, string> = {}) => app.get(path, { method: "POST", body: new URLSearchParams(fields) });
const call = (path: string, body?: unknown) =>
  fetch(app.url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${writeKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const audited = async (kind: string) =>
  (await sql<{ body: string }[]>`select body from audit_log where kind = ${kind} order by seq`).map(
    ({ body }) => JSON.parse(body) as unknown,
  );
const context = () => ({ agent: app.agent, mcpUrl: app.mcpUrl });
const jobOf = (name: string) => jobs.find((job) => job.name === name) ?? jobs[0]!;

test("the page names every job that runs by itself, its schedule in words and its next five times", async () => {
  const shown = await page();
  for (const { name, schedule } of jobs) expect([name, shown.includes(`id="${name}"`)]).toEqual([name, schedule !== undefined]);
  expect(shown).toContain("Every minute (UTC)");
  const maintain = await read("maintain");
  expect(maintain).toMatchObject({ schedule: "17 3 * * *", timezone: "UTC", in_words: "At 03:17 (UTC)", paused: null });
  expect(maintain?.next_runs).toHaveLength(5);
  expect(maintain?.next_runs.every((time) => time.endsWith("T03:17:00.000Z"))).toBe(true);
});

test("the next times follow a change of the clocks", () => {
  const times = nextTimes("30 9 * * *", "Europe/Berlin", 3, Date.parse("2026-10-23T12:00:00Z"));
  expect(times.map((time) => time.toISOString().slice(0, 16))).toEqual(["2026-10-24T07:30", "2026-10-25T08:30", "2026-10-26T08:30"]);
});

test("Run now runs a job in this process, and its result is on record with who asked for it", async () => {
  const answer = await post("/jobs/maintain/run");
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/jobs#maintain"]);
  const result = await until(async () => (await read("maintain"))?.last_results.find(({ finished_at }) => finished_at !== null));
  expect(result).toMatchObject({ ok: true, asked_by: "operator:operator", detail: expect.stringContaining("partitions made") });
  expect(await page()).toContain("partitions made");
  expect(await audited("job.started")).toContainEqual({ actor: "operator:operator", job: "maintain" });
});

test("a job that is running is not started again, by a double click or from elsewhere", async () => {
  await sql`insert into schedule_slots (job, slot, claimed_by) values ('verify-audit', now(), 'elsewhere'), ('reap-runs', now(), 'elsewhere')`;
  const answer = await post("/jobs/reap-runs/run");
  expect(answer.status).toBe(409);
  expect(await answer.text()).toContain("reap-runs is running");
  await sql`update schedule_slots set claimed_at = now() - interval '1 hour' where job = 'reap-runs' and claimed_by = 'elsewhere'`;
  expect((await post("/jobs/reap-runs/run")).status).toBe(303);
});

test("of many who start a job at once one does", async () => {
  await until(async () => (await sql`select from schedule_slots where job = 'detect-oddities' and finished_at is null`).count === 0);
  const slots = await Promise.all(Array.from({ length: 20 }, (_, n) => claimNow("detect-oddities", "test", `operator:n${n}`)));
  expect(slots.filter((slot) => slot !== null)).toHaveLength(1);
});

test("a paused job is found paused by the schedule of every process, until it is resumed", async () => {
  const at = new Date();
  expect((await post("/jobs/maintain/pause", { reason: " " })).status).toBe(422);
  expect((await post("/jobs/maintain/pause", { reason: "<b>disk</b> \u202efull" })).status).toBe(303);
  const shown = await page();
  expect(shown).toContain("&lt;b&gt;disk");
  expect(shown).not.toContain("<b>disk");
  expect(await fire(jobOf("maintain"), context(), at)).toBe("paused");
  expect(await fire(jobOf("maintain"), context(), at)).toBe("not_ours");
  expect((await read("maintain"))?.paused).toMatchObject({ reason: "<b>disk</b> \u202efull", paused_by: "operator:operator" });
  expect((await read("maintain"))?.last_results.map(({ detail }) => detail)).toContain("Paused: <b>disk</b> \u202efull");
  expect((await post("/jobs/maintain/pause", { reason: "again" })).status).toBe(409);
  expect((await post("/jobs/maintain/resume")).status).toBe(303);
  expect((await post("/jobs/maintain/resume")).status).toBe(409);
  expect(await fire(jobOf("maintain"), context(), new Date(at.getTime() + 60_000))).toBe("ran");
  expect(await audited("job.paused")).toEqual([
    { actor: "operator:operator", job: "maintain", reason_sha256: digest("<b>disk</b> \u202efull") },
  ]);
  expect(await audited("job.resumed")).toEqual([{ actor: "operator:operator", job: "maintain" }]);
});

test("paused heartbeats are skipped runs, the overview says so, and nothing needs anybody", async () => {
  await call("/api/jobs/heartbeat/pause", { reason: "on holiday" });
  const at = new Date();
  expect(await fire(jobOf("heartbeat"), context(), at)).toBe("paused");
  const { items } = (await (await app.get("/api/runs?status=skipped")).json()) as { items: object[] };
  expect(items).toEqual([
    expect.objectContaining({ trigger: "schedule", skip_reason: "paused", detail: "Heartbeats are paused: on holiday" }),
  ]);
  const overview = await (await app.get("/")).text();
  expect(overview).toContain("Paused.");
  expect(overview).toContain("on holiday");
  expect(overview).toContain("All is quiet.");
  expect(overview).not.toContain("tone-bad");
  await call("/api/jobs/heartbeat/resume");
  expect(await (await app.get("/")).text()).not.toContain("on holiday");
});

test("programs start, pause and resume jobs too, and are told what does not exist", async () => {
  const started = await call("/api/jobs/follow-up/run");
  expect([started.status, await started.json()]).toEqual([202, expect.objectContaining({ name: "follow-up" })]);
  await until(async () => (await read("follow-up"))?.last_results[0]?.finished_at);
  const paused = await call("/api/jobs/follow-up/pause", { reason: "quiet" });
  expect(await paused.json()).toMatchObject({ paused: { reason: "quiet", paused_by: "key:test" } });
  expect((await call("/api/jobs/follow-up/resume")).status).toBe(200);
  for (const name of ["api-key", "scan", "nothing"]) {
    const answer = await call(`/api/jobs/${name}/run`);
    expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([404, expect.stringContaining("GET /api/jobs")]);
  }
});
