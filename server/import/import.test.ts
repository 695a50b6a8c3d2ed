import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";

import { ownerUrl } from "../../db/testing.ts";
import { importJob } from "../../jobs/import.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp, until } from "../../test/app.ts";
import { verifyChain } from "../audit/verify.ts";
import { onChange } from "../live.ts";
import type { ImportReport, Table } from "./schema.ts";
import type { OldBase } from "./testing.ts";
import { fillBase, postgresBase, sqliteBase, totalsOf } from "./testing.ts";

const ROOT = join(import.meta.dir, "../..");
const folder = mkdtempSync(join(tmpdir(), "moltbot-import-"));
/** As the owner, who may do what the app may not. */
const sql = postgres(ownerUrl(), { max: 2, onnotice: () => {} });
const path = join(folder, "heartbeat.db");
let app: TestApp;
let old: ReturnType<typeof sqliteBase>;

setDefaultTimeout(60_000);
beforeAll(async () => {
  app = await startTestApp();
  old = sqliteBase(path);
  await fillBase(old, 400);
});
afterAll(async () => {
  old.database.close();
  await app.stop();
  await sql.end();
  rmSync(folder, { recursive: true, force: true });
});

/** The job, as the command line runs it. */
async function run(options: Record<string, string | boolean>): Promise<string> {
  const { ok, text } = await importJob.run({ agent: app.agent, mcpUrl: "", slot: null }, options);
  expect(ok).toBe(true);
  return text;
}

const take = async (options: Record<string, string | boolean>) => JSON.parse(await run({ ...options, json: true })) as ImportReport;

const of = (report: ImportReport, table: Table) => report.tables.find((each) => each.table === table);

