import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

import postgres from "postgres";

import { AppError } from "../server/errors.ts";
import { writeOnce } from "../server/write-once.ts";
import { binary, createCluster, removeDrafts } from "./cluster.ts";
import { findServer, isPostmaster, spawnServer } from "./postmaster.ts";
import { unprivileged } from "./unprivileged.ts";

/** A running embedded Postgres: the owner's URL, and `release`, which stops it unless another process still uses it. */
export type Embedded = { url: string; release(): Promise<void> };

const OWNER = "moltbot";
const DATABASE = "moltbot";
const GUEST = "moltbot guest";
const LIMIT_MS = 60_000;
const CLOSING_MS = 1_000;
const ATTEMPTS = 5;

/**
 * The Postgres of a data directory: the one that runs there already (left by a killed process or used by another one), or a new one,
 * with its cluster created on first use. It listens on a free loopback port with a generated password.
 * Throws AppError `unavailable` with the cure when it cannot be started.
 */
export async function startEmbedded(dataDir: string): Promise<Embedded> {
  const folder = realpathSync(dataDir);
  const cluster = join(folder, "postgres");
  const owner = unprivileged(cluster, dirname(await binary("postgres")));
  const password = writeOnce(join(folder, "postgres.password"), crypto.randomUUID().replaceAll("-", ""));
  if (!existsSync(join(cluster, "PG_VERSION"))) await createCluster(folder, cluster, OWNER, owner);
  const urlOf = (port: number, database: string) => `postgres://${OWNER}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;

  const deadline = Date.now() + LIMIT_MS;
  let started: ReturnType<typeof spawnServer> | undefined;
  for (let attempts = 0; Date.now() < deadline; await Bun.sleep(25)) {
    const server = findServer(cluster);
    const guest = server?.isReady ? await enter(cluster, urlOf(server.port, "postgres")) : null;
    if (server && guest) {
      removeDrafts(folder);
      await createDatabase(cluster, guest);
      return { url: urlOf(server.port, DATABASE), release: () => leave(cluster, guest) };
    }
    // A server that is starting or stopping, ours or another process's, is waited for.
    if (server || (started && started.exitCode === null && started.signalCode === null)) continue;
    // One that failed gets another chance: it may have met a server that was just going, or the last sessions of one that was killed.
    if (attempts === ATTEMPTS) break;
    attempts += 1;
    if (started) await Bun.sleep(200);
    started = spawnServer(await binary("postgres"), folder, cluster, owner);
  }
  const log = join(folder, "postgres.log");
  throw new AppError("unavailable", `The embedded Postgres did not start. ${log} says why:\n${lastLines(log)}`);
}

/**
 * Opens the session by which a process uses the server: it holds a shared lock, so that the server is not stopped under it. Null if the
 * server does not take it, because it is about to stop: then the lock may still be granted, when the one that stops it lets go of its own.
 */
async function enter(cluster: string, url: string): Promise<postgres.Sql | null> {
  const options = {
    max: 1,
    max_lifetime: null,
    fetch_types: false,
    connect_timeout: 2,
    connection: { application_name: GUEST },
    onnotice: () => {},
  };
  const guest = postgres(url, options);
  const isLocked = await guest`select pg_advisory_lock_shared(hashtext('moltbot.guests'))`.then(
    () => true,
    () => false,
  );
  if (isLocked && findServer(cluster)?.isReady) return guest;
  await guest.end({ timeout: 1 });
  return null;
}

async function createDatabase(cluster: string, guest: postgres.Sql): Promise<void> {
  try {
    await guest`select pg_advisory_lock(hashtext('moltbot.create_database'))`;
    const [found] = await guest`select from pg_database where datname = ${DATABASE}`;
    if (!found) await guest`create database ${guest(DATABASE)}`;
    await guest`select pg_advisory_unlock(hashtext('moltbot.create_database'))`;
  } catch (error) {
    await leave(cluster, guest);
    throw error;
  }
}

/** The last one to leave stops the server: a job may be using what the app started, or the other way round. */
async function leave(cluster: string, guest: postgres.Sql): Promise<void> {
  const isLast = await isAlone(guest).catch(() => false);
  const server = isLast ? findServer(cluster) : undefined;
  if (server) await stopServer(server.pid, cluster);
  await guest.end({ timeout: 1 });
}

/** SIGINT is Postgres's fast shutdown: it ends sessions, ours included, writes a checkpoint, and exits. */
async function stopServer(pid: number, cluster: string): Promise<void> {
  process.kill(pid, "SIGINT");
  const deadline = Date.now() + LIMIT_MS;
  while (isPostmaster(pid, cluster) && Date.now() < deadline) await Bun.sleep(10);
}

/**
 * True if nobody else uses the server, and from then on nobody can enter it. The lock tells of guests who have no other session yet; the
 * sessions tell of guests who lost their lock when the server recovered from a crash. Our own last sessions get a moment to be gone.
 */
async function isAlone(guest: postgres.Sql): Promise<boolean> {
  await guest`select pg_advisory_unlock_shared(hashtext('moltbot.guests'))`;
  const [lock] = await guest<{ taken: boolean }[]>`select pg_try_advisory_lock(hashtext('moltbot.guests')) as taken`;
  if (!lock?.taken) return false;
  for (const deadline = Date.now() + CLOSING_MS; Date.now() < deadline; await Bun.sleep(20)) {
    const others = await guest`
      select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> ${GUEST}`;
    if (others.count === 0) return true;
  }
  return false;
}

function lastLines(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").slice(-5).join("\n") : "(no log)";
}
