import { afterAll, beforeAll, expect, spyOn, test } from "bun:test";

import postgres from "postgres";

import { sql } from "../db/client.ts";
import { ownerUrl } from "../db/testing.ts";
import type { TestApp } from "../test/app.ts";
import { startTestApp } from "../test/app.ts";
import { heartbeat, HEARTBEAT_ACTIONS } from "../test/heartbeat.ts";
import { buildApp } from "./app.ts";
import { connectAgent, openRun } from "./calls/testing.ts";
import { openMcp } from "./mcp.ts";
import { closeRun } from "./runs/queries.ts";
import { TOOL_NAMES } from "./tool.ts";

/** The MCP endpoint as strangers, wrong clients and agents of both protocol eras meet it. */
const OPEN_CLOSING = { status: "succeeded", outcome: null, detail: null, exitCode: 0, report: null } as const;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

function post(token: string | null, headers: Record<string, string> = {}, body = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}') {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const accept = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  return fetch(app.mcpUrl, { method: "POST", headers: { ...accept, ...authorization, ...headers }, body });
}

const eventsOf = (type: string) => sql`select agent_id, run_id, severity, mode, detail from events where type = ${type}`;

test("without a token, or with one that nobody gave out, the endpoint says 401 and no more", async () => {
  const without = await post(null);
  expect(without.status).toBe(401);
  expect(without.headers.get("www-authenticate")).toStartWith("Bearer ");
  expect(await eventsOf("unauthorized_access")).toMatchObject([{ severity: "low", detail: { source: "127.0.0.1", path: "/mcp" } }]);

  const unknown = await Promise.all(Array.from({ length: 5 }, (_, n) => post(`mbt_${"x".repeat(42)}${n}`)));
  expect(unknown.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
  expect(await unknown[0]?.json()).toEqual({ error: "invalid_token", error_description: expect.stringContaining("unknown token") });
  const events = (await eventsOf("unauthorized_access")).filter(({ severity }) => severity === "medium");
  // One a minute for each caller: two at most, should the minute turn meanwhile.
  expect([1, 2]).toContain(events.length);
  expect(events[0]).toMatchObject({ severity: "medium", run_id: null, detail: { source: "127.0.0.1", path: "/mcp" } });
  expect(JSON.stringify(events)).not.toContain("mbt_");
});

test("the token of a run that has ended gets 401 run_closed, and leaves an event with the run", async () => {
  const run = await openRun("zombie");
  expect((await post(run.token)).status).toBe(200);
  await closeRun(run.id, OPEN_CLOSING);
  const late = await post(run.token);
  expect(late.status).toBe(401);
  expect(await late.json()).toMatchObject({ error_description: expect.stringContaining("run_closed") });
  const events = await sql`select severity, mode, agent_id from events where type = 'closed_run_call' and run_id = ${run.id}`;
  expect([...events]).toEqual([{ severity: "high", mode: "sandbox", agent_id: run.agent.id }]);
});

test("a token is good only until it expires, whether or not its run goes on", async () => {
  const run = await openRun("expired", TOOL_NAMES, 0);
  const late = await post(run.token);
  expect(late.status).toBe(401);
  expect(await late.json()).toMatchObject({ error: "invalid_token" });
});

test("another host or origin is refused before the token is looked at", async () => {
  const run = await openRun("rebound");
  expect((await post(run.token, { host: "rebind.example" })).status).toBe(403);
  expect((await post(run.token, { origin: "https://rebind.example" })).status).toBe(403);
  expect((await post(run.token, { origin: "http://127.0.0.1:9" })).status).toBe(200);
});

test("what is not a request of the protocol gets the protocol's own error", async () => {
  const run = await openRun("clumsy");
  const broken = await post(run.token, {}, "{not json");
  expect(broken.status).toBe(400);
  expect(await broken.json()).toMatchObject({ error: { code: -32700 } });
  const got = await fetch(app.mcpUrl, { headers: { authorization: `Bearer ${run.token}` } });
  expect(got.status).toBe(405);
});

test("a client that looks for OAuth is told clearly that there is none", async () => {
  const places = ["oauth-protected-resource", "oauth-protected-resource/mcp", "oauth-authorization-server", "openid-configuration"];
  for (const place of places) {
    const answer = await fetch(`${app.url}/.well-known/${place}`);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    expect(await answer.json()).toMatchObject({ status: 404, detail: "There is nothing at this address." });
  }
});

test("an endpoint that is closed says 503, so that a client may send the same again", async () => {
  const run = await openRun("late");
  const closed = openMcp();
  await closed.close();
  const stopping = buildApp(() => "", closed);
  const headers = { host: "127.0.0.1", authorization: `Bearer ${run.token}` };
  const answer = await stopping.handle(new Request("http://127.0.0.1/mcp", { method: "POST", headers, body: "{}" }));
  expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ detail: expect.stringContaining("stopping") })]);
});

