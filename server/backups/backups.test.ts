import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";

import { connect, disconnect } from "../../db/client.ts";
import { migrate } from "../../db/migrate.ts";
import { ownerUrl } from "../../db/testing.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp, until } from "../../test/app.ts";
import { runHeartbeat } from "../runs/heartbeat.ts";

const ROOT = join(import.meta.dir, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "moltbot-backups-"));
const file = join(folder, "whole.backup");
const source = postgres(ownerUrl(), { max: 1, onnotice: () => {} });
const targets: string[] = [];
let app: TestApp;

setDefaultTimeout(60_000);
beforeAll(async () => {
  app = await startTestApp();
  for (let turn = 0; turn < 2; turn += 1) await runHeartbeat({ agent: app.agent, trigger: "manual", slot: null, mcpUrl: app.mcpUrl });
  // What an imported record and a long memory have: a month of long ago, and texts that a line of COPY has to write otherwise.
  const [run] = await source<{ id: string }[]>`select id from runs limit 1`;
  await source`select ensure_partitions('2025-03-01', 3)`;
  await source`
    insert into transcripts (id, agent_id, run_id, seq, stream, line)
    values (${Bun.randomUUIDv7("hex", Date.parse("2025-03-09"))}, ${app.agent.id}, ${run?.id ?? ""}, 9000, 'stderr', ${"a\tb\nc\r\\.\n\\N \\ é 🦞"})`;
  mkdirSync(join(folder, "data", "accounts"), { recursive: true });
  writeFileSync(join(folder, "data", "accounts", "molty.json"), '{"api_key": "moltbook_sandbox_kept"}');
  const made = await job(["backup", "--file", file], ownerUrl());
  expect(made).toMatchObject({ code: 0, stderr: "" });
});
afterAll(async () => {
  await app.stop();
  await disconnect();
  connect(ownerUrl());
  for (const url of targets) await source`drop database if exists ${source(new URL(url).pathname.slice(1))} with (force)`;
  await source.end();
  rmSync(folder, { recursive: true, force: true });
});

/** A job on a database, as somebody types it. */
function start(argv: string[], url: string, data = "data") {
  return Bun.spawn([process.execPath, "jobs/cli.ts", ...argv], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? "", DATABASE_URL: url, DATA_DIR: join(folder, data) },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

async function job(argv: string[], url: string, data?: string) {
  const child = start(argv, url, data);
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, stdout, stderr };
}

/** Another database on the same server, migrated and empty. */
async function target(): Promise<string> {
  const url = new URL(ownerUrl());
  url.pathname = `/restored_${crypto.randomUUID().replaceAll("-", "")}`;
  await source`create database ${source(url.pathname.slice(1))}`;
  targets.push(url.href);
  await migrate(url.href);
  return url.href;
}

