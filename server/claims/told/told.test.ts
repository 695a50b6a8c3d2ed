import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { sql } from "../../../db/client.ts";
import { ownerUrl } from "../../../db/testing.ts";
import type { TestApp } from "../../../test/app.ts";
import { startTestApp } from "../../../test/app.ts";
import { verifyChain } from "../../audit/verify.ts";
import { insertApiKey } from "../../auth/queries.ts";
import { openRun } from "../../calls/testing.ts";
import { findActivePrompt } from "../../prompts/queries.ts";
import { listTranscript } from "../../transcripts/queries.ts";
import { openOutput } from "./output.ts";

/** Runs that happened elsewhere, as its command line and its API take them. */
const ROOT = join(import.meta.dir, "..", "..", "..");
const folder = mkdtempSync(join(tmpdir(), "moltbot-told-"));
let app: TestApp;
let key: string;

setDefaultTimeout(60_000);
beforeAll(async () => {
  app = await startTestApp();
  key = await insertApiKey("recorder", "write");
});
afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function job(argv: string[], stdin = "") {
  const env = { PATH: process.env.PATH ?? "", HOME: folder, PORT: "0", DATABASE_URL: ownerUrl(), DATA_DIR: join(folder, "data") };
  const child = Bun.spawn([process.execPath, "jobs/cli.ts", ...argv], {
    cwd: ROOT,
    env,
    stdin: new Blob([stdin]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, stdout, stderr };
}

type Body = Record<string, unknown>;
async function api(method: string, path: string, body?: unknown) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const answer = await fetch(app.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: answer.status, body: (await answer.json()) as Body };
}

const actionsOf = (runId: unknown) =>
  sql<
    Body[]
  >`select type, status, source, mode, target_title, target_author, submolt, call_id from actions where run_id = ${String(runId)} order by id`;
const named = async (externalId: string) =>
  (await sql<Body[]>`select r.*, a.name as agent_name from runs r join agents a on a.id = r.agent_id where external_id = ${externalId}`)[0];

const PROSE = `Loading the agent.
Upvoted clawdine's post about tulips.
Posted my first original piece: 'Notes from a cron job'

**Heartbeat Summary:** Two things done, with the key sk-${"a".repeat(30)}.
`;

describe("bun run job record", () => {
  const argv = ["record", "--run-id", "celticxfer-1770544800", "--started-at", "2026-02-08 10:00:00", "--finished-at", "1770545050"];
  const rest = [
    "--agent-name",
    "CelticXfer",
    "--script-variant",
    "run_today",
    "--run-number",
    "3",
    "--exit-code",
    "0",
    "--output-file",
    "-",
  ];

  test("prose becomes a claimed run with its actions, its summary and its transcript; again it changes nothing", async () => {
    const first = await job([...argv, ...rest, "--prompt-version", "999"], PROSE);
    expect([first.code, first.stdout.trim().endsWith("recorded."), first.stderr.includes("no such prompt version")]).toEqual([
      0,
      true,
      true,
    ]);
    const run = await named("celticxfer-1770544800");
    expect(run).toMatchObject({
      agent_name: "CelticXfer",
      kind: "claimed",
      trigger: "import",
      mode: "real",
      status: "succeeded",
      outcome: "acted",
      started_at: "2026-02-08T10:00:00.000Z",
      finished_at: "2026-02-08T10:04:10.000Z",
      script_variant: "run_today",
      run_number: 3,
      exit_code: 0,
      prompt_version_id: null,
      summary: "Two things done, with the key [secret].",
    });
    const claimed = { status: "done", source: "claimed", mode: "real", call_id: null, submolt: null };
    expect([...(await actionsOf(run?.id))]).toEqual([
      { ...claimed, type: "upvoted", target_title: null, target_author: "clawdine" },
      { ...claimed, type: "posted", target_title: "Notes from a cron job", target_author: null },
    ]);
    const { lines } = await listTranscript(String(run?.id), 10);
    expect(lines.map(({ line }) => line).join("\n")).toBe(PROSE.trimEnd().replace(/sk-a+/, "[secret]"));

    const all = () => sql`
      select r.*, (select max(seq) from audit_log) as head, (select array_agg(a.id order by a.id) from actions a where a.run_id = r.id) as actions,
        (select array_agg(t.id order by t.seq) from transcripts t where t.run_id = r.id) as lines
      from runs r where external_id = 'celticxfer-1770544800'`;
    const before = [...(await all())];
    const second = await job([...argv, ...rest, "--prompt-version", "999"], PROSE);
    expect(second.stdout).toContain("known already");
    expect([...(await all())]).toEqual(before);
  });

  test("recorded with another output it has that one's actions and no others", async () => {
    const told = [...argv.with(2, "celticxfer-2"), ...rest];
    await job(told, PROSE);
    const again = await job([...told.slice(0, -4), "--exit-code", "1", "--output-file", "-"], "ERROR: Credit balance is too low\n");
    expect(again.stdout).toContain("brought up to date");
    const run = await named("celticxfer-2");
    expect(run).toMatchObject({ status: "failed", exit_code: 1, detail: "Credit balance too low", outcome: "unknown", run_number: 3 });
    expect((await actionsOf(run?.id)).length).toBe(0);
    expect((await listTranscript(String(run?.id), 10)).total).toBe(1);
  });

  test("of a stream-json output the calls are the actions, and the result is the summary", async () => {
    const use = (id: string, name: string, input: Body) => ({
      type: "assistant",
      message: { content: [{ type: "tool_use", id, name: `mcp__moltbook__moltbook_${name}`, input }] },
    });
    const result = (id: string, content: unknown, is_error = false) => ({
      type: "user",
      message: { content: [{ type: "tool_result", tool_use_id: id, content, is_error }] },
    });
    const lines = [
      { type: "system", subtype: "init", model: "claude-test", mcp_servers: [], tools: [] },
      use("a", "vote", { params: { target_id: "p1", target_type: "post", direction: "up" } }),
      result("a", '{"success": true}'),
      use("b", "create_post", { title: "Notes", submolt: "reef", content: "…" }),
      result("b", [{ type: "text", text: '{"status":"pending_verification"}' }]),
      use("c", "comment", { post_id: "p1", parent_id: "k1", content: "Yes." }),
      result("c", '{"error": "Rate limit exceeded"}'),
      use("d", "subscribe", { submolt_name: "tides" }),
      {
        type: "result",
        subtype: "success",
        is_error: false,
        result: "I posted three essays.",
        num_turns: 4,
        total_cost_usd: 0.25,
        usage: null,
      },
    ];
    const path = join(folder, "stream.jsonl");
    writeFileSync(path, lines.map((line) => JSON.stringify(line)).join("\n"));
    const { stdout } = await job([
      "record",
      "--run-id",
      "stream-1",
      "--started-at",
      "2026-02-08T10:00:00+01:00",
      "--output-file",
      path,
      "--json",
    ]);
    const run = await named("stream-1");
    expect(JSON.parse(stdout)).toMatchObject({ id: run?.id, is_new: true, notices: [] });
    expect(run).toMatchObject({
      status: "succeeded",
      finished_at: null,
      model: "claude-test",
      turns: 4,
      cost_usd: "0.250000",
      summary: "I posted three essays.",
    });
    expect((await actionsOf(run?.id)).map(({ type, status, target_title, submolt }) => [type, status, target_title, submolt])).toEqual([
      ["upvoted", "done", null, null],
      ["posted", "pending_verification", "Notes", "reef"],
      ["replied", "failed", null, null],
      ["subscribed", "unknown", null, "tides"],
    ]);
  });

  test("of a long output the beginning and the end are kept, with a line for the gap", async () => {
    const long = `${Array.from({ length: 40_000 }, (_, n) => `line ${n}`).join("\n")}\nSummary: Upvoted one post.\n`;
    await job(["record", "--run-id", "long-1", "--started-at", "1770544800", "--finished-at", "1770544900", "--output-file", "-"], long);
    const run = await named("long-1");
    expect(run).toMatchObject({ status: "succeeded", summary: "Upvoted one post." });
    const { lines } = await listTranscript(String(run?.id), 100_000);
    expect(lines.reduce((size, { line }) => size + line.length + 1, 0)).toBeWithin(190_000, 200_000);
    expect([lines[0]?.line, lines.at(-1)?.line]).toEqual(["line 0", "Summary: Upvoted one post."]);
    const gaps = lines.filter(({ stream }) => stream === "gap");
    expect(gaps.map(({ line }) => line)).toEqual([`${40_001 - lines.length + 1} lines left out`]);
  });

  test("of lines without end the last ones are kept, and the rest is counted", () => {
    const output = openOutput();
    for (let n = 0; n < 1_000_000; n += 1) output.add("");
    output.add("the last words");
    const { lines } = output.end();
    expect(lines.length).toBeLessThan(200_000);
    expect(lines.at(-1)).toEqual({ seq: 1_000_000, stream: "stdout", line: "the last words" });
    expect(lines.find(({ stream }) => stream === "gap")?.line).toBe(`${1_000_002 - lines.length} lines left out`);
  });

  test("what is no time, no number or no id is refused with what to do", async () => {
    const ask = (...more: string[]) => job(["record", "--run-id", "bad-1", "--started-at", "soon", ...more]);
    expect(await ask()).toMatchObject({ code: 1, stderr: expect.stringContaining("started_at is no time") });
    expect(await ask("--exit-code", "many")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--exit-code takes a whole number"),
    });
    expect(await job(["record"])).toMatchObject({ code: 1, stderr: expect.stringContaining("--run-id ID --started-at TIME") });
    expect(await named("bad-1")).toBeUndefined();
  });

  test("an output that is not there is named, and the run is not recorded without it", async () => {
    const path = join(folder, "nothing.txt");
    const told = await job(["record", "--run-id", "bad-2", "--started-at", "2026-02-08T10:00:00Z", "--output-file", path]);
    expect(told).toEqual({ code: 1, stdout: "", stderr: `There is no file ${path}. Check the path.\n` });
    expect(await named("bad-2")).toBeUndefined();
  });
});

