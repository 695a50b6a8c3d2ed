import "../test/env.ts";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import postgres from "postgres";

import { connect, disconnect } from "../db/client.ts";
import { startEmbedded } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import { verifyChain } from "../server/audit/verify.ts";
import { openRun } from "../server/calls/testing.ts";
import { until } from "../test/app.ts";

/**
 * What Moltbot adds to a read: `moltbook_browse_feed` of 25 posts (filtered, recorded twice, chained), new ones and the same again, and a post with a thread
 * of 60 comments; but for the same again, each with other texts than all before. The app, the Moltbook that it asks and this client are three processes, and Postgres is a fourth.
 * `--calls N` is the length of the last part, in which sixteen calls are in flight at any time; the default takes about ten seconds.
 */
const { values } = parseArgs({ args: process.argv.slice(2), options: { calls: { type: "string", default: "4000" } } });
const CALLS = Number(values.calls);
const SEQUENTIAL = 500;
const WARM_UP = 300;
const IN_FLIGHT = 16;
const KEY = "moltbook_sk_benchmark_0123456789";
const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

await using steps = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), "moltbot-bench-"));
steps.defer(() => rmSync(folder, { recursive: true, force: true }));
const embedded = await startEmbedded(folder);
steps.defer(() => embedded.release());
await migrate(embedded.url);
connect(embedded.url);
steps.defer(disconnect);
const owner = postgres(embedded.url, { max: 1, onnotice: () => {} });
steps.defer(() => owner.end());

const upstream = await startUpstream();
const app = await startApp(upstream);
const mcpUrl = `${app.url}/mcp`;
// Sixteen agents: each has one call in flight, as an agent has.
const tokens: string[] = [];
for (let n = 0; n < IN_FLIGHT; n++) tokens.push((await openRun(`bench_${n}`, ["moltbook_browse_feed", "moltbook_get_post"], 36_000)).token);
// Nobody attends these runs, and Moltbook's limits, which are kept in force, would end the measurement after a minute of an agent's reads.
await owner`update runs set lease_expires_at = now() + interval '10 hours'`;
const limits = setInterval(() => void owner`delete from moltbook_budgets`.execute(), 500);
steps.defer(() => clearInterval(limits));

let page = 0;
let asked = 0;
const feedThrough = () => through("moltbook_browse_feed", { sort: "hot", limit: 25, cursor: String(++page) });
const sameThrough = () => through("moltbook_browse_feed", { sort: "hot", limit: 25, cursor: "1" });
const sameDirect = () => direct("/posts?sort=hot&limit=25&cursor=1");
const feedDirect = () => direct(`/posts?sort=hot&limit=25&cursor=${++page}`);
const threadThrough = () => through("moltbook_get_post", { post_id: `t${++page}` });
const threadDirect = () => Promise.all([direct(`/posts/t${++page}`), direct(`/posts/t${page}/comments`)]);

await Promise.all(Array.from({ length: 4 }, () => timesOf(feedThrough, WARM_UP / 4)));
await timesOf(threadThrough, 20);
await report("browse_feed of 25 posts", feedDirect, feedThrough, SEQUENTIAL);
await report("the same 25 posts again", sameDirect, sameThrough, SEQUENTIAL);
await report("get_post with 60 comments", threadDirect, threadThrough, SEQUENTIAL / 5);

