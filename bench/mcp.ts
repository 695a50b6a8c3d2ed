import "../test/env.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

import { connect, disconnect } from "../db/client.ts";
import { startEmbedded } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import { config } from "../server/config.ts";
import { claimRun } from "../server/runs/queries.ts";
import { mintToken } from "../server/tokens/queries.ts";
import { startTestApp } from "../test/app.ts";

/**
 * What our side adds to a call: `moltbook_browse_feed` of 25 posts over MCP (filtered, recorded twice, chained), against the same page
 * fetched from the sandbox directly. The sandbox's clock runs ahead with every look at it, because it limits reads as Moltbook does.
 */
const CALLS = 400;
const IN_FLIGHT = 16;
const folder = mkdtempSync(join(tmpdir(), "moltbot-bench-"));
const embedded = await startEmbedded(folder);
await migrate(embedded.url);
connect(embedded.url);
let clock = Date.now();
const app = await startTestApp({ now: () => new Date((clock += 1000)) });
const runId = Bun.randomUUIDv7();
await claimRun(runId, {
  agentId: app.agent.id,
  mode: config.mode,
  trigger: "manual",
  slot: null,
  runner: "bench",
  command: "bench",
  promptVersionId: null,
});
const token = await mintToken({ id: runId, agentId: app.agent.id }, { tools: ["moltbook_browse_feed"] }, 3600);
const client = new Client({ name: "bench", version: "1" }, { versionNegotiation: { mode: "auto" } });
await client.connect(new StreamableHTTPClientTransport(new URL(app.mcpUrl), { authProvider: { token: async () => token } }));

const through = async () => {
  const result = await client.callTool({ name: "moltbook_browse_feed", arguments: { sort: "hot", limit: 25 } });
  if (result.isError) throw new Error(JSON.stringify(result.content));
};
const direct = async () => {
  const answer = await fetch(`${app.sandbox.url}/posts?sort=hot&limit=25`, { headers: { authorization: `Bearer ${app.sandbox.apiKey}` } });
  if (!answer.ok) throw new Error(`sandbox: ${answer.status}`);
  await answer.json();
};

await sequential(through, 50);
const upstream = await sequential(direct, CALLS);
const whole = await sequential(through, CALLS);
const began = performance.now();
await Promise.all(Array.from({ length: IN_FLIGHT }, () => sequential(through, CALLS / 8)));
const perSecond = (IN_FLIGHT * (CALLS / 8)) / ((performance.now() - began) / 1000);

const row = (name: string, values: number[]) => `${name.padEnd(34)} p50 ${at(values, 0.5)} ms   p95 ${at(values, 0.95)} ms`;
process.stdout.write(`${row("sandbox alone", upstream)}\n${row("browse_feed of 25 over MCP", whole)}\n`);
process.stdout.write(
  `${`${IN_FLIGHT} in flight`.padEnd(34)} ${perSecond.toFixed(0)} calls/s, ${Math.round(process.memoryUsage.rss() / 1e6)} MB resident (app, sandbox and client)\n`,
);

await client.close();
await app.stop();
await disconnect();
await embedded.release();
rmSync(folder, { recursive: true, force: true });
process.exit(0);

async function sequential(call: () => Promise<void>, times: number): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < times; n++) {
    const start = performance.now();
    await call();
    took.push(performance.now() - start);
  }
  return took;
}

function at(values: number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1).padStart(6);
}
