import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { until } from "./until.ts";

/**
 * `docker compose up` on a clone of the last commit with nothing prepared, until the first heartbeat has ended, in the memory that compose.yaml
 * gives by default; then down and up again. Where no Docker engine runs, one of its own is started, if that can be. STAND_IN_IMAGES names a script
 * that builds the two base images where no registry of images is reached. Prints a line for each check and a count, or that nothing was run.
 */
type Inspected = {
  State: { OOMKilled: boolean; Health?: { Status: string } };
  RestartCount: number;
  Config: { Env: string[]; User: string };
  HostConfig: { ReadonlyRootfs: boolean; Memory: number; PortBindings: Record<string, { HostIp: string }[]> };
};
type RunRow = { status: string; calls: number };

const ROOT = join(import.meta.dir, "..");
const BASES = ["oven/bun:1.4.5-slim", "postgres:18-alpine"];
const HEALTHY_MS = 60_000;
/** Asking starts a process, which takes time from what is waited for. */
const POLL_MS = 250;
const folder = mkdtempSync(join(tmpdir(), "moltbot-compose-"));
const clone = join(folder, "moltbot");
const project = `moltbottest${process.pid}`;
const counts = { passed: 0, failed: 0 };
const env: Record<string, string> = { ...(process.env as Record<string, string>), COMPOSE_PROJECT_NAME: project };
for (const name of ["POSTGRES_PASSWORD", "APP_MEM_LIMIT", "MCP_MEM_LIMIT", "MOLTBOOK_API_KEY", "CLAUDE_CODE"]) delete env[name];
let engine: Bun.Subprocess | undefined;

try {
  const obstacle = await prepare();
  if (obstacle) process.stdout.write(`docker compose was not run: ${obstacle}\n`);
  else await tryOut();
} catch (error) {
  check("docker compose", false, error instanceof Error ? error.message : String(error));
} finally {
  if (existsSync(clone)) await compose(["down", "--volumes", "--timeout", "5"]);
  engine?.kill("SIGTERM");
  await engine?.exited;
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
process.exit(counts.failed > 0 ? 1 : 0);

async function tryOut(): Promise<void> {
  env.PORT = String(await freePort());
  await must(["git", "clone", "--quiet", ROOT, clone]);
  if (!(await isCurrent())) flatten();
  await composed(["build"]);
  const seconds = await up();
  check("it is healthy within 60 s of a clean clone's first up", seconds < HEALTHY_MS / 1000, `${seconds} s`);
  const app = await inspect("app");
  check("the root is read-only, and the user is not root", app.HostConfig.ReadonlyRootfs && app.Config.User === "bun", app.Config.User);
  const hosts = Object.values(app.HostConfig.PortBindings).flat();
  check("its port is published on the loopback interface only", hosts.length === 1 && hosts[0]?.HostIp === "127.0.0.1", hosts[0]?.HostIp);
  check("the database's port is not published", Object.keys((await inspect("db")).HostConfig.PortBindings ?? {}).length === 0, "none");
  const status = await composed(["exec", "-T", "app", "cat", "/proc/1/status"]);
  check("no capability is left, nor any to be had", /CapEff:\s+0+$/m.test(status) && /CapBnd:\s+0+$/m.test(status), "CapEff, CapBnd");
  check("new privileges are refused", /NoNewPrivs:\s+1$/m.test(status), "NoNewPrivs");
  const password = await composed(["exec", "-T", "app", "cat", "/keys/postgres_password"]);
  const told = JSON.stringify([app.Config.Env, (await inspect("db")).Config.Env]);
  check("the database's password is made, and in no environment", /^[0-9a-f]{48}$/.test(password) && !told.includes(password), "a file");
  const key = (await job("api-key", "--name", "t", "--scope", "read")).trim();
  const run = await until(async () => (await runs(key)).find(({ status: is }) => !["queued", "running"].includes(is)), 60_000, POLL_MS);
  check("the first heartbeat succeeds", run.status === "succeeded" && run.calls >= 8, `${run.status}, ${run.calls} calls`);
  const after = await inspect("app");
  const limit = after.HostConfig.Memory / 2 ** 20;
  const survived = !after.State.OOMKilled && after.RestartCount === 0 && limit === 256;
  check("in 256 MB, without being killed", survived, `limit ${limit} MB, resident ${await resident()} MB with the key's job done`);
  await job("doctor");
  await job("backup", "--file", "/data/a.backup");
  await composed(["stop", "app"]);
  const restored = await composed(["run", "--rm", "-T", "app", "bun", "jobs/cli.ts", "restore", "--file", "/data/a.backup", "--replace"]);
  check("doctor finds nothing failed, and a backup is restored", restored.includes("is whole"), restored.trim());
  await composed(["down"]);
  const again = await up();
  check("after down and up the record is there", (await runs(key)).length >= 1, `healthy in ${again} s`);
}

/** A job in the app's container, within the app's memory. */
function job(...argv: string[]): Promise<string> {
  return composed(["exec", "-T", "app", "bun", "jobs/cli.ts", ...argv]);
}

/** What stands in the way of a try, or null. */
async function prepare(): Promise<string | null> {
  if (!(await ok(["docker", "info"]))) {
    if (process.getuid?.() !== 0 || !Bun.which("dockerd")) return "no Docker engine runs here, and none can be started";
    const socket = `unix://${folder}/docker.sock`;
    const roots = ["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec"), "--pidfile", join(folder, "pid")];
    engine = Bun.spawn(["dockerd", "-H", socket, ...roots], { stdout: "ignore", stderr: Bun.file(join(folder, "dockerd.log")) });
    env.DOCKER_HOST = socket;
    const isUp = await until(() => ok(["docker", "info"]), 30_000, POLL_MS).catch(() => false);
    if (!isUp) return `the Docker engine does not start: ${readFileSync(join(folder, "dockerd.log"), "utf8").trim().split("\n").at(-1)}`;
  }
  if (!(await isCurrent()) && !Bun.which("docker-compose")) return "there is no docker compose";
  for (const image of BASES) {
    if ((await ok(["docker", "image", "inspect", image])) || (await ok(["docker", "pull", "--quiet", image], 60_000))) continue;
    const script = process.env.STAND_IN_IMAGES;
    if (!script || !existsSync(script)) return `${image} cannot be fetched`;
    if (!(await ok(["bash", resolve(script)], 300_000))) return `no stand-in of ${image} can be built`;
  }
  return null;
}