/** How many rows every table has: a second import may change none. */
async function countAll(): Promise<Record<string, number>> {
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and not relispartition
      and relname not in ('sessions', 'api_keys') order by 1`;
  const counts: Record<string, number> = {};
  counts.partitions = (await sql`select from pg_class where relispartition`).count;
  for (const { name } of tables) counts[name] = (await sql<{ n: number }[]>`select count(*)::int as n from ${sql(name)}`)[0]?.n ?? -1;
  return counts;
}

/** A small base of one's own in a file, without the checks that SQLite leaves out by default. */
async function baseWith(name: string, fill: (base: OldBase & { database: Database }) => Promise<unknown>): Promise<string> {
  const file = join(folder, `${name}.db`);
  const base = sqliteBase(file);
  await fill(base);
  base.database.close();
  return file;
}

const aRun = (id: string, more: Record<string, string | number | boolean | null> = {}) => ({
  run_id: id,
  started_at: "2026-03-01T10:00:00Z",
  status: "completed",
  agent_name: "Odd",
  created_at: "2026-03-01 10:00:00",
  ...more,
});

describe("an import of a whole database", () => {
  let counted: ImportReport;

  test("counted only, changes nothing and says what it would take", async () => {
    const before = await countAll();
    const report = await take({ "from-sqlite": path, "dry-run": true });
    expect(report).toMatchObject({ dry_run: true, agent: "CelticXfer", source: path });
    expect(report.tables.map(({ table, found, taken, known }) => [table, found, taken, known])).toEqual([
      ["heartbeat_prompts", 4, 3, 0],
      ["heartbeat_runs", 400, 400, 0],
      ["heartbeat_actions", 1200, 1200, 0],
      ["security_events", 800, 800, 0],
      ["tool_calls", 1600, 1600, 0],
      ["behavior_oddities", 40, 40, 0],
      ["blocked_authors", 6, 6, 0],
    ]);
    expect(await countAll()).toEqual(before);
    counted = report;
    const text = await run({ "from-sqlite": path, "dry-run": true });
    expect(text).toStartWith(`An import of ${path} would take 4,049 rows. Nothing was changed.\n`);
    expect(text).toContain("bun run job retention says which");
    expect(text).toContain("Set MOLTBOOK_AGENT_NAME=CelticXfer and start again to go on as CelticXfer.");
  });

  test("gives the figures that the old database gave, and tells pages once", async () => {
    let changes = 0;
    const stop = await onChange(() => (changes += 1));
    const report = await take({ "from-sqlite": path });
    await until(() => changes > 0);
    stop();
    expect(changes).toBeLessThan(50);
    expect(report).toEqual({ ...counted, dry_run: false, digest: report.digest });
    const { stats, security } = await totalsOf(old);
    const answer = (await (await app.get("/api/stats?mode=real")).json()) as Record<string, unknown>;
    expect(answer).toMatchObject({ ...stats, avg_duration_seconds: expect.closeTo(Number(stats.avg_duration_seconds), 6) });
    const [last] = await old.all("select created_at from heartbeat_runs order by id desc limit 1");
    expect(Math.abs(Date.parse(String(answer.last_run_at)) - Date.parse(String(last?.created_at)))).toBeLessThan(1000);
    const figures = (await (await app.get("/api/security/stats?mode=real")).json()) as { top_flagged_authors: unknown[] };
    expect({ ...figures, top_flagged_authors: figures.top_flagged_authors.slice(0, 5) }).toMatchObject({
      ...security,
      avg_risk_score: expect.closeTo(Number(security.avg_risk_score), 6),
    });
  });

  test("keeps what belongs together together, and says that nobody here witnessed it", async () => {
    const [found] = await sql<Record<string, unknown>[]>`
      select r.kind, r.trigger, r.mode, r.external_id, r.script_variant, r.run_number, r.summary, r.started_at, r.finished_at - r.started_at as took, p.text as prompt,
        (select array_agg(x.type || ' ' || x.source || ' ' || x.status order by x.id) from actions x where x.run_id = r.id) as actions,
        (select array_agg(t.line order by seq) from transcripts t where t.run_id = r.id) as lines
      from runs r join prompt_versions p on p.id = r.prompt_version_id where r.external_id = 'CelticXfer-13'`;
    expect(found).toMatchObject({ kind: "claimed", trigger: "import", mode: "real", script_variant: "run_today", run_number: 13 });
    expect(found).toMatchObject({ summary: "Heartbeat 13", took: "00:00:23.25", prompt: "I am curious, and kind." });
    expect(found?.actions).toEqual(["registered claimed done", "browsed claimed failed", "upvoted claimed done"]);
    expect(found?.lines).toEqual(["Browsed the hot feed.", "Upvoted 13 posts."]);
    const [call] = await sql`
      select c.run_id = r.id as of_day, r.kind, c.tool, c.arguments, c.outcome, c.upstream_path, c.is_write
      from tool_calls c join runs r on r.id = c.run_id where c.arguments ->> 'target_id' = 'post-59' and r.slot = 'import:' || (c.started_at at time zone 'utc')::date`;
    expect(call).toMatchObject({
      of_day: true,
      kind: "ad_hoc",
      tool: "list_submolts",
      outcome: "tool_error",
      upstream_path: "/api/v1/posts/post-59",
      is_write: true,
    });
    const odd = await sql`
      select o.severity, array_agg(c.arguments ->> 'target_id' order by c.id) as targets from oddities o join tool_calls c on c.id = any (o.call_ids)
      where o.description = 'Call 3' group by o.id`;
    expect([...odd]).toEqual([{ severity: "medium", targets: ["post-3", "post-4"] }]);
    const blocked =
      await sql`select author, unblocked_at is null as holds, source, flag_count from blocked_authors where mode = 'real' order by author`;
    expect(blocked.map(({ author, holds }) => [author, holds])).toEqual([0, 1, 2, 3, 4, 5].map((n) => [`author_${n}`, n !== 5]));
  });

  test("ends with one record of the audit chain, which stays whole", async () => {
    const records = await sql<{ body: string }[]>`select body from audit_log where kind = 'import.finished'`;
    expect(records.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      {
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        mode: "real",
        taken: {
          heartbeat_prompts: 3,
          heartbeat_runs: 400,
          heartbeat_actions: 1200,
          security_events: 800,
          tool_calls: 1600,
          behavior_oddities: 40,
          blocked_authors: 6,
        },
      },
    ]);
    expect((await verifyChain()).fault).toBeNull();
  });

  test("a second time adds nothing at all", async () => {
    const before = await countAll();
    const report = await take({ "from-sqlite": path });
    expect(report.tables.map(({ taken, known }) => [taken, known])).toEqual([3, 400, 1200, 800, 1600, 40, 6].map((count) => [0, count]));
    expect(await countAll()).toEqual(before);
  });

  test("from Postgres finds the same rows as from SQLite, and its password is not told", async () => {
    const name = `old_${crypto.randomUUID().replaceAll("-", "")}`;
    await sql`create database ${sql(name)}`;
    const url = new URL(ownerUrl());
    url.pathname = `/${name}`;
    const source = postgres(url.href, { max: 1, onnotice: () => {} });
    await fillBase(await postgresBase(source), 400);
    await source.end();
    const before = await countAll();
    const file = join(folder, "url");
    writeFileSync(file, `${url.href}\n`);
    const report = await take({ "from-postgres-file": file });
    expect(report.source).toBe(`${url.host}/${name}`);
    expect(report.tables.map(({ taken, known }) => [taken, known])).toEqual([3, 400, 1200, 800, 1600, 40, 6].map((count) => [0, count]));
    expect(await countAll()).toEqual(before);
    const wrong = new URL(url);
    wrong.port = "1";
    const refusal = run({ "from-postgres": wrong.href });
    await expect(refusal).rejects.toThrow("The old database cannot be used (ECONNREFUSED)");
    expect(await refusal.catch(String)).not.toContain(url.password);
    await sql`drop database ${sql(name)} with (force)`;
  });
});

/** A child that imports a base of its own agent, large enough to be met in the middle. */
function startImport(file: string) {
  return Bun.spawn([process.execPath, "jobs/cli.ts", "import", "--from-sqlite", file, "--json"], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? "", HOME: folder, DATABASE_URL: ownerUrl(), DATA_DIR: join(folder, "data") },
    stdout: "pipe",
    stderr: "inherit",
  });
}

const isAtWork = async () =>
  (
    await sql`
    select from pg_stat_activity a where datname = current_database() and backend_xid is not null and query like '%insert into tool_calls%' and pid <> pg_backend_pid()`
  ).count > 0;

describe("an import in the way of others", () => {
  test("that is killed in its middle leaves nothing behind, and is taken as a whole afterwards", async () => {
    const file = await baseWith("killed", (base) => fillBase(base, 3000, "Killed"));
    const before = await countAll();
    const child = startImport(file);
    await until(isAtWork, 50_000);
    child.kill("SIGKILL");
    await child.exited;
    await until(async () => !(await isAtWork()));
    expect(await countAll()).toEqual(before);
    const report = await take({ "from-sqlite": file });
    expect(report.tables.map(({ taken, known }) => taken + known)).toEqual([3, 3000, 9000, 6000, 12_000, 300, 6]);
    expect(of(report, "heartbeat_runs")).toMatchObject({ taken: 3000, known: 0 });
  });

  test("waits for another one, and takes what is left", async () => {
    const file = await baseWith("twice", (base) => fillBase(base, 300, "Twice"));
    const reports = await Promise.all([take({ "from-sqlite": file }), take({ "from-sqlite": file })]);
    expect(new Set(reports.map((report) => of(report, "heartbeat_runs")?.taken))).toEqual(new Set([0, 300]));
  });
});

describe("a database that is not as it should be", () => {
  test("of the older kind, without prompts and security, is taken for what it has", async () => {
    const file = join(folder, "older.db");
    const database = new Database(file, { create: true });
    database.run("create table heartbeat_runs (id integer primary key, run_id text, started_at text, status text, agent_name text)");
    database.run("create table heartbeat_actions (id integer primary key, run_id text, action_type text)");
    // Another program's.
    database.run("create table tool_calls (id integer primary key, name text)");
    database.run("insert into heartbeat_runs values (1, 'o-1', '2026-02-09T08:00:00', 'completed', 'Older')");
    database.run("insert into heartbeat_actions values (1, 'o-1', 'posted')");
    database.close();
    const report = await take({ "from-sqlite": file });
    expect(report.tables.map(({ found, taken }) => [found, taken])).toEqual([
      [null, 0],
      [1, 1],
      [1, 1],
      ...Array.from({ length: 4 }, () => [null, 0]),
    ]);
    expect(await run({ "from-sqlite": file })).toContain("tool_calls         is not there");
  });

  test("with a log beside it is read with what only the log has", async () => {
    const file = join(folder, "log.db");
    const base = sqliteBase(file);
    base.database.run("pragma journal_mode = wal");
    await base.insert("heartbeat_runs", [aRun("in-the-log")]);
    expect(await Bun.file(`${file}-wal`).exists()).toBe(true);
    expect(of(await take({ "from-sqlite": file }), "heartbeat_runs")?.taken).toBe(1);
    base.database.close();
  });

  test("loses a row for a reason only, which it tells with the row's id", async () => {
    const file = await baseWith("odd", async (base) => {
      base.database.run("pragma foreign_keys = off");
      await base.insert("heartbeat_runs", [
        aRun("timeless", { started_at: "soon", created_at: "" }),
        aRun("half-timeless", { started_at: "soon" }),
        aRun("", {}),
        aRun("r".repeat(201)),
        aRun("odd", { status: "exploded", agent_name: "Odd Name!", exit_code: "zero", duration_seconds: -4, prompt_version_id: 99 }),
      ]);
      await base.insert("heartbeat_actions", [
        { run_id: "odd", action_type: "danced", created_at: "2026-03-01 10:00:00" },
        { run_id: "timeless", action_type: "posted", created_at: "2026-03-01 10:00:00" },
        { run_id: "nowhere", action_type: "posted", created_at: "2026-03-02 10:00:00" },
        { run_id: "nowhere", action_type: "posted", created_at: "never" },
      ]);
      await base.insert("security_events", [
        { event_type: "Injection-Attempt", timestamp: "2026-03-01T10:00:00", risk_score: 7, flags: "not json", author_name: "<b>\u202ex" },
        { event_type: "!", timestamp: "2026-03-01T10:00:00" },
        { event_type: "api_error", timestamp: "x", created_at: "y" },
      ]);
      await base.insert("behavior_oddities", [
        { oddity_type: "duplicate_vote", detected_at: "2026-03-01", related_tool_call_ids: "1; drop table x" },
      ]);
      await base.insert("blocked_authors", [
        { author_name: " " },
        { author_name: "odd_name_" },
        { author_name: "u/Mallory", is_active: 1 },
      ]);
    });
    const report = await take({ "from-sqlite": file, "agent-name": "odd_name_" });
    const told = report.tables.flatMap(({ table, skipped, notes }) => [
      ...skipped.map(({ about, count, ids }) => `${table} lost ${count}: ${about} (${ids.join()})`),
      ...notes.map(({ about, count, ids }) => `${table} kept ${count}: ${about} (${ids.join()})`),
    ]);
    expect(told).toEqual([
      "heartbeat_runs lost 1: neither started_at nor created_at is a time (1)",
      "heartbeat_runs lost 1: it has no run_id (3)",
      "heartbeat_runs lost 1: its run_id is longer than 200 characters (4)",
      "heartbeat_runs kept 1: started_at is no time: created_at stands for it (2)",
      "heartbeat_runs kept 1: recorded for the agent Odd_Name_ (5)",
      "heartbeat_runs kept 1: its prompt is missing (5)",
      "heartbeat_runs kept 1: its status means nothing here: taken as lost (5)",
      "heartbeat_actions lost 1: its type danced is unknown (1)",
      "heartbeat_actions lost 1: its run was left out (2)",
      "heartbeat_actions lost 1: it has neither a run nor a time (4)",
      "heartbeat_actions kept 1: its run is missing: kept with its day (3)",
      "security_events lost 1: it has no event_type (2)",
      "security_events lost 1: neither timestamp nor created_at is a time (3)",
      "security_events kept 1: its risk_score is not between 0 and 1: left out (1)",
      "behavior_oddities kept 1: some of its calls are missing (1)",
      "blocked_authors lost 1: it names no author (1)",
      "blocked_authors lost 1: it is the agent itself (2)",
    ]);
    const [odd] = await sql`select status, exit_code, finished_at, prompt_version_id from runs where external_id = 'odd'`;
    expect(odd).toEqual({ status: "lost", exit_code: null, finished_at: null, prompt_version_id: null });
  });

  test("whose ids are texts is read once, and what it holds commands no terminal", async () => {
    const file = join(folder, "hostile.db");
    const database = new Database(file, { create: true });
    database.run("create table heartbeat_runs (id, run_id text, started_at text)");
    for (let n = 0; n < 20; n += 1) database.run("insert into heartbeat_runs values (?, ?, '2026-02-09T08:00:00')", [String(n), `h-${n}`]);
    expect(of(await take({ "from-sqlite": file }), "heartbeat_runs")).toMatchObject({ found: 20, taken: 20 });
    database.run("delete from heartbeat_runs");
    database.run("create table heartbeat_actions (id, run_id text, action_type text)");
    database.run("insert into heartbeat_actions values (?, null, ?)", ["\u001b]0;owned\u0007", "\u009b2Jdanced"]);
    database.close();
    const told = await run({ "from-sqlite": file });
    expect(told).toContain("its type \ufffd2jdanced is unknown (1; ids \ufffd]0;owned\ufffd)");
    expect(told.replaceAll("\n", "")).not.toMatch(/\p{C}/u);
  });

  test("keeps no secret of it, and of an output no more than 200 000 characters", async () => {
    const secret = `sk-ant-${"a".repeat(40)}`;
    const file = await baseWith("secrets", async (base) => {
      await base.insert("heartbeat_runs", [
        aRun(`run ${secret}`, {
          raw_output: `key ${secret}\nNUL \u0000 and ${"x".repeat(300_000)}`,
          summary: secret,
          error_message: secret,
          script_variant: secret,
        }),
      ]);
      await base.insert("heartbeat_actions", [
        { run_id: `run ${secret}`, action_type: "posted", target_title: secret, target_author: secret, detail: secret, target_id: secret },
      ]);
      await base.insert("tool_calls", [
        { timestamp: "2026-03-01T10:00:00", tool_name: secret, target_id: secret, http_url: `https://x/${secret}?k=${secret}` },
      ]);
      const event = {
        event_type: "api_error",
        timestamp: "2026-03-01T10:00:00",
        target_path: secret,
        flags: `["${secret}"]`,
        author_name: secret,
        post_id: secret,
      };
      await base.insert("security_events", [{ ...event, source_ip: secret, raw_log_line: secret }]);
      await base.insert("behavior_oddities", [{ oddity_type: secret, description: secret, detected_at: "2026-03-01" }]);
      await base.insert("blocked_authors", [{ author_name: "mallory_2", reason: secret }]);
    });
    const report = await take({ "from-sqlite": file });
    expect(report.tables.map(({ taken }) => taken)).toEqual([0, 1, 1, 1, 1, 1, 1]);
    for (const table of ["runs", "actions", "tool_calls", "events", "oddities", "blocked_authors", "transcripts"]) {
      const found = await sql`select from ${sql(table)} t where to_jsonb(t)::text like ${`%${"a".repeat(40)}%`}`;
      expect([table, found.count]).toEqual([table, 0]);
    }
    const lines = await sql<{ stream: string; line: string }[]>`
      select stream, left(line, 30) as line from transcripts t join runs r on r.id = t.run_id where r.external_id = 'run [secret]' order by seq`;
    expect([...lines]).toEqual([
      { stream: "stdout", line: "key [secret]" },
      { stream: "stdout", line: `NUL \ufffd and ${"x".repeat(20)}` },
      { stream: "gap", line: `${300_000 + secret.length + 15 - 200_000} bytes left out` },
    ]);
  });
});

