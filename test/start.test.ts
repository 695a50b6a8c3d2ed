import { afterAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { until } from "./app.ts";

/** The app as an operator starts it: a process of its own, with an embedded Postgres in a data directory of its own. */
const ROOT = join(import.meta.dir, "..");
const folder = mkdtempSync(join(tmpdir(), "moltbot-start-"));
const started: Bun.Subprocess[] = [];

function spawn(argv: string[], env: Record<string, string>) {
  const child = Bun.spawn([process.execPath, ...argv], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? "", HOME: folder, PORT: "0", ...env },
    stdout: "pipe",
    stderr: "pipe",
  });
  started.push(child);
  let output = "";
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    for await (const chunk of stream) output += new TextDecoder().decode(chunk);
  };
  const read = Promise.all([collect(child.stdout), collect(child.stderr)]);
  return {
    child,
    output: () => output,
    ended: async () => {
      const code = await child.exited;
      await read;
      return { code, output };
    },
  };
}

async function startApp(env: Record<string, string>) {
  const app = spawn(["server/main.ts"], env);
  await until(() => app.output().includes("Ctrl-C stops everything") || app.child.exitCode !== null, 30_000);
  const url = /Dashboard +(http:\S+?)\/sign-in/.exec(app.output())?.[1];
  if (!url) throw new Error(`the app did not start:\n${app.output()}`);
  return { ...app, url };
}

const job = (argv: string[], dataDir: string) => spawn(["jobs/cli.ts", ...argv], { DATA_DIR: dataDir }).ended();

afterAll(async () => {
  for (const child of started) child.kill("SIGTERM");
  await Promise.all(started.map((child) => child.exited));
  rmSync(folder, { recursive: true, force: true });
});

test("killed in the middle of a run: the run reads lost, its open call unknown, no row is missing and the chain is whole", async () => {
  const dataDir = join(folder, "killed");
  const app = await startApp({ DATA_DIR: dataDir });
  const key = (await job(["api-key", "--name", "test", "--scope", "read"], dataDir)).output.trim();
  const read = async <Body>(url: string, path: string) =>
    (await fetch(url + path, { headers: { authorization: `Bearer ${key}` } })).json() as Promise<Body>;
  type Runs = { items: { id: string; status: string; outcome: string | null; calls: number; trigger: string }[] };
  type Calls = { items: { id: string; tool: string; outcome: string | null }[] };

  const before = await until(async () => {
    const [run] = (await read<Runs>(app.url, "/api/runs")).items;
    return run && run.calls >= 3 && run.status === "running" ? run : null;
  });
  const callsBefore = (await read<Calls>(app.url, `/api/security/tool-calls?run_id=${before.id}`)).items;
  app.child.kill("SIGKILL");
  await app.child.exited;

  const again = await startApp({ DATA_DIR: dataDir });
  const after = (await read<Runs>(again.url, "/api/runs")).items.find(({ id }) => id === before.id);
  expect(after).toMatchObject({ status: "lost", outcome: "unknown" });
  const callsAfter = (await read<Calls>(again.url, `/api/security/tool-calls?run_id=${before.id}`)).items;
  expect(callsAfter.map(({ id }) => id)).toEqual(expect.arrayContaining(callsBefore.map(({ id }) => id)));
  expect(callsAfter.filter(({ outcome }) => outcome === null)).toEqual([]);
  for (const call of callsBefore.filter(({ outcome }) => outcome === null)) {
    expect(["unknown", "ok"]).toContain(callsAfter.find(({ id }) => id === call.id)?.outcome ?? "missing");
  }
  const verified = await job(["verify-audit"], dataDir);
  expect(verified).toMatchObject({ code: 0, output: expect.stringContaining("The chain is whole") });

  again.child.kill("SIGINT");
  expect(await again.ended()).toMatchObject({ code: 0, output: expect.stringContaining("Stopped.") });
}, 90_000);

test("a second start on the same data directory says so and ends with 1; the first goes on", async () => {
  const dataDir = join(folder, "twice");
  const app = await startApp({ DATA_DIR: dataDir });
  const second = await spawn(["server/main.ts"], { DATA_DIR: dataDir }).ended();
  expect(second.code).toBe(1);
  expect(second.output.trim()).toBe(
    `Moltbot is already running on ${dataDir}, at ${app.url}. Stop it first, or set DATA_DIR to another folder.`,
  );
  expect((await fetch(`${app.url}/ready`)).status).toBe(200);

  const taken = await spawn(["server/main.ts"], { DATA_DIR: join(folder, "other"), PORT: new URL(app.url).port }).ended();
  expect(taken.code).toBe(1);
  expect(taken.output.trim()).toBe(
    `Port ${new URL(app.url).port} is taken. Stop what uses it, or choose another one: PORT=${Number(new URL(app.url).port) + 1}`,
  );
  app.child.kill("SIGTERM");
  expect((await app.ended()).code).toBe(0);
}, 60_000);

test("wrong variables are all named at once, each with its cure", async () => {
  const { code, output } = await spawn(["server/main.ts"], {
    DATA_DIR: join(folder, "wrong"),
    PORT: "eighty",
    HEARTBEAT_TIMEZONE: "Mars/Olympus",
    HEARTBEAT_SCHEDULE: "sometimes",
    CONTENT_FILTER_THRESHOLD: "2",
    MOLTBOOK_API_BASE: "https://moltbook.com/api/v1",
    MOLTBOOK_API_KEY_FILE: join(folder, "no-such-file"),
  }).ended();
  expect(code).toBe(1);
  const named = output.trim().split("\n");
  expect(named.every((line) => line.startsWith("Configuration: "))).toBe(true);
  for (const name of [
    "PORT",
    "HEARTBEAT_TIMEZONE",
    "HEARTBEAT_SCHEDULE",
    "CONTENT_FILTER_THRESHOLD",
    "MOLTBOOK_API_BASE",
    "MOLTBOOK_API_KEY_FILE",
  ]) {
    expect(named.filter((line) => line.startsWith(`Configuration: ${name} `))).toHaveLength(1);
  }
});

test("a data directory that cannot be written is named with the cure", async () => {
  const file = join(folder, "a-file");
  await Bun.write(file, "");
  const { code, output } = await spawn(["server/main.ts"], { DATA_DIR: join(file, "data") }).ended();
  expect(code).toBe(1);
  expect(output.trim()).toBe(`DATA_DIR ${join(file, "data")} cannot be written (ENOTDIR). Set DATA_DIR to a folder that you own.`);

  const locked = join(folder, "locked");
  mkdirSync(locked);
  chmodSync(locked, 0o500);
  const denied = process.getuid?.() === 0 ? null : await spawn(["server/main.ts"], { DATA_DIR: locked }).ended();
  expect(denied?.code ?? 1).toBe(1);
});
