import { Database } from "bun:sqlite";
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";

import { ownerUrl } from "../../../db/testing.ts";
import { importJob } from "../../../jobs/import.ts";
import type { TestApp } from "../../../test/app.ts";
import { startTestApp } from "../../../test/app.ts";
import type { ImportReport } from "../schema.ts";
import { postgresBase, sqliteBase } from "../testing.ts";
import { openPostgres } from "./postgres/queries.ts";

const folder = mkdtempSync(join(tmpdir(), "moltbot-source-"));
const owner = postgres(ownerUrl(), { max: 1, onnotice: () => {} });
let app: TestApp;

setDefaultTimeout(60_000);
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  await app.stop();
  await owner.end();
  rmSync(folder, { recursive: true, force: true });
});

async function take(options: Record<string, string | boolean>): Promise<ImportReport> {
  const { text } = await importJob.run({ agent: app.agent, mcpUrl: "", slot: null }, { ...options, json: true });
  return JSON.parse(text) as ImportReport;
}

const takeFile = (path: string, more: Record<string, string | boolean> = {}) => take({ "from-sqlite": path, ...more });

const of = (report: ImportReport, table: string) => report.tables.find((each) => each.table === table);

/** A file with the tables of a program that kept no keys. */
function looseBase(name: string): { path: string; database: Database } {
  const path = join(folder, `${name}.db`);
  const database = new Database(path, { create: true });
  database.run("pragma synchronous = off");
  database.run("create table heartbeat_runs (id, run_id, started_at, agent_name, status, raw_output, summary)");
  database.run("create table heartbeat_actions (id, run_id, action_type, created_at)");
  database.run("create table tool_calls (id, tool_name, timestamp, raw_log_line)");
  return { path, database };
}

test("rows whose ids are missing, of many rows, texts or beyond all numbers are read, each once", async () => {
  const { path, database } = looseBase("ids");
  const ids = [null, null, 7, 7, 7, "text", "", 2 ** 60, -(2 ** 62), 1.5, new Uint8Array([1, 2])];
  for (const [n, id] of ids.entries())
    database.run("insert into heartbeat_runs (id, run_id, started_at) values (?, ?, '2026-02-09')", [id, `ids-${n}`]);
  const many = database.prepare("insert into tool_calls values (?, 'get_post', '2026-02-09', ?)");
  for (let n = 0; n < 2500; n += 1) many.run(n % 2 ? null : 3, `line ${n}`);
  database.close();
  const report = await takeFile(path);
  expect(of(report, "heartbeat_runs")).toMatchObject({ found: ids.length, taken: ids.length, known: 0 });
  expect(of(report, "tool_calls")).toMatchObject({ found: 2500, taken: 2500, known: 0 });
});

test("an action of a run that is there twice is taken once", async () => {
  const { path, database } = looseBase("twice");
  for (const at of ["2026-02-09T10:00:00Z", "2026-02-11T10:00:00Z"])
    database.run("insert into heartbeat_runs (id, run_id, started_at) values (?, 'twice', ?)", [Date.parse(at), at]);
  database.run("insert into heartbeat_actions values (1, 'twice', 'posted', '2026-02-09')");
  database.close();
  const report = await takeFile(path);
  expect(of(report, "heartbeat_runs")).toMatchObject({ found: 2, taken: 1 });
  expect(of(report, "heartbeat_actions")).toMatchObject({ found: 1, taken: 1, known: 0, skipped: [] });
});

