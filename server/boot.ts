import { accessSync, constants, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { connect, disconnect } from "../db/client.ts";
import { startEmbedded } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import type { Agent } from "./agents/queries.ts";
import { ensureAgent } from "./agents/queries.ts";
import { openBlocklist } from "./authors/blocklist.ts";
import { keepFile } from "./authors/file.ts";
import { withholdBlocked } from "./authors/withhold.ts";
import { config } from "./config.ts";
import { AppError } from "./errors.ts";
import { screen } from "./filter/screen.ts";
import { openFilterModel } from "./filter/transformer/open.ts";
import { screenWith } from "./filter/transformer/screen.ts";
import { ensurePartitions, isDataDirLocked, lockDataDir } from "./instances/queries.ts";
import type { MoltbookOptions } from "./moltbook/client.ts";
import { connectMoltbook } from "./moltbook/connection.ts";
import { seedPrompt } from "./prompts/queries.ts";
import { seedText } from "./prompts/seed.ts";
import { startSandbox } from "./sandbox/server.ts";
import { writeOnce } from "./write-once.ts";

/** What the app tells other processes on the same data directory: where it answers, and where its sandbox does. */
type Announcement = { url: string; sandbox: Sandbox | null };
type Sandbox = { url: string; apiKey: string };

/** `exclusive`: this process is the app itself, one a data directory. `moltbook`: it will talk to Moltbook. */
type Needs = { exclusive: boolean; moltbook: boolean };

export type Booted = {
  agent: Agent;
  /** The running app's address, when this process is not the app itself and there is one. */
  appUrl: string | null;
  announce: (url: string) => void;
  stop: () => Promise<void>;
};

/**
 * Brings up what every process needs: the data directory, the database (embedded or given, migrated), the agent with its first prompt, and
 * Moltbook (the sandbox as long as there is no key). Throws AppError with the cure, after taking down again what was up already.
 */
export async function boot({ exclusive, moltbook }: Needs): Promise<Booted> {
  await using steps = new AsyncDisposableStack();
  const { url } = await openDatabase(steps);
  const dataDir = realpathSync(config.dataDir);
  connect(url);
  steps.defer(disconnect);
  const id = writeOnce(join(dataDir, "id"), crypto.randomUUID());
  if (exclusive) await takeDataDir(id, dataDir, steps);
  const running = exclusive ? null : await findApp(id, dataDir);
  await ensurePartitions();
  const agent = await ensureAgent(config.agentName);
  await seedPrompt(agent.id, seedText(agent.name));
  const sandbox = moltbook ? openMoltbook(running, dataDir, await openFilter(agent, exclusive, steps), steps) : null;
  const up = steps.move();
  const announce = (appUrl: string) => {
    writeAnnouncement(dataDir, { url: appUrl, sandbox });
    up.defer(() => rmSync(announcementOf(dataDir), { force: true }));
  };
  return { agent, appUrl: running?.url ?? null, announce, stop: () => up.disposeAsync() };
}

/**
 * Opens the database, embedded or given, and brings it up to date; `url` is its owner's, and `applied` says how many migrations it took. What
 * was started for it ends with `steps`. Throws AppError with the cure.
 */
export async function openDatabase(steps: AsyncDisposableStack): Promise<{ url: string; applied: number }> {
  const url = await reachDatabase(steps);
  return { url, applied: await migrate(url).catch(rethrowUnreachable) };
}

/** The URL, as the owner, of the database as it is: the given one, or the embedded one, which is started if it does not run. */
export async function reachDatabase(steps: AsyncDisposableStack): Promise<string> {
  prepareDataDir(config.dataDir);
  return config.databaseUrl ?? (await embeddedUrl(realpathSync(config.dataDir), steps));
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

async function embeddedUrl(dataDir: string, steps: AsyncDisposableStack): Promise<string> {
  const embedded = await startEmbedded(dataDir);
  steps.defer(() => embedded.release());
  return embedded.url;
}

function rethrowUnreachable(error: unknown): never {
  if (error instanceof AppError) throw error;
  const reason = (error as { code?: string }).code ?? "no answer";
  throw new AppError(
    "unavailable",
    `The database at DATABASE_URL cannot be used (${reason}). Check that it runs, and its user and password.`,
  );
}

async function takeDataDir(id: string, dataDir: string, steps: AsyncDisposableStack): Promise<void> {
  const lock = await lockDataDir(id);
  if (lock) {
    steps.defer(() => lock.release());
    // What a killed app announced is true no more.
    rmSync(announcementOf(dataDir), { force: true });
    return;
  }
  const where = readAnnouncement(dataDir)?.url;
  throw new AppError(
    "conflict",
    `Moltbot is already running on ${dataDir}${where ? `, at ${where}` : ""}. Stop it first, or set DATA_DIR to another folder.`,
  );
}

/** The app on this data directory, if there is one. Waits a moment for one that is starting or stopping. */
async function findApp(id: string, dataDir: string): Promise<Announcement | null> {
  for (const deadline = Date.now() + 5_000; Date.now() < deadline; await Bun.sleep(50)) {
    if (!(await isDataDirLocked(id))) return null;
    const announcement = readAnnouncement(dataDir);
    if (announcement) return announcement;
  }
  throw new AppError("conflict", `Moltbot is starting or stopping on ${dataDir}. Try again in a moment.`);
}

function announcementOf(dataDir: string): string {
  return join(dataDir, "app.json");
}

function readAnnouncement(dataDir: string): Announcement | null {
  try {
    return JSON.parse(readFileSync(announcementOf(dataDir), "utf8")) as Announcement;
  } catch {
    return null;
  }
}

/** In one step, so that nobody reads half of it. */
function writeAnnouncement(dataDir: string, announcement: Announcement): void {
  const draft = `${announcementOf(dataDir)}.new`;
  writeFileSync(draft, JSON.stringify(announcement), { mode: 0o600 });
  renameSync(draft, announcementOf(dataDir));
}

/**
 * What every answer of Moltbook's passes: the rules, the model where it is on (the app loads it at once, a job when it needs it), and the list of
 * blocked authors, which the app also keeps in its file.
 */
async function openFilter({ id }: Agent, isApp: boolean, steps: AsyncDisposableStack): Promise<MoltbookOptions["screen"]> {
  const model = openFilterModel(id);
  if (model) steps.defer(model.stop);
  if (isApp) model?.start();
  const judge = model ? screenWith(model) : screen;
  const owner = { agent_id: id, mode: config.mode };
  if (isApp && config.blocklistPath) steps.defer(await keepFile(owner, config.blocklistPath));
  const { stop, ...trust } = await openBlocklist(owner);
  steps.defer(stop);
  return async (value, source) => withholdBlocked(await judge(value, source), value, source, trust);
}

/** Connects to Moltbook: the real one, a sandbox that runs elsewhere, the running app's sandbox, or one of our own. */
function openMoltbook(
  running: Announcement | null,
  dataDir: string,
  filter: MoltbookOptions["screen"],
  steps: AsyncDisposableStack,
): Sandbox | null {
  if (!config.ownSandbox) {
    connectMoltbook({ baseUrl: config.moltbookBase, apiKey: config.moltbookKey ?? null, screen: filter });
    return null;
  }
  const sandbox = running?.sandbox ?? startOwnSandbox(dataDir, steps);
  connectMoltbook({ baseUrl: sandbox.url, apiKey: sandbox.apiKey, screen: filter });
  return sandbox;
}

function startOwnSandbox(dataDir: string, steps: AsyncDisposableStack): Sandbox {
  const { url, apiKey, stop } = startSandbox({ journal: join(dataDir, "sandbox.ndjson"), agentName: config.agentName });
  steps.defer(stop);
  return { url, apiKey };
}