test("a database that does not answer is no reason to let anybody in, nor to tell why", async () => {
  const run = await openRun("dark");
  const owner = postgres(ownerUrl(), { max: 1 });
  const stderr = spyOn(process.stderr, "write").mockImplementation(() => true);
  await owner`alter table run_tokens rename to run_tokens_gone`;
  const refused = await post(run.token);
  await owner`alter table run_tokens_gone rename to run_tokens`;
  const logged = stderr.mock.calls.map(([line]) => String(line)).join("");
  stderr.mockRestore();
  await owner.end();
  expect(refused.status).toBe(500);
  expect(await refused.text()).not.toContain("run_tokens");
  expect(logged).toContain('"event":"mcp.not_authenticated"');
  expect(logged).not.toContain(run.token);
});

test("tools/list is small, in a fixed order, the same in both eras, and every tool says what it may do", async () => {
  const run = await openRun("lister");
  const listed = [];
  for (const era of ["legacy", "modern"] as const) {
    const agent = await connectAgent(app.mcpUrl, run.token, era);
    listed.push((await agent.client.listTools()).tools);
    await agent.close();
  }
  const [legacy = [], modern = []] = listed;
  expect(modern.map(({ name }) => name)).toEqual([...TOOL_NAMES]);
  expect(legacy).toEqual(modern);
  expect(JSON.stringify(modern).length).toBeLessThan(20_000);
  for (const { annotations, inputSchema, outputSchema, title } of modern) {
    expect(Object.keys(annotations ?? {}).toSorted()).toEqual(["destructiveHint", "idempotentHint", "openWorldHint", "readOnlyHint"]);
    expect(inputSchema).toMatchObject({ type: "object", additionalProperties: false });
    expect(outputSchema).toMatchObject({ type: "object" });
    expect(title).toBeTruthy();
  }
  expect(modern).toMatchSnapshot();
});

test("a policy with fewer tools shows and allows only those; what it denies is told and on record", async () => {
  const run = await openRun("reader", ["moltbook_agent_status", "moltbook_browse_feed"]);
  const agent = await connectAgent(app.mcpUrl, run.token);
  expect((await agent.client.listTools()).tools.map(({ name }) => name)).toEqual(["moltbook_agent_status", "moltbook_browse_feed"]);
  expect((await agent.call("moltbook_agent_status")).isError).toBe(false);
  const denied = await agent.call("moltbook_vote", { target_id: "abc", direction: "up" });
  expect(denied).toMatchObject({ isError: true, text: "moltbook_vote is not permitted in this run. Go on without it." });
  await expect(agent.call("moltbook_delete_everything")).rejects.toThrow(/no tool/i);
  await agent.close();
  const calls = await sql`select tool, outcome, upstream_path from tool_calls where run_id = ${run.id} order by id`;
  expect([...calls]).toEqual([
    { tool: "moltbook_agent_status", outcome: "ok", upstream_path: "/agents/me" },
    { tool: "moltbook_vote", outcome: "denied", upstream_path: null },
    { tool: "moltbook_delete_everything", outcome: "protocol_error", upstream_path: null },
  ]);
});