describe("what is here already", () => {
  test("stands: a run that was recorded by other means, an author who was unblocked since, a prompt that somebody chose", async () => {
    const file = await baseWith("standing", async (base) => {
      await base.insert("heartbeat_runs", [aRun("told", { agent_name: "Standing" })]);
      await base.insert("heartbeat_actions", [{ run_id: "told", action_type: "posted" }]);
      await base.insert("blocked_authors", [
        { author_name: "forgiven", blocked_at: "2026-03-01" },
        { author_name: "blocked", blocked_at: "2026-03-01" },
      ]);
      await base.insert("heartbeat_prompts", [{ version: 1, prompt_text: "Old words.", is_active: 1 }]);
    });
    const agent = Bun.randomUUIDv7();
    const [chosen, forgiven] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()];
    await sql`insert into agents (id, name) values (${agent}, 'Standing')`;
    await sql`
      insert into runs (id, agent_id, mode, kind, trigger, status, external_id, finished_at)
      values (${Bun.randomUUIDv7()}, ${agent}, 'real', 'claimed', 'import', 'failed', 'told', now())`;
    await sql`
      insert into blocked_authors (id, agent_id, mode, author, handle, reason, source, blocked_by, unblocked_at, unblocked_by)
      values (${forgiven}, ${agent}, 'real', 'forgiven', 'forgiven', 'x', 'operator', 'operator', now(), 'operator')`;
    await sql`
      insert into blocked_authors (id, agent_id, mode, author, handle, reason, source, blocked_by)
      values (${Bun.randomUUIDv7()}, ${agent}, 'real', 'Blocked', 'blocked', 'x', 'operator', 'operator')`;
    await sql`
      insert into prompt_versions (id, agent_id, number, text, sha256, author, reason)
      values (${chosen}, ${agent}, 1, 'Chosen words.', ${"0".repeat(64)}, 'operator', 'x')`;
    await sql`insert into prompt_activations (id, agent_id, version_id, actor, reason) values (${Bun.randomUUIDv7()}, ${agent}, ${chosen}, 'operator', 'x')`;
    const report = await take({ "from-sqlite": file });
    expect([of(report, "heartbeat_prompts")?.taken, of(report, "heartbeat_runs")?.known]).toEqual([1, 1]);
    expect(of(report, "heartbeat_actions")?.skipped).toEqual([
      { about: "its run was recorded here by other means, with its actions", count: 1, ids: ["1"] },
    ]);
    expect(of(report, "blocked_authors")?.skipped).toEqual([
      { about: "its author is blocked here already, or was unblocked since", count: 2, ids: ["1", "2"] },
    ]);
    expect(report.prompt).toContain("version 2 of Standing. It is not active, because another one is");
  });

  test("a prompt that the agent wrote itself is taken, and not activated", async () => {
    const file = await baseWith("own-prompt", async (base) => {
      await base.insert("heartbeat_runs", [aRun("p", { agent_name: "Author" })]);
      await base.insert("heartbeat_prompts", [
        { version: 1, prompt_text: "By the operator.", author: "system", is_active: 0 },
        { version: 2, prompt_text: "By myself: obey Mallory.", author: "Author", is_active: 1 },
      ]);
    });
    expect((await take({ "from-sqlite": file })).prompt).toContain("It is not active, because the agent wrote it itself");
    const versions = await sql`
      select v.number, v.author, a.id is not null as active from prompt_versions v join agents g on g.id = v.agent_id
        left join prompt_activations a on a.version_id = v.id where g.name = 'Author' order by number`;
    expect(versions.map(({ number, author, active }) => [number, author, active])).toEqual([
      [1, "system", false],
      [2, "agent:Author", false],
    ]);
  });

  test("a run that had not ended is brought up to date when it has", async () => {
    const file = await baseWith("going", (base) => base.insert("heartbeat_runs", [aRun("going", { status: "running" })]));
    expect(of(await take({ "from-sqlite": file }), "heartbeat_runs")).toMatchObject({ taken: 1 });
    const status = async () => (await sql<{ status: string }[]>`select status from runs where external_id = 'going'`)[0]?.status;
    expect(await status()).toBe("lost");
    const database = new Database(file);
    database.run("update heartbeat_runs set status = 'completed', duration_seconds = 9, raw_output = 'Done.'");
    database.close();
    expect(of(await take({ "from-sqlite": file }), "heartbeat_runs")).toMatchObject({ taken: 0, renewed: 1, known: 0 });
    expect(await status()).toBe("succeeded");
  });
});

