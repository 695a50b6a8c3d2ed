import "../test/env.ts";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import postgres from "postgres";

import { connect, disconnect } from "../db/client.ts";
import { startEmbedded } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import { ensureAgent } from "../server/agents/queries.ts";
import { insertSession } from "../server/auth/queries.ts";
import { config } from "../server/config.ts";
import { SCALES } from "../server/demo/life.ts";
import { seedDemo } from "../server/demo/seed.ts";
import { seedPrompt } from "../server/prompts/queries.ts";
import { seedText } from "../server/prompts/seed.ts";
import { until } from "../test/app.ts";

/**
 * What pages and lists take on the server with one user, at two sizes of the demo's record, one ten times the other; what the thousandth page of a
 * list takes beside its first; and what a browser loads for the overview. `--runs N` is the larger size (100,000 is the large demo).
 */
const { values } = parseArgs({ args: process.argv.slice(2), options: { runs: { type: "string", default: "20000" } } });
const RUNS = Number(values.runs);
const TIMES = 40;

/** Pages and lists; RUN stands for the newest run's id. */
const PATHS = [
  "/",
  "/runs",
  "/runs?status=failed",
  "/runs?search=memory",
  "/runs/RUN",
  "/actions",
  "/actions?action_type=posted",
  "/prompts",
  "/security",
  "/security?tab=oddities",
  "/security?tab=calls",
  "/filter",
  "/account",
  "/authors",
  "/agents",
  "/jobs",
  "/audit",
  "/settings",
  "/api/runs",
  "/api/runs?status=failed",
  "/api/actions",
  "/api/actions?action_type=commented",
  "/api/security/events",
  "/api/security/events?event_type=injection_attempt&min_risk_score=0.8",
  "/api/security/tool-calls",
  "/api/security/tool-calls?tool_name=moltbook_vote",
  "/api/security/oddities",
  "/api/stats",
  "/api/stats/timeline",
  "/api/security/stats",
  "/api/security/timeline",
];

/** Lists that are paged far, with the table that they list. */
const LISTS = {
  "/runs": "runs",
  "/actions": "actions",
  "/api/runs": "runs",
  "/api/actions": "actions",
  "/api/security/events": "events",
  "/api/security/tool-calls": "tool_calls",
};
const PAGE = 25;

await using steps = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), "moltbot-bench-"));
steps.defer(() => rmSync(folder, { recursive: true, force: true }));
const embedded = await startEmbedded(folder);
steps.defer(() => embedded.release());

const tenth = await measure(RUNS / 10);
const whole = await measure(RUNS);
print(`\n${"ms, p95 of".padEnd(70)} ${`${RUNS / 10} runs`.padStart(12)} ${`${RUNS} runs`.padStart(12)}   times (p50)`);
for (const [path, took] of whole.took) {
  const before = tenth.took.get(path) ?? [];
  const cell = (ms: number) => ms.toFixed(1).padStart(12);
  print(`${path.padEnd(70)} ${cell(at(before, 0.95))} ${cell(at(took, 0.95))}   ${(at(took, 0.5) / at(before, 0.5)).toFixed(1)}`);
}
print("\nthe thousandth page, times the first (p50)");
for (const [path, ratio] of whole.far) print(`${path.padEnd(70)} ${ratio}`);
print(`\nthe overview: ${whole.overview}`);
await steps.disposeAsync();
process.exit(0);

type Measured = { took: Map<string, number[]>; far: Map<string, string>; overview: string };

/** A base of its own with so many runs, and an app on it. */
async function measure(runs: number): Promise<Measured> {
  await using own = new AsyncDisposableStack();
  const base = await newBase(`runs_${runs}`);
  await migrate(base);
  connect(base);
  const agent = await ensureAgent(config.agentName);
  await seedPrompt(agent.id, seedText(agent.name));
  await seedDemo(agent, { ...SCALES.large, runs }, Date.now(), () => {});
  const session = await insertSession();
  const owner = postgres(base, { max: 1, onnotice: () => {} });
  own.defer(() => owner.end());
  await owner`vacuum analyze`;
  await disconnect();
  const app = await startApp(base, own);
  const get = async (path: string) => {
    const answer = await fetch(app + path, { headers: { cookie: `moltbot_session=${session}` } });
    const body = await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return body;
  };
  const [newest] = await owner<{ id: string }[]>`select run_id as id from tool_calls order by id desc limit 1`;
  const took = new Map<string, number[]>();
  for (const path of PATHS) took.set(path, await timesOf(() => get(path.replace("RUN", newest?.id ?? ""))));
  const far = new Map<string, string>();
  for (const [path, table] of Object.entries(LISTS)) {
    const [row] = await owner<{ id: string }[]>`select id from ${owner(table)} order by id desc offset ${PAGE * 1000} limit 1`;
    const deep = row ? await timesOf(() => get(`${path}?cursor=${row.id}`)) : [];
    far.set(path, row ? (at(deep, 0.5) / at(took.get(path) ?? [], 0.5)).toFixed(2) : "the list is shorter");
  }
  return { took, far, overview: await sizesOf(app, session) };
}

async function newBase(name: string): Promise<string> {
  const server = postgres(embedded.url, { max: 1, onnotice: () => {} });
  await server`create database ${server(name)}`;
  await server.end();
  const url = new URL(embedded.url);
  url.pathname = `/${name}`;
  return url.href;
}

/** The app as `bun run start` starts it, in a sandbox whose agent never wakes. */
async function startApp(base: string, own: AsyncDisposableStack): Promise<string> {
  const dataDir = mkdtempSync(join(folder, "app-"));
  mkdirSync(dataDir, { recursive: true });
  const env = { PATH: process.env.PATH ?? "", DATA_DIR: dataDir, DATABASE_URL: base, PORT: "0", HEARTBEAT_SCHEDULE: "0 0 29 2 *" };
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "..", "server", "main.ts")], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  own.defer(async () => {
    child.kill();
    await child.exited;
  });
  const announcement = join(dataDir, "app.json");
  await until(() => existsSync(announcement), 60_000);
  return (JSON.parse(readFileSync(announcement, "utf8")) as { url: string }).url;
}

async function timesOf(ask: () => Promise<unknown>): Promise<number[]> {
  for (let n = 0; n < 5; n++) await ask();
  const took: number[] = [];
  for (let n = 0; n < TIMES; n++) {
    const start = performance.now();
    await ask();
    took.push(performance.now() - start);
  }
  return took;
}

/** What a browser that takes compressed answers loads for the overview: the page, and all that it refers to. */
async function sizesOf(app: string, session: string): Promise<string> {
  const headers = { cookie: `moltbot_session=${session}`, "accept-encoding": "gzip, br, zstd", "sec-fetch-dest": "document" };
  const raw = async (path: string) => {
    const answer = await fetch(app + path, { headers, decompress: false });
    return new Uint8Array(await answer.arrayBuffer()).byteLength;
  };
  const markup = await (await fetch(`${app}/`, { headers })).text();
  const parts = [...new Set([...markup.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)].map(([, path]) => path as string))];
  const page = await raw("/");
  const all = page + (await Promise.all(parts.map(raw))).reduce((sum, bytes) => sum + bytes, 0);
  return `${(markup.length / 1000).toFixed(1)} kB of HTML, ${(page / 1000).toFixed(1)} kB compressed; with its ${parts.length} files ${(all / 1000).toFixed(1)} kB`;
}

function at(took: number[], share: number): number {
  const sorted = took.toSorted((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
