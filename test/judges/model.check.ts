import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { sql } from "../../db/client.ts";
import type { Model, ModelOptions } from "../../server/filter/transformer/model.ts";
import { openModel } from "../../server/filter/transformer/model.ts";
import { openHub, tinyModel, writeModel } from "../../server/filter/transformer/testing.ts";
import { FILTER_VERSION } from "../../server/filter/verdict.ts";
import { until } from "../app.ts";

// The real library with the real ONNX runtime, on models of a few kilobytes. Kept from the other tests by its size.

const MB = 1024 ** 2;
const root = join(import.meta.dir, "../..");
const dataDir = mkdtempSync(join(tmpdir(), "moltbot-model-"));
const runtime = join(dataDir, "model-runtime");
const opened: Model[] = [];
const apps: Bun.Subprocess[] = [];

const job = async (env: Record<string, string>, ...args: string[]) => {
  const child = Bun.spawn([process.execPath, "jobs/cli.ts", "download-model", ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: dataDir, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { out, err, code };
};

/** A folder with a model in it. */
const folderOf = (files: Map<string, Uint8Array>) => writeModel(mkdtempSync(join(dataDir, "files-")), files);

/** Opens a model; `outages` are the reasons that it gave. */
function open(options: Partial<ModelOptions> = {}) {
  const outages: string[] = [];
  const model = openModel({
    name: `tiny-${crypto.randomUUID()}`,
    threshold: 0.5,
    timeoutMs: 20_000,
    memoryLimit: 1024 * MB,
    folder: join(dataDir, "models", "moltbot", "tiny"),
    runtime,
    path: process.env.PATH ?? "",
    onOutage: (reason) => void outages.push(reason),
    ...options,
  });
  opened.push(model);
  const score = async (text: string) => (await model.ask([text])).get(text)?.score;
  return { model, outages, score };
}

/** The model's processes that are alive, of those with this folder among their arguments. */
function processesOf(folder: string): number[] {
  return readdirSync("/proc").flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(folder) ? [Number(pid)] : [];
    } catch {
      return [];
    }
  });
}

beforeAll(async () => {
  using hub = openHub("moltbot/tiny", tinyModel());
  const { err, code } = await job({ CONTENT_FILTER_MODEL: "moltbot/tiny" }, "--hub", hub.url);
  if (code !== 0) throw new Error(err);
}, 300_000);

afterAll(async () => {
  for (const app of apps) app.kill("SIGTERM");
  await Promise.all([...opened.map((model) => model.stop()), ...apps.map((app) => app.exited)]);
  rmSync(dataDir, { recursive: true, force: true });
});

describe("bun run job download-model", () => {
  test("puts the model and the library into the data directory, and says that they work", async () => {
    using hub = openHub("moltbot/tiny", tinyModel());
    const again = await job({ CONTENT_FILTER_MODEL: "moltbot/tiny" }, "--hub", hub.url);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining("it loads and answers") });
    expect(again.err).toContain("model.onnx: is here");
    expect(hub.seen.filter((line) => line.startsWith("GET"))).toEqual([]);
    expect(existsSync(join(runtime, "node_modules", "onnxruntime-node", "bin"))).toBe(true);
  }, 120_000);

  test("uses a folder as it is, without a hub", async () => {
    const folder = folderOf(tinyModel());
    const { code, out } = await job({ CONTENT_FILTER_MODEL: folder }, "--hub", "http://127.0.0.1:9");
    expect(code).toBe(0);
    expect(out).toContain(folder);
  }, 120_000);

  test("says what is wrong with a folder that holds no model", async () => {
    const { code, err } = await job({ CONTENT_FILTER_MODEL: mkdtempSync(join(dataDir, "empty-")) });
    expect(code).toBe(1);
    expect(err).toContain("The model does not load");
  }, 120_000);
});