/** A digest of every row of every table. */
async function digestOf(url: string): Promise<Record<string, string>> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`;
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] =
      await sql`select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as digest from ${sql(name)} t`;
    digests[name] = row?.digest as string;
  }
  await sql.end();
  return digests;
}

/** What every list of the API answers, and the figures, but for what the clock alone changes. */
async function answers(): Promise<Record<string, unknown>> {
  const { paths } = (await (await app.get("/api/openapi.json")).json()) as { paths: Record<string, { get?: unknown }> };
  const found: Record<string, unknown> = {};
  for (const path of Object.keys(paths).filter((each) => paths[each]?.get && !each.includes("{"))) {
    const answer = await app.get(path);
    if (!answer.headers.get("content-type")?.startsWith("application/json")) continue;
    const { items, next, ...rest } = (await answer.json()) as Record<string, unknown>;
    if (Array.isArray(items)) found[path] = [answer.status, items.map((item: object) => ({ ...item, next_runs: null })), next];
    else if (path === "/api/stats") found[path] = [answer.status, { ...rest, fresh_at: null }];
  }
  return found;
}

test("what was backed up, destroyed and restored answers the same from every list, with its chain whole", async () => {
  const before = await answers();
  expect(Object.keys(before)).toEqual(
    expect.arrayContaining(["/api/runs", "/api/actions", "/api/security/tool-calls", "/api/prompts", "/api/security/events", "/api/stats"]),
  );
  const url = await target();
  expect(await job(["restore", "--file", file], url, "elsewhere")).toEqual({
    code: 0,
    stderr: "",
    stdout: expect.stringMatching(/^[\d,]+ rows are back\. The audit chain of \d+ records is whole, up to [0-9a-f]{64}\.\n$/),
  });
  expect(await digestOf(url)).toEqual(await digestOf(ownerUrl()));
  expect(readFileSync(join(folder, "elsewhere", "accounts", "molty.json"), "utf8")).toBe('{"api_key": "moltbook_sandbox_kept"}');
  expect(statSync(join(folder, "elsewhere", "accounts", "molty.json")).mode & 0o777).toBe(0o600);

  await disconnect();
  connect(url);
  expect(await answers()).toEqual(before);
  await disconnect();
  connect(ownerUrl());
  expect(await job(["verify-audit"], url)).toMatchObject({ code: 0, stdout: expect.stringContaining("The chain is whole") });
});

test("a restored database keeps its rules: the chain is append-only, references are checked, and triggers count", async () => {
  const url = await target();
  expect((await job(["restore", "--file", file], url)).code).toBe(0);
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  expect(await sql`delete from audit_log`.catch((error: Error) => error.message)).toBe("the audit log is append-only");
  expect(await sql`delete from agents`.catch((error: { code: string }) => error.code)).toBe("23503");
  const constraints = (on: postgres.Sql) => on`
    select conrelid::regclass::text as table, conname, pg_get_constraintdef(oid) as definition, convalidated from pg_constraint
    where connamespace = 'public'::regnamespace and conparentid = 0 and conrelid::regclass::text !~ '_[0-9]{6}$' order by 1, 2`;
  const triggers = (on: postgres.Sql) => on`
    select tgrelid::regclass::text as table, tgname, tgenabled from pg_trigger where not tgisinternal order by 1, 2`;
  expect([...(await constraints(sql))]).toEqual([...(await constraints(source))]);
  expect([...(await triggers(sql))]).toEqual([...(await triggers(source))]);
  await sql.end();
});

test("a backup can be read by its owner only, and overwrites nothing", async () => {
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const size = statSync(file).size;
  const again = await job(["backup", "--file", file], ownerUrl());
  expect(again).toMatchObject({ code: 1, stderr: `${file} is there already. Name another file, or remove it.\n` });
  expect(statSync(file).size).toBe(size);
  const nowhere = await job(["backup", "--file", join(folder, "none", "x")], ownerUrl());
  expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining("cannot be written (ENOENT)")]);
  expect(readdirSync(folder).filter((name) => name.startsWith("whole"))).toEqual(["whole.backup"]);
});

test("a file that is damaged, cut off or none at all is refused, and nothing has changed", async () => {
  const url = await target();
  const before = await digestOf(url);
  const whole = readFileSync(file);
  const plain = Buffer.from(Bun.zstdDecompressSync(whole));
  const altered = (from: string, to: string) => Bun.zstdCompressSync(Buffer.from(plain.toString("latin1").replace(from, to), "latin1"));
  const lastLine = plain.lastIndexOf("\n", plain.length - 2) + 1;
  const bad: Record<string, Uint8Array> = {
    empty: new Uint8Array(),
    foreign: Buffer.from("PGDMP, or so"),
    halved: whole.subarray(0, whole.length / 2),
    "without its seal": Bun.zstdCompressSync(plain.subarray(0, lastLine)),
    "with a word changed": altered("sandbox_molty", "sandbox_Molty"),
    "with a chain that was changed": altered('"kind":"', '"kind":"x'),
    "with a row that Postgres refuses": altered(app.agent.id, `x${app.agent.id.slice(1)}`),
    "with more behind it": Bun.zstdCompressSync(Buffer.concat([plain, Buffer.from("{}\n")])),
    "with a table that is ours alone": altered('{"table":"agents"', '{"table":"schema_migrations"'),
    "with a table whose name commands a terminal": altered('{"table":"agents"', '{"table":"\\u001b]0;owned\\u0007agents"'),
    "with a month before all months": altered('"since":"20', '"since":"00'),
  };
  for (const [what, bytes] of Object.entries(bad)) {
    const path = join(folder, "bad.backup");
    writeFileSync(path, bytes);
    const refused = await job(["restore", "--file", path, "--replace"], url, "bad");
    expect([what, refused]).toEqual([what, { code: 1, stdout: "", stderr: expect.stringContaining("cannot be restored") }]);
    expect(refused.stderr.trim()).not.toMatch(/\p{C}/u);
    expect([what, await digestOf(url)]).toEqual([what, before]);
  }
  expect(existsSync(join(folder, "bad", "accounts"))).toBe(false);
  const other = altered(`"migrations":["`, `"migrations":["20200101000000","`);
  writeFileSync(join(folder, "other.backup"), other);
  const refused = await job(["restore", "--file", join(folder, "other.backup")], url);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("Restore it with the version of Moltbot that made it")]);
});

test("records are deleted for a backup only on request, and never under a running app", async () => {
  const url = await target();
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql`insert into agents (id, name) values (${Bun.randomUUIDv7()}, 'somebody')`;
  const refused = await job(["restore", "--file", file], url);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("or --replace to delete them")]);
  expect((await sql`select name from agents`).map(({ name }) => name as string)).toEqual(["somebody"]);
  expect((await app.get("/ready")).status).toBe(200);
  const inUse = await job(["restore", "--file", file, "--replace"], ownerUrl());
  expect([inUse.code, inUse.stderr]).toEqual([1, "Moltbot is running on this database. Stop it first.\n"]);
  expect((await job(["restore", "--file", file, "--replace"], url)).code).toBe(0);
  expect(await digestOf(url)).toEqual(await digestOf(ownerUrl()));
  await sql.end();
});

test("a KILL in the middle of a restore leaves what was there before", async () => {
  const url = await target();
  expect((await job(["restore", "--file", file], url)).code).toBe(0);
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql`insert into agents (id, name) values (${Bun.randomUUIDv7()}, 'since_then')`;
  const before = await digestOf(url);
  const pipe = join(folder, "slow.backup");
  expect(Bun.spawnSync(["mkfifo", pipe]).exitCode).toBe(0);
  const whole = readFileSync(file);
  const child = start(["restore", "--file", pipe, "--replace"], url);
  const feed = createWriteStream(pipe);
  feed.on("error", () => {});
  feed.write(Bun.zstdCompressSync(Bun.zstdDecompressSync(whole).subarray(0, Bun.zstdDecompressSync(whole).length / 2)));
  // The session holds every table in its own, emptied state; only its end tells others which one counts.
  const busy = () => sql<{ pid: number }[]>`
    select l.pid from pg_locks l where l.relation = 'agents'::regclass and l.mode = 'AccessExclusiveLock' and l.granted
      and l.database = (select oid from pg_database where datname = current_database())`;
  await until(async () => (await busy()).length > 0);
  child.kill("SIGKILL");
  feed.destroy();
  await child.exited;
  await until(async () => (await busy()).length === 0);
  expect(await digestOf(url)).toEqual(before);
  await sql.end();
});

test("a database that holds nothing is not backed up: its address is most likely not the app's", async () => {
  const none = join(folder, "none.backup");
  const { code, stdout, stderr } = await job(["backup", "--file", none], await target());
  expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining("holds no records")]);
  expect(existsSync(none)).toBe(false);
});

test("of a large record a row that Postgres does not take ends a restore, and a signal in its middle leaves no part of a backup", async () => {
  const [run] = await source<{ id: string }[]>`select id from runs limit 1`;
  await source`
    insert into transcripts (id, agent_id, run_id, seq, stream, line)
    select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') || '7000800000' || lpad(to_hex(n), 10, '0'))::uuid,
      ${app.agent.id}, ${run?.id ?? ""}, 10000 + n, 'stdout', repeat(md5(n::text), 8)
    from generate_series(1, 100000) n`;
  const large = join(folder, "large.backup");
  expect((await job(["backup", "--file", large], ownerUrl())).code).toBe(0);
  const plain = Buffer.from(Bun.zstdDecompressSync(readFileSync(large)));
  // The first letter of the first row, behind the table's line and its first length.
  const head = plain.indexOf("\n", plain.indexOf('{"table":"transcripts"'));
  plain.write("z", plain.indexOf("\n", head + 1) + 1);
  const url = await target();
  const bad = join(folder, "large-bad.backup");
  writeFileSync(bad, Bun.zstdCompressSync(plain));
  const refused = await job(["restore", "--file", bad], url);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("Postgres does not take a row of it (22P02)")]);

  const child = start(["backup", "--file", join(folder, "cut.backup")], ownerUrl());
  const parts = () => readdirSync(folder).filter((name) => name.startsWith("cut.backup"));
  await until(() => parts().length > 0);
  child.kill("SIGINT");
  expect(await child.exited).toBe(1);
  expect(parts()).toEqual([]);
});