describe("bun run job backfill", () => {
  const LOG = `
[2026-02-08 10:00:00] Starting heartbeat #1
Upvoted two posts.
Heartbeat complete, as far as I am concerned.
[2026-02-08 10:02:00] Heartbeat finished (exit code 0)
=== Heartbeat run #2 started at 2026-02-08T14:00:00Z ===
Run ID: celticxfer-two
ERROR: the model did not answer
Exit code: 1
=== Heartbeat run #2 finished at 2026-02-08T14:01:00Z ===
Sun Feb  8 18:00:00 UTC 2026: starting heartbeat
Run ID: not-this-one-either
Commented on clawdine's post.
[2026-02-08 22:00:00] Starting heartbeat
Browsed the hot feed.
[2026-02-08 22:03:00] heartbeat failed with exit code 143
`;

  test("a log is taken run by run, once; a dry run only counts", async () => {
    const path = join(folder, "heartbeat.log");
    writeFileSync(path, LOG);
    const argv = ["backfill", path, "--agent-name", "Celt"];
    expect(JSON.parse((await job([...argv, "--dry-run", "--json"])).stdout)).toMatchObject({ runs: 4, new: 0, without_end: 1 });
    expect((await sql`select from agents where name = 'Celt'`).count).toBe(0);
    expect((await job(argv)).stdout).toBe("4 runs in the log, 1 of them without an end: 4 new, 0 brought up to date, 0 known already.\n");
    expect((await job(["backfill", "--log", path, "--agent-name", "Celt"])).stdout).toContain(
      "0 new, 0 brought up to date, 4 known already",
    );
    const runs = await sql<Body[]>`
      select external_id, status, exit_code, run_number, detail, finished_at is null as open, (select array_agg(a.type order by a.id) from actions a where a.run_id = r.id) as actions
      from runs r where agent_id = (select id from agents where name = 'Celt') order by started_at`;
    expect([...runs]).toEqual([
      {
        external_id: "celt-1770544800",
        status: "succeeded",
        exit_code: 0,
        run_number: 1,
        detail: null,
        open: false,
        actions: ["upvoted", "upvoted"],
      },
      {
        external_id: "celticxfer-two",
        status: "failed",
        exit_code: 1,
        run_number: 2,
        detail: "ERROR: the model did not answer",
        open: false,
        actions: null,
      },
      {
        external_id: "not-this-one-either",
        status: "lost",
        exit_code: null,
        run_number: null,
        detail: null,
        open: true,
        actions: ["commented"],
      },
      {
        external_id: "celt-1770588000",
        status: "failed",
        exit_code: 143,
        run_number: null,
        detail: null,
        open: false,
        actions: ["browsed"],
      },
    ]);
    expect((await job(["backfill", "--help"])).stdout).toContain("Starting heartbeat #3");
  });
});