describe("the model", () => {
  test("tells attacks from harmless texts, and names itself with the digest of its weights", async () => {
    const { model, outages } = open();
    const opinions = await model.ask(["please obey the instructions", "the post", ""]);
    expect([...opinions.values()].map(({ score }) => Math.round((score ?? -1) * 100))).toEqual([98, 2, 2]);
    expect([...opinions.values()].every((opinion) => /^tiny-.*@[0-9a-f]{12}$/.test(opinion.model))).toBe(true);
    expect(model.status()).toMatchObject({ state: "ready", reason: null });
    expect(outages).toEqual([]);
  }, 60_000);

  test("reads long texts to their end, in windows whose worst counts", async () => {
    const { score } = open();
    const long = "the post and ".repeat(700);
    expect(await score(long)).toBeLessThan(0.1);
    expect(await score(`${long} obey`)).toBeGreaterThan(0.9);
    expect(await score(`obey ${long}`)).toBeGreaterThan(0.9);
    expect(await score(`${long} obey ${long}`)).toBeGreaterThan(0.9);
  }, 60_000);

  test("remembers in Postgres what it said, for its filter's version and its own, and says it again when it is down", async () => {
    const folder = folderOf(tinyModel());
    const { model, score } = open({ folder });
    const text = `obey ${crypto.randomUUID()}`;
    const said = await score(text);
    expect(said).toBeGreaterThan(0.9);
    const hash = new Bun.CryptoHasher("sha256").update(text).digest("hex");
    const [row] = await sql`select version, score from filter_opinions where content_hash = ${hash}`;
    expect(row?.version).toMatch(new RegExp(`^${RegExp.escape(FILTER_VERSION)}\\+tiny-.*@[0-9a-f]{12}$`));
    for (const pid of processesOf(folder)) process.kill(pid, "SIGKILL");
    await until(() => model.status().state === "degraded");
    expect(await score(text)).toBeCloseTo(said ?? 0, 5);
    expect(await score("never seen")).toBeNull();
  }, 60_000);

  test("is gone when it is stopped, and when its parent is killed", async () => {
    const folder = folderOf(tinyModel());
    const { model, score } = open({ folder });
    await score("the post");
    expect(processesOf(folder)).toHaveLength(1);
    await model.stop();
    expect(processesOf(folder)).toEqual([]);

    const parent = join(dataDir, "parent.ts");
    const start = join(root, "server/filter/transformer/process.ts");
    const files = { folder, runtime, memoryLimit: 1024 * MB, path: process.env.PATH };
    writeFileSync(
      parent,
      `import { startModelProcess } from ${JSON.stringify(start)};
      const { ready } = startModelProcess(${JSON.stringify(files)});
      await ready;
      console.log("ready");
      await new Promise(() => setInterval(() => {}, 1000));`,
    );
    const child = Bun.spawn([process.execPath, parent], { stdio: ["ignore", "pipe", "inherit"] });
    await child.stdout.getReader().read();
    const theirs = processesOf(folder);
    expect(theirs).toHaveLength(1);
    child.kill("SIGKILL");
    await until(() => processesOf(folder).length === 0);
  }, 60_000);
});

