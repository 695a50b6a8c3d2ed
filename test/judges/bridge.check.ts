import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { BRIDGE, openDouble, openMcp, TOKEN } from "../../server/bridge/testing.ts";
import { until } from "../app.ts";
import type { Step } from "../messages-api.ts";
import { scriptOf, startMessagesApi } from "../messages-api.ts";

/** The conformance suite's scenarios for clients, through the bridge to the suite's own servers; and the real Claude Code behind the bridge. */
const SUITE = join(import.meta.dir, "node_modules", "@modelcontextprotocol", "conformance", "dist", "index.js");
const CLAUDE = join(import.meta.dir, "node_modules", "@anthropic-ai", `claude-code-${process.platform}-${process.arch}`, "claude");
const CLIENT = join(import.meta.dir, "bridge.client.ts");
const SCENARIOS = {
  "2025-11-25": ["initialize", "tools_call", "sse-retry"],
  "2026-07-28": ["tools_call", "request-metadata", "http-standard-headers", "http-custom-headers", "http-invalid-tool-headers"],
};

type Check = { id: string; status: string; errorMessage?: string };

const out = mkdtempSync(join(tmpdir(), "moltbot-bridge-judge-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

for (const [revision, scenarios] of Object.entries(SCENARIOS)) {
  for (const scenario of scenarios) {
    test(`conformance of a client behind the bridge, ${revision}: ${scenario}`, async () => {
      const results = join(out, revision, scenario);
      const command = `${process.execPath} ${CLIENT}`;
      const args = ["client", "--command", command, "--scenario", scenario, "--spec-version", revision, "-o", results];
      const suite = Bun.spawn([process.execPath, SUITE, ...args], { cwd: out, stdio: ["ignore", "ignore", "ignore"] });
      await suite.exited;
      const checks = readdirSync(results).flatMap(
        (folder) => JSON.parse(readFileSync(join(results, folder, "checks.json"), "utf8")) as Check[],
      );
      expect(checks.filter(({ status }) => status === "SUCCESS").length).toBeGreaterThan(0);
      expect(checks.filter(({ status }) => status === "FAILURE" || status === "WARNING")).toEqual([]);
    }, 60_000);
  }
}

const echo = (text: string): Step => ({ tools: [{ name: "mcp__moltbook__echo", input: { text } }] });

for (const era of ["auto", "legacy"]) {
  test(`Claude Code keeps working over a restart of the server (${era})`, async () => {
    const first = openMcp();
    const restarted = Promise.withResolvers<ReturnType<typeof openMcp>>();
    const log = join(out, `restart-${era}.log`);
    const restart = async () => {
      await first.stop();
      void until(() => readFileSync(log, "utf8").includes("bridge.server_away")).then(() => restarted.resolve(openMcp(first.port)));
    };
    const results = await converse(first.url, era, log, [echo("one"), { before: restart, ...echo("two") }, { text: "done" }]);
    const second = await restarted.promise;
    expect(results).toEqual(["one", "two"]);
    expect([first.calls("tools/call"), second.calls("tools/call")]).toEqual([1, 1]);
    await second.stop();
  }, 60_000);

  test(`Claude Code that started without the server gets its tools when it comes (${era})`, async () => {
    const { port, url, stop } = openDouble(() => new Response());
    await stop();
    const opened = Promise.withResolvers<ReturnType<typeof openMcp>>();
    const open = async () => {
      const server = openMcp(port);
      opened.resolve(server);
      await until(() => server.calls("tools/list") > 0);
    };
    // It looks at its tools again when it hears that they have changed, at a moment that nobody tells: so it tries some times.
    const tries = Array.from({ length: 10 }, () => echo("late"));
    const results = await converse(url, era, join(out, `late-${era}.log`), [
      echo("early"),
      { before: open, ...echo("late") },
      ...tries,
      { text: "done" },
    ]);
    expect(results).toHaveLength(12);
    expect(results[0]).toContain("No such tool");
    expect(results.at(-1)).toBe("late");
    await (await opened.promise).stop();
  }, 90_000);
}

/** Lets Claude Code talk to the bridge as the script says; answers what its tools told it. */
async function converse(url: string, era: string, log: string, steps: Step[]): Promise<unknown[]> {
  const api = startMessagesApi(scriptOf(steps));
  const home = mkdtempSync(join(out, "home-"));
  const env = { MOLTBOT_URL: url, MCP_AUTH_TOKEN: TOKEN };
  const server = { type: "stdio", command: process.execPath, args: [BRIDGE, "--log-file", log], env };
  writeFileSync(join(home, "mcp.json"), JSON.stringify({ mcpServers: { moltbook: server } }));
  const flags = ["-p", "Go on.", "--mcp-config", join(home, "mcp.json"), "--strict-mcp-config", "--allowedTools", "mcp__moltbook__*"];
  const claude = Bun.spawn([CLAUDE, ...flags, "--output-format", "stream-json", "--verbose"], {
    cwd: home,
    env: {
      PATH: "/usr/bin:/bin",
      HOME: home,
      ANTHROPIC_BASE_URL: api.url,
      ANTHROPIC_API_KEY: "not-a-real-key-0000",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
      MCP_PROTOCOL_NEGOTIATION: era,
    },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines = (await new Response(claude.stdout).text()).split("\n").filter(Boolean);
  await api.stop();
  return lines.flatMap((line) => {
    const { type, message } = JSON.parse(line) as { type: string; message: { content: { type: string; content: unknown }[] } };
    return type === "user"
      ? message.content.map(({ content }) => (Array.isArray(content) ? (content[0] as { text: string }).text : content))
      : [];
  });
}