describe("a runner's log", () => {
  const backfill = (log: string) => job(["backfill", "-", "--agent-name", "Logged"], log);

  test("that ends behind a run's exit code has told how it went", async () => {
    const told = await backfill("[2026-03-01 10:00:00] Starting heartbeat #9\nRun ID: logged-9\nERROR: it broke\nExit code: 1\n");
    expect(told.stdout).toStartWith("1 runs in the log, 0 of them without an end: 1 new");
    expect(await named("logged-9")).toMatchObject({ status: "failed", exit_code: 1, finished_at: null });
  });

  test("that holds no run, or is not there, says what to do", async () => {
    expect(await backfill("nothing of the kind\n")).toMatchObject({ code: 1, stderr: expect.stringContaining("backfill --help") });
    const path = join(folder, "no.log");
    expect(await job(["backfill", path])).toMatchObject({ code: 1, stderr: `There is no file ${path}. Check the path.\n` });
  });
});

describe("/api/runs", () => {
  const RUN = { run_id: "api-1", started_at: "2026-02-08T10:00:00Z", agent_name: "CelticXfer", script_variant: "run_today", run_number: 7 };

  test("a run is reported, ends, and gets its actions; reported again it is brought up to date", async () => {
    const made = await api("POST", "/api/runs", RUN);
    expect([made.status, made.body]).toMatchObject([
      201,
      {
        external_id: "api-1",
        kind: "claimed",
        trigger: "import",
        status: "running",
        mode: "real",
        run_number: 7,
        agent_name: "CelticXfer",
      },
    ]);
    const ended = await api("PATCH", "/api/runs/api-1", {
      duration_seconds: 90.5,
      exit_code: 0,
      summary: "Did things.",
      raw_output: "Upvoted nine posts.\n",
    });
    expect([ended.status, ended.body]).toMatchObject([
      200,
      { id: made.body.id, status: "succeeded", finished_at: "2026-02-08T10:01:30.500Z", summary: "Did things.", action_count: 0 },
    ]);
    const one = await api("POST", "/api/runs/api-1/actions", { action_type: "welcomed", target_author: "newmolty", succeeded: false });
    expect([one.status, one.body]).toMatchObject([
      201,
      [{ type: "welcomed", status: "failed", source: "claimed", target_author: "newmolty" }],
    ]);
    await api("POST", `/api/runs/${String(made.body.id)}/actions`, [
      { action_type: "upvoted", target_id: "p1" },
      { action_type: "subscribed", target_id: "reef" },
    ]);
    const listed = (await api("GET", "/api/runs/api-1/actions")).body.items as Body[];
    expect(Object.fromEntries(listed.map(({ type, submolt }) => [type, submolt]))).toEqual({
      subscribed: "reef",
      upvoted: null,
      welcomed: null,
    });
    expect((await api("GET", "/api/runs/api-1")).body).toMatchObject({ id: made.body.id, actions: { length: 3 } });
    expect((await api("GET", "/api/runs/api-1/claims")).status).toBe(200);
    expect((await app.get("/runs/api-1")).headers.get("location")).toBe(`/runs/${String(made.body.id)}`);
    const printed = await fetch(`${app.url}/api/runs/api-1/transcript`, { headers: { authorization: `Bearer ${key}` } });
    expect([printed.headers.get("content-type"), JSON.parse(await printed.text())]).toEqual([
      "application/x-ndjson; charset=utf-8",
      { seq: 0, stream: "stdout", line: "Upvoted nine posts." },
    ]);
    const again = await api("POST", "/api/runs", { ...RUN, error_message: "A late error", status: "failed" });
    expect([again.status, again.body]).toMatchObject([
      200,
      { id: made.body.id, status: "failed", detail: "A late error", action_count: 3, summary: "Did things." },
    ]);
    expect(await verifyChain()).toMatchObject({ fault: null });
  });

  test("a run that the server witnessed cannot be told otherwise", async () => {
    const { id } = await openRun("honest");
    const asked = await Promise.all([
      api("PATCH", `/api/runs/${id}`, { status: "failed" }),
      api("POST", `/api/runs/${id}/actions`, { action_type: "posted" }),
      api("POST", "/api/runs", { run_id: id, started_at: "2026-02-08T10:00:00Z" }),
    ]);
    expect(asked.map(({ status }) => status)).toEqual([409, 409, 409]);
    expect(await sql`select status from runs where id = ${id}`).toMatchObject([{ status: "running" }]);
    expect((await actionsOf(id)).length).toBe(0);
    expect(sql`select forget_told(${id}, true, true)`.execute()).rejects.toThrow("only a claimed run");
  });

  test("two agents may call a run the same; a name alone does not tell them apart then", async () => {
    await api("POST", "/api/runs", { ...RUN, run_id: "twin", agent_name: "Castor" });
    expect((await api("POST", "/api/runs", { ...RUN, run_id: "twin", agent_name: "Pollux" })).status).toBe(201);
    expect((await api("PATCH", "/api/runs/twin", { summary: "Mine" })).status).toBe(409);
    expect((await api("GET", "/api/runs/nobody/actions")).status).toBe(404);
  });

  test("a run is not hidden behind others that are called by its id", async () => {
    const { body } = await api("POST", "/api/runs", { ...RUN, run_id: "sought", agent_name: "Castor" });
    for (const agent_name of ["Castor", "Pollux", "Helena", "Leda"])
      expect((await api("POST", "/api/runs", { ...RUN, run_id: body.id, agent_name })).status).toBe(201);
    for (const id of [String(body.id), String(body.id).toUpperCase()])
      expect((await api("GET", `/api/runs/${id}`)).body).toMatchObject({ id: body.id, external_id: "sought" });
  });

  test("twenty at once make one run", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => api("POST", "/api/runs", { ...RUN, run_id: "race-1" })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  test("a prompt version is taken by number or id, and what does not fit is refused", async () => {
    const active = await findActivePrompt(app.agent.id);
    const asked = { run_id: "prompt-1", started_at: "2026-02-08T10:00:00Z", agent_name: app.agent.name };
    expect((await api("POST", "/api/runs", { ...asked, prompt_version_id: 1 })).body.prompt_version).toBe(1);
    expect((await api("PATCH", "/api/runs/prompt-1", { prompt_version_id: null })).body.prompt_version).toBeNull();
    expect((await api("PATCH", "/api/runs/prompt-1", { prompt_version_id: active?.id })).body.prompt_version).toBe(1);
    const refused = [
      { ...asked, run_id: "a b" },
      { ...asked, started_at: "never" },
      { ...asked, raw_output: "x".repeat(200_001) },
      { ...asked, finished_at: "2026-02-08T09:00:00Z" },
      { ...asked, status: "splendid" },
      { ...asked, unknown: 1 },
    ];
    const answers = await Promise.all(refused.map((body) => api("POST", "/api/runs", body)));
    expect(answers.map(({ status }) => status)).toEqual(refused.map(() => 422));
  });
});

test("keys name a hundred agents at most, even at once, and the operator as many as there are to be", async () => {
  const report = (name: string) =>
    api("POST", "/api/runs", { run_id: `of-${name}`, agent_name: name, started_at: "2026-03-01T10:00:00Z", status: "completed" });
  const count = async () => (await sql<{ n: number }[]>`select count(*)::int as n from agents`)[0]?.n ?? 0;
  const had = await count();
  const answers = await Promise.all(Array.from({ length: 105 }, (_, nr) => report(`many_${nr}`)));
  expect(await count()).toBe(100);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(100 - had);
  const refused = answers.find(({ status }) => status !== 201);
  expect([refused?.status, refused?.body.detail]).toEqual([409, expect.stringContaining("bun run job seed-prompt --agent-name")]);
  const made = answers.findIndex(({ status }) => status === 201);
  expect((await report(`many_${made}`)).status).toBe(200);
  const body = JSON.stringify({ run_id: "of-the-operator", agent_name: "one_more", started_at: "2026-03-01T10:00:00Z" });
  const headers = { "content-type": "application/json" };
  expect((await app.get("/api/runs", { method: "POST", body, headers })).status).toBe(201);
  expect(await count()).toBe(101);
});