/** The heartbeat, played by a client of that era in a run of its own. */
async function playHeartbeat(era: "legacy" | "modern", taken: Set<string>, word: string) {
  const run = await openRun(`beat_${era}`);
  const agent = await connectAgent(app.mcpUrl, run.token, era);
  const called: [string, boolean][] = [];
  const game = heartbeat(app.sandbox, taken, word);
  for (let step = game.next(); !step.done;) {
    const reply = await agent.call(step.value.name, step.value.args);
    called.push([step.value.name, reply.isError]);
    step = game.next(reply.data);
  }
  await agent.close();
  await closeRun(run.id, OPEN_CLOSING);
  app.sandbox.control({ advance_ms: 3 * 3_600_000 });
  const calls = await sql`
    select tool, is_write, outcome, error, upstream_method, upstream_status, finished_at is not null as finished, client_name, client_version, era
    from tool_calls where run_id = ${run.id} order by id`;
  const actions =
    await sql`select type, status, target_kind, submolt is not null as placed from actions where run_id = ${run.id} order by id`;
  const [closed] = await sql<{ outcome: string }[]>`select outcome from runs where id = ${run.id}`;
  return { called, calls, actions: [...actions], outcome: closed?.outcome };
}

test("clients of both eras play the same heartbeat, and leave equal records but for who they are", async () => {
  const taken = new Set<string>();
  const legacy = await playHeartbeat("legacy", taken, "quiet");
  const modern = await playHeartbeat("modern", taken, "restless");
  expect(modern.called.filter(([, isError]) => isError)).toEqual([]);
  expect(legacy.called).toEqual(modern.called);

  const plain = ({ calls }: typeof modern) => calls.map(({ client_name: _n, client_version: _v, era: _e, ...rest }) => rest);
  expect(plain(legacy)).toEqual(plain(modern));
  expect(plain(modern).every(({ outcome, finished, error }) => outcome === "ok" && finished && error === null)).toBe(true);
  // A 2025-era request names its client nowhere but in its user agent.
  expect(new Set(legacy.calls.map(({ client_name, client_version, era }) => `${client_name} ${client_version} ${era}`))).toEqual(
    new Set(["tester 2.5 legacy"]),
  );
  expect(new Set(modern.calls.map(({ client_name, client_version, era }) => `${client_name} ${client_version} ${era}`))).toEqual(
    new Set(["modern-tester 26.7 modern"]),
  );

  expect(legacy.actions.map(({ type }) => type)).toEqual(HEARTBEAT_ACTIONS);
  expect(modern.actions).toEqual(legacy.actions);
  expect(modern.actions.every(({ status }) => status === "done")).toBe(true);
  expect([legacy.outcome, modern.outcome]).toEqual(["acted", "acted"]);
}, 20_000);

test("a manual client's static token acts as today's ad hoc run, with the same record", async () => {
  const script = `
    const db = await import("../db/client.ts");
    db.connect(${JSON.stringify(ownerUrl())});
    const { openMcp } = await import("./mcp.ts");
    const mcp = openMcp();
    for (const token of ["a-static-token-for-this-test", "a-static-token-for-this-test", "another-static-token"]) {
      const headers = { host: "127.0.0.1", authorization: "Bearer " + token, "content-type": "application/json", accept: "application/json, text/event-stream" };
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "moltbook_home", arguments: {} } });
      const response = await mcp.serve(new Request("http://127.0.0.1/mcp", { method: "POST", headers, body }), "a test");
      console.log(response.status, await response.text());
      // Another first call of the day may have begun later than the one that finds its run.
      await db.sql\`update runs set started_at = now() + interval '1 minute', finished_at = now() + interval '1 minute' where kind = 'ad_hoc'\`;
    }
    await mcp.close();
    await db.disconnect();`;
  const env = { PATH: process.env.PATH ?? "", MCP_AUTH_TOKEN: "a-static-token-for-this-test", LOG_LEVEL: "error" };
  const child = Bun.spawn([process.execPath, "--eval", script], { cwd: import.meta.dir, env, stdout: "pipe", stderr: "inherit" });
  const output = await new Response(child.stdout).text();
  expect(output).toMatch(/^200 .*Moltbook is not connected yet.*\n200 .*Moltbook is not connected yet/s);
  expect(output).toContain("\n401 ");
  const calls = await sql`
    select r.kind, r.trigger, r.status, a.name, t.tool, t.outcome from tool_calls t join runs r on r.id = t.run_id join agents a on a.id = r.agent_id
    where r.kind = 'ad_hoc'`;
  const adHoc = {
    kind: "ad_hoc",
    trigger: "token",
    status: "succeeded",
    name: app.agent.name,
    tool: "moltbook_home",
    outcome: "tool_error",
  };
  expect([...calls]).toEqual([adHoc, adHoc]);
}, 20_000);
