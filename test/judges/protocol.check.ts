import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { config } from "../../server/config.ts";
import { openMcp } from "../../server/mcp.ts";
import { claimRun } from "../../server/runs/queries.ts";
import { mintToken } from "../../server/tokens/queries.ts";
import { TOOL_NAMES } from "../../server/tool.ts";
import type { TestApp } from "../app.ts";
import { startTestApp } from "../app.ts";
import { buildFixtures } from "../conformance-fixtures.ts";

/**
 * The official conformance suite and the Inspector's lint of our tools. What of the suite applies to any server is asked of the real app; the
 * rest of a 2025-11-25 and all of a 2026-07-28 server is asked of the same endpoint with the suite's fixtures in the place of our tools.
 */
const MODULES = join(import.meta.dir, "node_modules");
const SUITE = join(MODULES, "@modelcontextprotocol", "conformance", "dist", "index.js");

/** Scenarios that need no fixture, by the revision of the specification in which they are asked; extensions have none. */
const SCENARIOS = {
  "2025-11-25": [
    "server-initialize",
    "ping",
    "tools-list",
    "resources-list",
    "prompts-list",
    "dns-rebinding-protection",
    "server-session-lifecycle",
    "server-sse-multiple-streams",
    "server-sse-polling",
  ],
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
  extension: ["sep-2640-skills-directory", "sep-2640-skills-enumeration", "sep-2640-skills-manifest"],
};

/** These test what only a server with sessions does, and find nothing to test in ours. */
const OF_SESSIONS = ["2025-11-25 server-session-lifecycle", "2025-11-25 server-sse-multiple-streams", "2025-11-25 server-sse-polling"];

/** In these a 2025-era server asks its client something in the middle of a call, for which it would have to hold a session. */
const NEED_A_SESSION = ["tools-call-sampling", "tools-call-elicitation", "elicitation-sep1034-defaults", "elicitation-sep1330-enums"];

let app: TestApp;
let token: string;
let proxy: ReturnType<typeof Bun.serve>;
let fixtures: ReturnType<typeof startFixtures>;
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
  fixtures = startFixtures(token);
});
afterAll(async () => {
  await proxy.stop(true);
  await fixtures.stop();
  await app.stop();
  rmSync(out, { recursive: true, force: true });
});

for (const [revision, scenarios] of Object.entries(SCENARIOS)) {
  for (const scenario of scenarios) {
    test(`conformance ${revision}: ${scenario}`, async () => {
      const url = `http://localhost:${proxy.port}/mcp`;
      const results = join(out, revision, scenario);
      const version = revision === "extension" ? [] : ["--spec-version", revision];
      await run([process.execPath, SUITE, "server", "--url", url, "--scenario", scenario, ...version, "-o", results]);
      const checks = Object.values(readChecks(results)).flat();
      const passed = checks.filter(({ status }) => status === "SUCCESS");
      if (!OF_SESSIONS.includes(`${revision} ${scenario}`)) expect(passed.length).toBeGreaterThan(0);
      expect(checks.filter(({ status }) => status === "FAILURE").filter(needsNoFixture)).toEqual([]);
    }, 60_000);
  }
}

test("conformance 2025-11-25, whole: nothing fails but what needs a session", async () => {
  const { failed, passed } = await judge("2025-11-25");
  expect(failed.toSorted()).toEqual(NEED_A_SESSION.toSorted());
  expect(passed.length).toBeGreaterThanOrEqual(26);
}, 300_000);

test("conformance 2026-07-28, whole: the suite is content", async () => {
  const { code, failed, passed } = await judge("2026-07-28");
  // The suite runs the optional tasks extension as well, which we do not have, and does not score it.
  expect(failed.filter((scenario) => !scenario.startsWith("tasks-"))).toEqual([]);
  expect(passed.length).toBeGreaterThanOrEqual(36);
  expect(code).toBe(0);
}, 300_000);

/** All that a revision requires, of the endpoint with the fixtures: the suite's own verdict, and which scenarios failed and passed. */
async function judge(revision: string) {
  const results = join(out, `whole-${revision}`);
  const url = `http://localhost:${fixtures.port}/mcp`;
  const { code } = await run([process.execPath, SUITE, "server", "--url", url, "--requirements", revision, "-o", results]);
  const scenarios = Object.entries(readChecks(results));
  const isFailed = ([, checks]: [string, Check[]]) => checks.some(({ status }) => status === "FAILURE");
  const failed = scenarios.filter(isFailed).map(([scenario]) => scenario);
  const passed = scenarios.filter((scenario) => !isFailed(scenario)).map(([scenario]) => scenario);
  return { code, failed, passed };
}

type Check = { id: string; status: string; errorMessage?: string };

/** The checks of each scenario; the suite names a scenario's folder by it and the time. */
function readChecks(results: string): Record<string, Check[]> {
  const entries = readdirSync(results).map((folder) => {
    const scenario = folder.replace(/^server-/, "").replace(/-\d{4}-\d\d-\d\dT.*$/, "");
    return [scenario, JSON.parse(readFileSync(join(results, folder, "checks.json"), "utf8")) as Check[]];
  });
  return Object.fromEntries(entries) as Record<string, Check[]>;
}

/** The suite fails a few checks as "not testable" for a server without its own diagnostic tools. We offer an agent no such tools. */
function needsNoFixture({ errorMessage = "" }: Check): boolean {
  return !errorMessage.startsWith("Not testable: server does not list the diagnostic tool");
}

/** The Inspector's command line against the real app. */
function inspect(...flags: string[]) {
  const inspector = join(MODULES, ".bin", "mcp-inspector");
  const common = ["--transport", "http", "--header", `Authorization: Bearer ${token}`, "--stored-auth-only"];
  return run(["node", inspector, "--cli", app.mcpUrl, ...common, ...flags]);
}

for (const era of ["legacy", "modern"]) {
  test(`the Inspector finds nothing to complain about in tools/list (${era})`, async () => {
    const { code, text } = await inspect("--protocol-era", era, "--method", "tools/list", "--strict");
    expect(code === 0 ? "clean" : text).toBe("clean");
    for (const name of TOOL_NAMES) expect(text).toContain(name);
  }, 60_000);
}

test("the Inspector reads our skill, and its digests are right", async () => {
  const { code, text } = await inspect("--protocol-era", "modern", "--method", "skills/list", "--verify");
  expect(code === 0 ? "clean" : text).toBe("clean");
  expect(text).toContain("skill://using-moltbook-safely/SKILL.md");
}, 60_000);

async function run(argv: string[]): Promise<{ code: number; text: string }> {
  const child = Bun.spawn(argv, { stdout: "pipe", stderr: "pipe", cwd: out });
  const [stdout, stderr, code] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
  return { code, text: stdout + stderr };
}

/** The app's endpoint with the suite's fixtures in it, on a port of its own, behind the proxy that adds the token. */
function startFixtures(bearer: string) {
  const mcp = openMcp(buildFixtures);
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, idleTimeout: 60, fetch: (request) => mcp.serve(request, "judge") });
  const front = startProxy(server.url.origin, bearer);
  return {
    port: front.port,
    async stop() {
      await mcp.close();
      await Promise.all([front.stop(true), server.stop(true)]);
    },
  };
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
