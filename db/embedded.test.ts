import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";

import { until } from "../test/app.ts";
import { startEmbedded } from "./embedded.ts";

/** Servers of their own, in folders of their own, and other processes that use them: a program that enters, says so, and leaves when told. */
const folder = mkdtempSync(join(tmpdir(), "moltbot-embedded-"));
const guestProgram = join(folder, "guest.ts");
writeFileSync(
  guestProgram,
  `import { startEmbedded } from ${JSON.stringify(join(import.meta.dir, "embedded.ts"))};
  const { url, release } = await startEmbedded(process.argv[2] ?? "");
  process.stdout.write(url + "\\n");
  await Bun.stdin.text();
  await release();
  process.exit(0);`,
);
const guests: Bun.Subprocess[] = [];

setDefaultTimeout(60_000);
afterAll(async () => {
  for (const guest of guests) guest.kill("SIGKILL");
  for (const name of readdirSync(folder)) {
    const pid = postmasterOf(join(folder, name));
    if (pid && isAlive(pid)) process.kill(pid, "SIGINT");
    await until(() => !pid || !isAlive(pid));
  }
  rmSync(folder, { recursive: true, force: true });
});

function newDataDir(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

function spawnGuest(dataDir: string) {
  const child = Bun.spawn([process.execPath, guestProgram, dataDir], { stdin: "pipe", stdout: "pipe", stderr: "inherit" });
  guests.push(child);
  const url = child.stdout
    .getReader()
    .read()
    .then(({ value }) => new TextDecoder().decode(value).trim());
  const leave = async () => {
    await child.stdin.end();
    return child.exited;
  };
  return { child, url, leave };
}

function postmasterOf(dataDir: string): number {
  const file = join(dataDir, "postgres", "postmaster.pid");
  return existsSync(file) ? Number(readFileSync(file, "utf8").split("\n", 1)[0]) : 0;
}

/** Whether a process runs; one that has ended and that nobody has reaped yet does not. */
function isAlive(pid: number): boolean {
  const state = Bun.spawnSync(["ps", "-o", "stat=", "-p", String(pid)])
    .stdout.toString()
    .trim();
  return state !== "" && !state.startsWith("Z");
}

async function ask(url: string, query: string): Promise<unknown> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const [row] = await sql.unsafe(query);
    return row?.answer;
  } finally {
    await sql.end();
  }
}

test("two first starts at once share one server, and the last one to leave stops it", async () => {
  const dataDir = newDataDir("shared");
  const guest = spawnGuest(dataDir);
  const ours = await startEmbedded(dataDir);
  expect(await guest.url).toBe(ours.url);
  const pid = postmasterOf(dataDir);
  await ask(ours.url, "create table kept (n int)");

  for (const secret of ["postgres.password", "postgres.log"]) expect(statSync(join(dataDir, secret)).mode & 0o777).toBe(0o600);
  expect(statSync(join(dataDir, "postgres")).mode & 0o777).toBe(0o700);
  expect(readdirSync(dataDir).toSorted()).toEqual(["postgres", "postgres.log", "postgres.password"]);
  expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).not.toContain(new URL(ours.url).password);

  await ours.release();
  expect(isAlive(pid)).toBe(true);
  expect(await ask(ours.url, "select count(*)::int as answer from kept")).toBe(0);
  expect(await guest.leave()).toBe(0);
  await until(() => !isAlive(pid));
});

test("a process that is killed leaves the server running; the next one finds it and stops it", async () => {
  const dataDir = join(folder, "shared");
  const guest = spawnGuest(dataDir);
  const url = await guest.url;
  const pid = postmasterOf(dataDir);
  guest.child.kill("SIGKILL");
  await guest.child.exited;
  expect(isAlive(pid)).toBe(true);
  const next = await startEmbedded(dataDir);
  expect(next.url).toBe(url);
  await until(
    async () =>
      (await ask(next.url, "select count(*)::int as answer from pg_stat_activity where application_name = 'moltbot guest'")) === 1,
  );
  await next.release();
  await until(() => !isAlive(pid));
});

