import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { linesOf } from "../server/bridge/lines.ts";
import { BRIDGE, bridgeEnv, initialize, openMcp, TOKEN } from "../server/bridge/testing.ts";

/**
 * What a stdio bridge adds to a call of a tool that does nothing, against the same call over HTTP, how long it takes from its start to
 * its first answer, and from the end of its input to its own. Ours as source and as one compiled file, beside two that others use, if they are installed in test/judges.
 */
const CALLS = 1_000;
const WARM_UP = 100;
const STARTS = 10;
const ROOT = join(import.meta.dir, "..");
const JUDGES = join(ROOT, "test", "judges", "node_modules");
const folder = mkdtempSync(join(tmpdir(), "moltbot-bench-"));
const compiled = join(folder, "moltbot-bridge");
Bun.spawnSync([process.execPath, "run", "build:bridge", "--outfile", compiled], { cwd: ROOT, stdio: ["ignore", "ignore", "ignore"] });

const server = openMcp();
const auth = ["--header", `Authorization: Bearer ${TOKEN}`];
const remote = join(JUDGES, "mcp-remote", "dist", "proxy.js");
const gateway = join(JUDGES, "supergateway", "dist", "index.js");
const bridges = [
  { name: "bridge", program: BRIDGE, command: [process.execPath, BRIDGE] },
  { name: "bridge, compiled", program: compiled, command: [compiled] },
  { name: "mcp-remote", program: remote, command: ["node", remote, server.url, "--transport", "http-only", ...auth] },
  { name: "supergateway", program: gateway, command: ["node", gateway, "--streamableHttp", server.url, ...auth] },
];

const headers = {
  Authorization: `Bearer ${TOKEN}`,
  "Content-Type": "application/json",
  Accept: "application/json, text/event-stream",
  "MCP-Protocol-Version": "2025-06-18",
};
const direct = async (line: string) => (await fetch(server.url, { method: "POST", headers, body: line })).text();

process.stdout.write(
  `${"".padEnd(18)}${["start p50", "p95", "call p50", "p95", "added p50", "p95", "end p50", "p95"].map((title) => title.padStart(11)).join("")}  (ms)\n`,
);
for (const { name, program, command } of bridges) {
  if (!existsSync(program) || !Bun.which(command[0] ?? "")) {
    process.stdout.write(`${name.padEnd(18)}  not installed: bun install in test/judges, and node on the PATH\n`);
    continue;
  }
  const starts: number[] = [];
  const ends: number[] = [];
  for (let n = 0; n < STARTS; n++) {
    const bridge = start(command);
    starts.push(await timed(() => bridge.ask(initialize(n))));
    ends.push(await timed(bridge.end));
    await bridge.stop();
  }
  // One after the other in turn, so that whatever else the machine does weighs on both.
  const bridge = start(command);
  await bridge.ask(initialize("hello"));
  await bridge.tell({ method: "notifications/initialized" });
  const alone: number[] = [];
  const through: number[] = [];
  for (let id = -WARM_UP; id < CALLS; id++) {
    const call = { id, method: "tools/call", params: { name: "echo", arguments: { text: "hello" } } };
    const took = [await timed(() => direct(lineOf(call))), await timed(() => bridge.ask(call))] as const;
    if (id < 0) continue;
    alone.push(took[0]);
    through.push(took[1]);
  }
  await bridge.stop();
  const added = [0.5, 0.95].map((share) => at(through, share) - at(alone, share));
  const figures = [at(starts, 0.5), at(starts, 0.95), at(through, 0.5), at(through, 0.95), ...added, at(ends, 0.5), at(ends, 0.95)];
  process.stdout.write(`${name.padEnd(18)}${figures.map((ms) => ms.toFixed(2).padStart(11)).join("")}\n`);
}
await server.stop();
rmSync(folder, { recursive: true });
process.exit(0);

/** A bridge in a process of its own; `ask` resolves when the answer to a request has come. */
function start(command: string[]) {
  const env = { ...bridgeEnv(server.url), HOME: folder };
  const child = Bun.spawn(command, { env, cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
  const waiting = new Map<unknown, () => void>();
  void (async () => {
    for await (const line of linesOf(child.stdout)) {
      const { id } = JSON.parse(line ?? "") as { id?: unknown };
      waiting.get(id)?.();
      waiting.delete(id);
    }
  })();
  const tell = async (message: object) => {
    await child.stdin.write(`${lineOf(message)}\n`);
    await child.stdin.flush();
  };
  const ask = (message: { id?: unknown }) =>
    new Promise<void>((resolve) => {
      waiting.set(message.id, resolve);
      void tell(message);
    });
  /** Resolves when it has ended by itself, or was given five seconds for it. */
  const end = async () => {
    await child.stdin.end();
    await Promise.race([child.exited, Bun.sleep(5_000)]);
  };
  const stop = () => {
    child.kill();
    return child.exited;
  };
  return { ask, tell, end, stop };
}

function lineOf(message: object): string {
  return JSON.stringify({ jsonrpc: "2.0", ...message });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function at(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
}