test("an agent's name may be of bytes, and an output in UTF-16 is read as what it says", async () => {
  const { path, database } = looseBase("bytes");
  database.run("insert into heartbeat_runs values (1, 'bytes', '2026-02-09', cast('Bytes' as blob), 'completed', 'x', null)");
  database.close();
  expect(await takeFile(path)).toMatchObject({ agent: "Bytes" });
  const wide = join(folder, "wide.db");
  const utf16 = new Database(wide, { create: true });
  utf16.run("pragma encoding = 'UTF-16le'");
  utf16.run("create table heartbeat_runs (id integer primary key, run_id text, started_at text, raw_output text)");
  utf16.run("insert into heartbeat_runs values (1, 'wide', '2026-02-09', 'Grüße 🦞' || char(10) || 'Ende')");
  utf16.close();
  await takeFile(wide);
  const lines = await owner`
    select stream, line from transcripts t join runs r on r.id = t.run_id where r.external_id = 'wide' order by seq`;
  expect(lines.map(({ stream, line }) => [stream, line])).toEqual([
    ["stdout", "Grüße 🦞"],
    ["stdout", "Ende"],
  ]);
});

test("a generated column is read, and a view, which may have no end, is not", async () => {
  const path = join(folder, "made.db");
  const database = new Database(path, { create: true });
  database.run(
    "create table heartbeat_runs (id integer primary key, name text, started_at text, run_id text generated always as ('made-' || name))",
  );
  database.run("insert into heartbeat_runs (name, started_at) values ('one', '2026-02-09')");
  database.run(`create view tool_calls as with recursive n (id) as (select 1 union all select id + 1 from n)
    select id, 'get_post' as tool_name, '2026-02-09' as timestamp from n`);
  database.close();
  const report = await takeFile(path);
  expect(of(report, "heartbeat_runs")?.taken).toBe(1);
  expect(of(report, "tool_calls")?.found).toBeNull();
});

test("a file that somebody writes to, or was writing to, is not read half", async () => {
  const { path, database } = looseBase("locked");
  database.run("insert into heartbeat_runs (id, run_id, started_at) values (1, 'before', '2026-02-09')");
  database.run("pragma cache_size = 1");
  database.run("begin exclusive");
  const add = database.prepare("insert into heartbeat_runs (id, run_id, started_at, summary) values (?, ?, '2026-02-09', ?)");
  for (let n = 2; n < 200; n += 1) add.run(n, `during-${n}`, "x".repeat(500));
  const torn = join(folder, "torn.db");
  copyFileSync(path, torn);
  copyFileSync(`${path}-journal`, `${torn}-journal`);
  await expect(takeFile(path)).rejects.toThrow("Another program is writing to");
  await expect(takeFile(torn)).rejects.toThrow("was left in the middle of a write");
  database.run("rollback");
  database.close();
  new Database(torn).query("select count(*) from heartbeat_runs").get();
  expect(of(await takeFile(torn), "heartbeat_runs")).toMatchObject({ found: 1, taken: 1 });
});

test("a log that was not written back is found behind a link too", async () => {
  const path = join(folder, "real.db");
  const base = sqliteBase(path);
  base.database.run("pragma journal_mode = wal");
  await base.insert("heartbeat_runs", [{ run_id: "linked", started_at: "2026-02-09", agent_name: "Linked" }]);
  mkdirSync(join(folder, "elsewhere"));
  const link = join(folder, "elsewhere", "link.db");
  symlinkSync(path, link);
  expect(of(await takeFile(link), "heartbeat_runs")).toMatchObject({ found: 1, taken: 1 });
  base.database.close();
});

test("what is no file is not waited for, and a damaged one is told without a row of it being taken", async () => {
  const pipe = join(folder, "pipe");
  expect(Bun.spawnSync(["mkfifo", pipe]).exitCode).toBe(0);
  await expect(takeFile(pipe)).rejects.toThrow("is no file");
  await expect(takeFile(folder)).rejects.toThrow("is no file");

  const { path, database } = looseBase("damaged");
  const add = database.prepare("insert into heartbeat_runs (id, run_id, started_at, summary) values (?, ?, '2026-02-09', ?)");
  for (let n = 0; n < 3000; n += 1) add.run(n, `damaged-${n}`, "x".repeat(300));
  database.close();
  const bytes = readFileSync(path);
  bytes.fill(0xff, bytes.length - 40 * 4096, bytes.length - 20 * 4096);
  writeFileSync(path, bytes);
  await expect(takeFile(path)).rejects.toThrow(/cannot be read to its end \(SQLITE_CORRUPT\w*\)\. Nothing was taken\..*integrity_check/);
  expect((await owner`select from runs where external_id like 'damaged-%'`).count).toBe(0);
});