test("the server does not stop under a process that has only just entered, nor under a session of somebody else", async () => {
  const dataDir = join(folder, "shared");
  const first = await startEmbedded(dataDir);
  const [second] = await Promise.all([startEmbedded(dataDir), first.release()]);
  expect(await ask(second.url, "select 1 as answer")).toBe(1);
  const session = postgres(second.url, { max: 1 });
  await session`select 1`;
  await second.release();
  expect(await session`select 1 as answer`).toHaveLength(1);
  await session.end();
});

test("a killed server recovers at the next start, with all that was committed", async () => {
  const dataDir = join(folder, "shared");
  const before = await startEmbedded(dataDir);
  await ask(before.url, "insert into kept values (7)");
  const pid = postmasterOf(dataDir);
  process.kill(pid, "SIGKILL");
  await until(() => !isAlive(pid));
  await before.release();
  const after = await startEmbedded(dataDir);
  expect(postmasterOf(dataDir)).not.toBe(pid);
  expect(await ask(after.url, "select n as answer from kept")).toBe(7);
  await after.release();
});

test("a pid file that names a living stranger is a leftover", async () => {
  const dataDir = join(folder, "shared");
  const stranger = Bun.spawn(["sleep", "60"]);
  const file = [stranger.pid, join(dataDir, "postgres"), 1, 1, "", "127.0.0.1", "1 1", "ready"].join("\n");
  writeFileSync(join(dataDir, "postgres", "postmaster.pid"), file);
  const outcome = await startEmbedded(dataDir).then(
    (server) => server.release().then(() => "started"),
    (error: Error) => error.message,
  );
  // Postgres itself spares a file whose process belongs to the same user; then its own words must reach the operator.
  expect(outcome).toMatch(/^started$|lock file "postmaster.pid" already exists/);
  expect(stranger.exitCode).toBeNull();
  stranger.kill();
  rmSync(join(dataDir, "postgres", "postmaster.pid"), { force: true });
});

test("what an interrupted first start left behind is no cluster, and goes", async () => {
  const dataDir = newDataDir("interrupted");
  const drafts = () => readdirSync(dataDir).filter((name) => /^postgres\.[0-9a-f-]{36}$/.test(name));
  const guest = spawnGuest(dataDir);
  await until(() => drafts().some((name) => existsSync(join(dataDir, name, "PG_VERSION"))));
  guest.child.kill("SIGKILL");
  const server = await startEmbedded(dataDir);
  expect(await ask(server.url, "select 1 as answer")).toBe(1);
  await server.release();
  // The interrupted initdb may have gone on for a moment.
  await until(async () => {
    await (await startEmbedded(dataDir)).release();
    return drafts().length === 0;
  });
});

test("a folder in the cluster's place is not touched, and named", async () => {
  const dataDir = newDataDir("blocked");
  mkdirSync(join(dataDir, "postgres"));
  writeFileSync(join(dataDir, "postgres", "thesis.txt"), "years of work");
  await expect(startEmbedded(dataDir)).rejects.toThrow(/in the way \(E\w+\).* move it away/);
  expect(readdirSync(join(dataDir, "postgres"))).toEqual(["thesis.txt"]);
  // Whoever starts it again and again would fill the disk with what it made instead.
  expect(readdirSync(dataDir).filter((name) => name.startsWith("postgres."))).toEqual(["postgres.password"]);
});

test("a server that cannot start is given up soon, with its last words", async () => {
  const dataDir = join(folder, "interrupted");
  writeFileSync(join(dataDir, "postgres", "postgresql.auto.conf"), "no_such_setting = 1\n");
  await expect(startEmbedded(dataDir)).rejects.toThrow(/did not start.*says why:[^]*contains errors/);
});