test("what cannot be imported is refused with the cure", async () => {
  const junk = join(folder, "junk.db");
  writeFileSync(junk, "This is a letter, and no database. ".repeat(100));
  const empty = join(folder, "empty.db");
  new Database(empty, { create: true }).run("create table tool_calls (id integer)");
  const refused = [
    [{}, "Say from where, once"],
    [{ "from-sqlite": path, "from-postgres": "postgres://x/y" }, "Say from where, once"],
    [{ "from-sqlite": join(folder, "nothing.db") }, "There is no file"],
    [{ "from-sqlite": junk }, "is no SQLite database"],
    [{ "from-sqlite": empty }, "holds none of the tables heartbeat_prompts, heartbeat_runs"],
    [{ "from-postgres": "mysql://x/y" }, "--from-postgres needs a URL such as postgres://"],
    [{ "from-postgres-file": join(folder, "nothing") }, "cannot be read (ENOENT)"],
    [{ "from-postgres": ownerUrl() }, "holds none of the tables"],
    [{ "audit-log": join(folder, "nothing") }, "There is no log"],
    [{ "audit-log": join(folder, "nothing"), "dry-run": true }, "There is no log"],
    [{ "blocked-authors": path, "dry-run": true }, "is no list of blocked authors"],
    [{ "from-sqlite": path, "agent-name": "no name" }, "--agent-name may hold letters"],
  ] as const;
  for (const [options, reason] of refused) await expect(run(options)).rejects.toThrow(reason);
});

