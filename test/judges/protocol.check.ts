import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { config } from "../../server/config.ts";
import { claimRun } from "../../server/runs/queries.ts";
import { mintToken } from "../../server/tokens/queries.ts";
import { TOOL_NAMES } from "../../server/tool.ts";
import type { TestApp } from "../app.ts";
import { startTestApp } from "../app.ts";

/** The official conformance suite's scenarios that apply to any server, and the Inspector's lint of our tools, against the real app. */
const MODULES = join(import.meta.dir, "node_modules");
const SCENARIOS = {
  "2025-11-25": ["server-initialize", "ping", "tools-list", "resources-list", "prompts-list", "dns-rebinding-protection"],
  "2026-07-28": [
    "tools-list",
    "resources-list",
    "prompts-list",
    "server-sse-multiple-streams",
    "server-stateless",
    "dns-rebinding-protection",
    "caching",
    "http-header-validation",
    "sep-2164-resource-not-found",
    "input-required-result-unsupported-methods",
    "input-required-result-ignore-extra-params",
    "input-required-result-validate-input",
  ],
};

let app: TestApp;
let token: string;
let proxy: ReturnType<typeof Bun.serve>;
const out = mkdtempSync(join(tmpdir(), "moltbot-conformance-"));

beforeAll(async () => {
  app = await startTestApp();
  const id = Bun.randomUUIDv7();
  await claimRun(id, {
    agentId: app.agent.id,
    mode: config.mode,
    trigger: "manual",
    slot: null,
    runner: "judge",
    command: "judge",
    promptVersionId: null,
  });
  token = await mintToken({ id, agentId: app.agent.id }, { tools: [...TOOL_NAMES] }, 3600);
  proxy = startProxy(app.url, token);
});
afterAll(async () => {
  await proxy.stop(true);
  await app.stop();
  rmSync(out, { recursive: true, force: true });
});

for (const [revision, scenarios] of Object.entries(SCENARIOS)) {
  for (const scenario of scenarios) {
    test(`conformance ${revision}: ${scenario}`, async () => {
      const url = `http://localhost:${proxy.port}/mcp`;
      const suite = join(MODULES, "@modelcontextprotocol", "conformance", "dist", "index.js");
      const results = join(out, revision, scenario);
      await run([process.execPath, suite, "server", "--url", url, "--scenario", scenario, "--spec-version", revision, "-o", results]);
      const checks = readChecks(results);
      expect(checks.filter(({ status }) => status === "SUCCESS").length).toBeGreaterThan(0);
      expect(checks.filter(({ status }) => status === "FAILURE").filter(needsNoFixture)).toEqual([]);
    }, 60_000);
  }
}

type Check = { id: string; status: string; errorMessage?: string };

function readChecks(results: string): Check[] {
  return readdirSync(results).flatMap((folder) => JSON.parse(readFileSync(join(results, folder, "checks.json"), "utf8")) as Check[]);
}

/** The suite fails a few checks as "not testable" for a server without its own diagnostic tools. We offer an agent no such tools. */
function needsNoFixture({ errorMessage = "" }: Check): boolean {
  return !errorMessage.startsWith("Not testable: server does not list the diagnostic tool");
}

for (const era of ["legacy", "modern"]) {
  test(`the Inspector finds nothing to complain about in tools/list (${era})`, async () => {
    const inspector = join(MODULES, ".bin", "mcp-inspector");
    const flags = [
      "--transport",
      "http",
      "--header",
      `Authorization: Bearer ${token}`,
      "--protocol-era",
      era,
      "--method",
      "tools/list",
      "--strict",
      "--stored-auth-only",
    ];
    const { code, text } = await run(["node", inspector, "--cli", app.mcpUrl, ...flags]);
    expect(code === 0 ? "clean" : text).toBe("clean");
    for (const name of TOOL_NAMES) expect(text).toContain(name);
  }, 60_000);
}

async function run(argv: string[]): Promise<{ code: number; text: string }> {
  const child = Bun.spawn(argv, { stdout: "pipe", stderr: "pipe", cwd: out });
  const [stdout, stderr, code] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
  return { code, text: stdout + stderr };
}

/** The suite cannot send a bearer token, so this adds it and changes nothing else: Host and Origin arrive as they were sent. */
function startProxy(target: string, bearer: string) {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const headers = new Headers(request.headers);
      headers.set("authorization", `Bearer ${bearer}`);
      const { method, body, signal } = request;
      const answer = await fetch(target + pathname + search, { method, headers, body, signal, redirect: "manual", decompress: false });
      return new Response(answer.body, { status: answer.status, headers: answer.headers });
    },
  });
}