describe("a doubtful text is judged by the rules alone and marked degraded, and the model comes back", () => {
  test("when the model's process is killed in the middle of a scan", async () => {
    const folder = folderOf(tinyModel({ slow: true }));
    const { model, outages, score } = open({ folder });
    await score("the post");
    const asked = model.ask(["the post and ".repeat(500)]);
    const [pid = 0] = processesOf(folder);
    await until(() => busy(pid));
    process.kill(pid, "SIGKILL");
    const [opinion] = (await asked).values();
    expect(opinion?.score).toBeNull();
    await until(() => model.status().state === "degraded");
    expect(outages).toEqual([expect.stringContaining("SIGKILL")]);
    await until(() => model.status().state === "ready");
    expect(await score("obey the post")).toBeGreaterThan(0.9);
  }, 60_000);

  test("when the model fills its memory", async () => {
    const { model, outages, score } = open({ folder: folderOf(tinyModel({ hungry: true })), memoryLimit: 600 * MB });
    expect(await score("obey")).toBeGreaterThan(0.9);
    expect(await score("the post and ".repeat(100))).toBeNull();
    await until(() => outages.length > 0);
    await until(() => model.status().state === "ready");
    expect(await score("obey it")).toBeGreaterThan(0.9);
  }, 60_000);

  test.each([
    [
      "a cut file",
      (files: Map<string, Uint8Array>) => files.set("onnx/model.onnx", files.get("onnx/model.onnx")?.slice(0, 300) ?? new Uint8Array()),
    ],
    ["an empty file", (files: Map<string, Uint8Array>) => files.set("onnx/model.onnx", new Uint8Array())],
    ["noise", (files: Map<string, Uint8Array>) => files.set("onnx/model.onnx", crypto.getRandomValues(new Uint8Array(5_000)))],
    ["no tokenizer", (files: Map<string, Uint8Array>) => void files.delete("tokenizer.json")],
    ["a tokenizer that is no JSON", (files: Map<string, Uint8Array>) => files.set("tokenizer.json", new TextEncoder().encode("{"))],
    [
      "no label for harmless texts",
      (files: Map<string, Uint8Array>) => files.set("config.json", new TextEncoder().encode('{"model_type":"deberta-v2"}')),
    ],
  ])(
    "when the model is broken: %s",
    async (_name, damage) => {
      const files = tinyModel();
      damage(files);
      const { model, outages, score } = open({ folder: folderOf(files) });
      expect(await score("obey")).toBeNull();
      expect(model.status()).toMatchObject({ state: "degraded", reason: expect.any(String) });
      expect(outages).toHaveLength(1);
    },
    60_000,
  );

  test("when the library is not there, until it is", async () => {
    const empty = mkdtempSync(join(dataDir, "runtime-"));
    const { model, outages, score } = open({ runtime: empty });
    expect(await score("obey")).toBeNull();
    cpSync(runtime, empty, { recursive: true });
    await until(() => model.status().state === "ready");
    expect(outages).toHaveLength(1);
    expect(await score("obey")).toBeGreaterThan(0.9);
  }, 60_000);

  test("when the model is too slow", async () => {
    const { model, outages, score } = open({ folder: folderOf(tinyModel({ slow: true })), timeoutMs: 5_000 });
    await until(async () => (await score("the post")) !== null);
    const before = outages.length;
    const texts = Array.from({ length: 4 }, (_, index) => `${index} ${"the post and ".repeat(3_000)}`);
    expect([...(await model.ask(texts)).values()].map((opinion) => opinion.score)).toContain(null);
    expect(model.status()).toMatchObject({ state: "degraded" });
    expect(outages).toHaveLength(before + 1);
  }, 60_000);
});

test("the app reads with its model, goes on when it is killed, gets it back, and leaves none behind", async () => {
  const folder = folderOf(tinyModel());
  const env = {
    PATH: process.env.PATH,
    HOME: dataDir,
    DATA_DIR: dataDir,
    PORT: "0",
    CONTENT_FILTER_ML: "true",
    CONTENT_FILTER_MODEL: folder,
  };
  const app = Bun.spawn([process.execPath, "server/main.ts"], { cwd: root, env, stdio: ["ignore", "pipe", "ignore"] });
  apps.push(app);
  let output = "";
  const reading = (async () => {
    for await (const chunk of app.stdout) output += new TextDecoder().decode(chunk);
  })();
  await until(() => output.includes("Ctrl-C stops everything") || app.exitCode !== null, 60_000);
  expect(output).not.toContain("download-model");
  const link = /Dashboard +(http:\S+)/.exec(output)?.[1] ?? "";
  const { origin } = new URL(link);
  const entry = await fetch(link, { redirect: "manual" });
  const cookie = entry.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  const overview = async () => (await fetch(origin, { headers: { cookie } })).text();
  await until(async () => (await overview()).includes("filter: rules and model"));
  const [pid = 0] = processesOf(folder);
  process.kill(pid, "SIGKILL");
  await until(async () => (await overview()).includes("filter: rules, model degraded"), 5_000);
  expect((await fetch(`${origin}/ready`)).status).toBe(200);
  await until(async () => (await overview()).includes("filter: rules and model"));
  // What is left of the outage is its event.
  expect((await overview()).split("model does not answer")).toHaveLength(2);
  expect(processesOf(folder)).toHaveLength(1);
  app.kill("SIGTERM");
  expect(await app.exited).toBe(0);
  await reading;
  expect(processesOf(folder)).toEqual([]);
}, 120_000);

/** Whether a process has used up another tenth of a second of processor time since it was first asked about. */
const began = new Map<number, number>();
function busy(pid: number): boolean {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  const ticks = Number(fields[11]) + Number(fields[12]);
  if (!began.has(pid)) began.set(pid, ticks);
  return ticks - (began.get(pid) ?? 0) > 10;
}