function isCurrent(): Promise<boolean> {
  return ok(["docker", "compose", "version"]);
}

/** docker-compose 1 knows no default within a default. */
function flatten(): void {
  const file = join(clone, "compose.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("${APP_MEM_LIMIT:-${MCP_MEM_LIMIT:-256m}}", "256m"));
  process.stdout.write("(docker-compose 1: the nested default of mem_limit is written out)\n");
}

/** Starts everything; answers after how many seconds the app is healthy. */
async function up(): Promise<number> {
  const began = performance.now();
  await composed(["up", "--detach"]);
  await until(async () => (await inspect("app")).State.Health?.Status === "healthy", HEALTHY_MS + 30_000, POLL_MS);
  return Math.round((performance.now() - began) / 100) / 10;
}

async function inspect(service: string): Promise<Inspected> {
  const id = (await composed(["ps", "--quiet", service])).trim();
  const [inspected] = JSON.parse(await must(["docker", "inspect", id])) as Inspected[];
  if (!inspected) throw new Error(`there is no container of ${service}`);
  return inspected;
}

/** Memory that the app's container holds besides the files that it read, in MB. */
async function resident(): Promise<number> {
  const stat = await composed([
    "exec",
    "-T",
    "app",
    "sh",
    "-c",
    "cat /sys/fs/cgroup/memory/memory.stat /sys/fs/cgroup/memory.stat 2>&1 || true",
  ]);
  return Math.round(Number(/^(?:total_rss|anon) (\d+)/m.exec(stat)?.[1]) / 2 ** 20);
}

async function runs(key: string): Promise<RunRow[]> {
  const answer = await fetch(`http://127.0.0.1:${env.PORT}/api/runs`, { headers: { authorization: `Bearer ${key}` } });
  if (!answer.ok) throw new Error(`/api/runs answered ${answer.status}`);
  return ((await answer.json()) as { items: RunRow[] }).items;
}

async function compose(args: string[]) {
  const program = (await isCurrent()) ? ["docker", "compose"] : ["docker-compose"];
  return attempt([...program, ...args], clone, 150_000);
}

async function composed(args: string[]): Promise<string> {
  const { code, stdout, stderr } = await compose(args);
  if (code !== 0) throw new Error(`compose ${args.join(" ")} ended with ${code}: ${stderr.slice(-1500)}`);
  return stdout;
}

async function ok(argv: string[], ms = 20_000): Promise<boolean> {
  return (await attempt(argv, folder, ms)).code === 0;
}

async function must(argv: string[], cwd = folder, ms = 60_000): Promise<string> {
  const { code, stdout, stderr } = await attempt(argv, cwd, ms);
  if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}: ${stderr.slice(-1500)}`);
  return stdout;
}

async function attempt(argv: string[], cwd: string, timeout: number) {
  if (!Bun.which(argv[0] ?? "")) return { code: 127, stdout: "", stderr: `${argv[0]} is not installed` };
  const child = Bun.spawn(argv, { cwd, env, stdin: "ignore", stdout: "pipe", stderr: "pipe", timeout });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, stdout, stderr };
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

function check(what: string, isRight: boolean, seen: unknown): void {
  counts[isRight ? "passed" : "failed"] += 1;
  process.stdout.write(`${isRight ? "ok  " : "FAIL"} ${what} (${String(seen)})\n`);
}