test("a report stays short, however many reasons there are", async () => {
  const { path, database } = looseBase("reasons");
  const add = database.prepare("insert into heartbeat_actions values (?, null, ?, '2026-02-09')");
  for (let n = 0; n < 400; n += 1) add.run(n, `danced-${n}`);
  database.close();
  const skipped = of(await takeFile(path), "heartbeat_actions")?.skipped ?? [];
  expect(skipped.length).toBe(51);
  expect(skipped.at(-1)).toMatchObject({ about: "there are more reasons than are told apart", count: 350 });
  expect(existsSync(path)).toBe(true);
});

/** An empty Postgres database with the predecessor's tables. */
async function postgresDatabase() {
  const name = `old_${crypto.randomUUID().replaceAll("-", "")}`;
  await owner`create database ${owner(name)}`;
  const url = new URL(ownerUrl());
  url.pathname = `/${name}`;
  const sql = postgres(url.href, { max: 1, onnotice: () => {} });
  const base = await postgresBase(sql);
  const drop = async () => {
    await sql.end();
    await owner`drop database ${owner(name)} with (force)`;
  };
  return { url, sql, base, drop };
}

test("a Postgres database whose connection is lost is not read from another moment", async () => {
  const { url, sql, base, drop } = await postgresDatabase();
  const runs = Array.from({ length: 3000 }, (_, n) => ({ run_id: `lost-${n}`, started_at: "2026-02-09", agent_name: "Lost" }));
  await base.insert("heartbeat_runs", runs);
  for (const when of ["within a table", "between two tables"]) {
    const source = await openPostgres(url.href);
    const read = async () => {
      for await (const rows of source.read("heartbeat_runs")) {
        expect(rows.length).toBeGreaterThan(0);
        if (when === "within a table")
          await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'moltbot import'`;
      }
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'moltbot import'`;
      for await (const rows of source.read("tool_calls")) expect(rows).toEqual([]);
    };
    await expect(read().then(() => when)).rejects.toThrow("cannot be read to its end (");
    await source.close();
  }
  await drop();
});

test("a Postgres database is read whatever its ids are, and never with rows left out that its user may not see", async () => {
  const { url, sql, base, drop } = await postgresDatabase();
  await base.insert("heartbeat_runs", [{ run_id: "hidden", started_at: "2026-02-09", agent_name: "Hidden" }]);
  await sql`alter table tool_calls drop column id, add column id uuid default gen_random_uuid()`;
  await sql`insert into tool_calls (timestamp, tool_name) select '2026-02-09', 'get_post' from generate_series(1, 2500)`;
  const from = { "from-postgres": url.href };
  expect(of(await take({ ...from, "dry-run": true }), "tool_calls")).toMatchObject({ found: 2500, taken: 2500 });

  const reader = `reader_${crypto.randomUUID().replaceAll("-", "")}`;
  await sql.unsafe(`create role ${reader} login password 'of-the-old-base'; grant select on all tables in schema public to ${reader}`);
  await sql`alter table heartbeat_runs enable row level security`;
  const [asReader] = [new URL(url.href)];
  [asReader.username, asReader.password] = [reader, "of-the-old-base"];
  const refused = await take({ "from-postgres": asReader.href }).catch((error: Error) => error.message);
  expect(refused).toContain("cannot be read to its end (42501). Nothing was taken.");
  expect(refused).not.toContain("of-the-old-base");
  await sql.unsafe(`drop owned by ${reader}; drop role ${reader}`);
  await drop();
});