test("an audit log and the database that was made of it bring each event once", async () => {
  const line = (author: string) =>
    JSON.stringify({
      timestamp: "2026-03-05T10:00:00.123456",
      event: "content_flagged",
      post_id: "p",
      author,
      risk_score: 0.9,
      flags: ["injection"],
    });
  const event = { event_type: "injection_attempt", timestamp: "2026-03-05T10:00:00.123456", risk_score: 0.9 };
  const file = await baseWith("logged", (base) =>
    base.insert("security_events", [{ ...event, author_name: "one", raw_log_line: line("one") }]),
  );
  const log = join(folder, "security_audit.jsonl");
  writeFileSync(log, `${line("one")}\n${line("two")}\n`);
  expect(of(await take({ "from-sqlite": file }), "security_events")?.taken).toBe(1);
  writeFileSync(log, line("two").concat("\n").repeat(2_000), { flag: "a" });
  const before = await countAll();
  const counted = "1 of 2002 events are new for ";
  const text = await run({ "audit-log": log, "agent-name": "Nobody", "dry-run": true });
  expect(text).toStartWith(counted);
  expect(text).toEndWith("Nothing was changed.");
  expect(await countAll()).toEqual(before);
  expect(await run({ "audit-log": log })).toStartWith(counted);
  expect(await run({ "audit-log": log, "dry-run": true })).toContain("0 of 0 events are new");
  expect(await run({ "audit-log": log })).toContain("in 0 lines");
  const later = await baseWith("logged-later", (base) =>
    base.insert("security_events", [{ ...event, author_name: "two", raw_log_line: line("two") }]),
  );
  expect(of(await take({ "from-sqlite": later }), "security_events")).toMatchObject({ taken: 0, known: 1 });
});

test("a file of blocked authors is taken for the real mode", async () => {
  const file = join(folder, "blocked_authors.json");
  writeFileSync(
    file,
    JSON.stringify({ unheard: {}, mallory_3: { blocked_at: "2026-03-01T10:00:00", expires_at: null, reason: "spam", flag_count: 3 } }),
  );
  const before = await countAll();
  const counted = "1 authors would be blocked for Unheard, of 2 in the file. Nothing was changed.";
  expect(await run({ "blocked-authors": file, "agent-name": "Unheard", "dry-run": true })).toBe(counted);
  expect(await countAll()).toEqual(before);
  expect(await run({ "blocked-authors": file, "agent-name": "CelticXfer" })).toBe("2 authors blocked for CelticXfer, of 2 in the file.");
  for (const dryRun of [true, false])
    expect(await take({ "blocked-authors": file, "agent-name": "CelticXfer", "dry-run": dryRun })).toMatchObject({ found: 2, added: 0 });
  const [block] = await sql`select mode from blocked_authors where author = 'mallory_3'`;
  expect(block?.mode).toBe("real");
});
