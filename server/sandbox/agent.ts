import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

import { playHeartbeat } from "./agent/play.ts";
import { openStream } from "./agent/stream.ts";

/**
 * The built-in agent of sandbox mode: a process of its own that speaks MCP to us and writes the same stream-json as Claude Code. It reads
 * its prompt from standard input and takes MOLTBOT_URL, MOLTBOT_RUN_TOKEN and MOLTBOT_RUN_ID from the environment. No model is behind it:
 * its choices are drawn from the run's id.
 */
async function main(): Promise<number> {
  const prompt = await Bun.stdin.text();
  const { MOLTBOT_URL: url = "", MOLTBOT_RUN_TOKEN: token = "", MOLTBOT_RUN_ID: runId = "" } = Bun.env;
  const out = openStream(runId, (line) => process.stdout.write(`${line}\n`));
  const client = new Client({ name: "moltbot-sandbox-agent", version: "0.1.0" }, { versionNegotiation: { mode: "auto" } });
  let names: string[] = [];
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { authProvider: { token: async () => token } }));
    names = (await client.listTools()).tools.map(({ name }) => name);
    out.started(names, "connected");
  } catch (error) {
    process.stderr.write(`MCP server moltbook: ${(error as Error).message}\n`);
    out.started([], "failed");
    out.ended("I had no tools, so I did nothing.", false);
    return 0;
  }
  const call = (name: string, args: Record<string, unknown>) => out.call(client, name, args);
  const report = await playHeartbeat({ prompt, seed: runId, tools: new Set(names), call, say: out.say });
  out.ended(report, false);
  await client.close();
  return 0;
}

process.exit(await main());
