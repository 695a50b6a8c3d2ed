import { accessSync, constants, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { connect, disconnect } from "../db/client.ts";
import { startEmbedded } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import type { Agent } from "./agents/queries.ts";
import { ensureAgent } from "./agents/queries.ts";
import { config } from "./config.ts";
import { AppError } from "./errors.ts";
import { screen } from "./filter/screen.ts";
import { ensurePartitions, isDataDirLocked, lockDataDir } from "./instances/queries.ts";
import { connectMoltbook } from "./moltbook/connection.ts";
import { seedPrompt } from "./prompts/queries.ts";
import { seedText } from "./prompts/seed.ts";
import { startSandbox } from "./sandbox/server.ts";

/** What the app tells other processes on the same data directory: where it answers, and where its sandbox does. */
type Announcement = { url: string; sandbox: { url: string; apiKey: string } | null };

export type Booted = {
  agent: Agent;
  /** The running app's address, when this process is not the app itself and there is one. */
  appUrl: string | null;
  announce: (url: string) => void;
  stop: () => Promise<void>;
};

/**
 * Brings up what every process needs: the data directory, the database (embedded or given, migrated), the agent with its first prompt, and
 * Moltbook (the sandbox as long as there is no key). The app boots `exclusive`: one app a data directory. Throws AppError with the cure.
 */
export async function boot({ exclusive }: { exclusive: boolean }): Promise<Booted> {
  prepareDataDir(config.dataDir);
  const dataDir = realpathSync(config.dataDir);
  const stops: (() => unknown)[] = [];
  const stop = async () => {
    for (const step of stops.splice(0).toReversed()) await step();
  };
  try {
    const embedded = config.databaseUrl ? null : await startEmbedded(dataDir);
    if (embedded) stops.push(() => embedded.release());
    const url = embedded?.url ?? config.databaseUrl ?? "";
    await migrate(url).catch(rethrowUnreachable);
    connect(url);
    stops.push(disconnect);
    const running = exclusive ? null : await findApp(dataDir);
    if (exclusive) stops.push(await takeDataDir(dataDir));
    await ensurePartitions();
    const agent = await ensureAgent(config.agentName);
    await seedPrompt(agent.id, seedText(agent.name));
    const sandbox = await openMoltbook(running, dataDir, stops);
    const announce = (appUrl: string) => {
      const announcement: Announcement = { url: appUrl, sandbox };
      writeFileSync(join(dataDir, "app.json"), JSON.stringify(announcement), { mode: 0o600 });
      stops.push(() => rmSync(join(dataDir, "app.json"), { force: true }));
    };
    return { agent, appUrl: running?.url ?? null, announce, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function prepareDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new AppError(
      "invalid",
      `DATA_DIR ${dataDir} cannot be written (${(error as NodeJS.ErrnoException).code}). Set DATA_DIR to a folder that you own.`,
    );
  }
}

function rethrowUnreachable(error: unknown): never {
  if (error instanceof AppError) throw error;
  const reason = (error as { code?: string }).code ?? "no answer";
  throw new AppError(
    "unavailable",
    `The database at DATABASE_URL cannot be used (${reason}). Check that it runs, and its user and password.`,
  );
}

async function takeDataDir(dataDir: string): Promise<() => Promise<void>> {
  const lock = await lockDataDir(dataDir);
  if (lock) return () => lock.release();
  const where = readAnnouncement(dataDir)?.url;
  throw new AppError(
    "conflict",
    `Moltbot is already running on ${dataDir}${where ? `, at ${where}` : ""}. Stop it first, or set DATA_DIR to another folder.`,
  );
}

async function findApp(dataDir: string): Promise<Announcement | null> {
  return (await isDataDirLocked(dataDir)) ? readAnnouncement(dataDir) : null;
}

function readAnnouncement(dataDir: string): Announcement | null {
  const file = join(dataDir, "app.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Announcement) : null;
}

/** Connects to Moltbook: the real one, a sandbox that runs elsewhere, the running app's sandbox, or one of our own. */
async function openMoltbook(running: Announcement | null, dataDir: string, stops: (() => unknown)[]): Promise<Announcement["sandbox"]> {
  if (!config.ownSandbox) {
    connectMoltbook({ baseUrl: config.moltbookBase, apiKey: config.moltbookKey ?? null, screen });
    return null;
  }
  let sandbox = running?.sandbox;
  if (!sandbox) {
    const own = startSandbox({ journal: join(dataDir, "sandbox.ndjson"), agentName: config.agentName });
    stops.push(() => own.stop());
    sandbox = { url: own.url, apiKey: own.apiKey };
  }
  connectMoltbook({ baseUrl: sandbox.url, apiKey: sandbox.apiKey, screen });
  return sandbox;
}