print(`\n${IN_FLIGHT} in flight                       calls/s   app, MB resident`);
for (let left = CALLS; left > 0; left -= 10_000) {
  let batch = Math.min(left, 10_000);
  const count = batch;
  const start = performance.now();
  const lane = async () => {
    while (batch-- > 0) await feedThrough();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  const perSecond = count / ((performance.now() - start) / 1000);
  print(
    `${`after ${CALLS - left + count} calls`.padEnd(34)} ${perSecond.toFixed(0).padStart(7)} ${residentOf(app.pid).toFixed(0).padStart(10)}`,
  );
}

const [record] = await owner<{ calls: number; exposures: number }[]>`
  select (select count(*)::int from tool_calls where outcome = 'ok') as calls,
    (select count(*)::int from exposures where delivered and kind = 'post') as exposures`;
const chain = await verifyChain();
if (record?.calls !== asked || chain.fault) throw new Error(`the record is not whole: ${JSON.stringify({ asked, record, chain })}`);
print(`\n${record.calls} calls and ${record.exposures} texts of posts are on record; the chain of ${chain.records} records is whole.`);
await steps.disposeAsync();
process.exit(0);

async function startUpstream(): Promise<string> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "mcp", "upstream.ts")], { stdio: ["pipe", "pipe", "inherit"] });
  steps.defer(() => child.kill());
  for await (const chunk of child.stdout) return new TextDecoder().decode(chunk).trim();
  throw new Error("the upstream did not start");
}

/** The app as `bun run start` starts it, with a schedule that never fires. */
async function startApp(moltbook: string): Promise<{ url: string; pid: number }> {
  const dataDir = join(folder, "app");
  mkdirSync(dataDir);
  const env = {
    PATH: process.env.PATH ?? "",
    DATA_DIR: dataDir,
    DATABASE_URL: embedded.url,
    PORT: "0",
    MOLTBOOK_API_KEY: KEY,
    MOLTBOOK_API_BASE: moltbook,
    HEARTBEAT_SCHEDULE: "0 0 29 2 *",
  };
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "..", "server", "main.ts")], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  steps.defer(async () => {
    child.kill();
    await child.exited;
  });
  const announcement = join(dataDir, "app.json");
  await until(() => existsSync(announcement));
  return { url: (JSON.parse(readFileSync(announcement, "utf8")) as { url: string }).url, pid: child.pid };
}

/** A tool call as a client of 2026-07-28 sends it, each from the agent whose turn it is. */
async function through(name: string, args: Record<string, unknown>): Promise<void> {
  const id = ++asked;
  const answer = await fetch(mcpUrl, {
    method: "POST",
    headers: {
      accept: "application/json, text/event-stream",
      authorization: `Bearer ${tokens[id % tokens.length]}`,
      "content-type": "application/json",
      "mcp-method": "tools/call",
      "mcp-name": name,
      "mcp-protocol-version": "2026-07-28",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: args, _meta: META } }),
  });
  const text = await answer.text();
  if (!answer.ok || !text.includes('"structuredContent"')) throw new Error(`the app: ${answer.status} ${text.slice(0, 500)}`);
}

async function direct(path: string): Promise<void> {
  const answer = await fetch(upstream + path, { headers: { authorization: `Bearer ${KEY}` } });
  if (!answer.ok) throw new Error(`the upstream: ${answer.status}`);
  await answer.text();
}

/** One call after the other, through and direct in turn. What is added is measured from the upstream's median. */
async function report(name: string, ask: () => Promise<unknown>, call: () => Promise<void>, times: number): Promise<void> {
  const alone: number[] = [];
  const whole: number[] = [];
  for (let n = 0; n < times; n++) {
    alone.push(...(await timesOf(ask, 1)));
    whole.push(...(await timesOf(call, 1)));
  }
  const median = at(alone, 0.5);
  const row = (title: string, took: number[]) =>
    print(`${title.padEnd(34)} p50 ${at(took, 0.5).toFixed(1).padStart(6)} ms   p95 ${at(took, 0.95).toFixed(1).padStart(6)} ms`);
  row(`${name}: upstream alone`, alone);
  row(
    `${name}: added`,
    whole.map((took) => took - median),
  );
}

async function timesOf(call: () => Promise<unknown>, times: number): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < times; n++) {
    const start = performance.now();
    await call();
    took.push(performance.now() - start);
  }
  return took;
}

function at(took: number[], share: number): number {
  const sorted = took.toSorted((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
}

/** In megabytes of 10⁶ bytes. */
function residentOf(pid: number): number {
  return (Number(Bun.spawnSync(["ps", "-o", "rss=", "-p", String(pid)]).stdout.toString()) * 1024) / 1e6;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
