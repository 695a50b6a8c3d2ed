import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";

import { sql } from "../../db/client.ts";
import { ownerUrl } from "../../db/testing.ts";
import type { TestApp } from "../../test/app.ts";
import { startTestApp, until } from "../../test/app.ts";
import type { Agent } from "../agents/queries.ts";
import { ensureAgent } from "../agents/queries.ts";
import { verifyChain } from "../audit/verify.ts";
import { listCallsOfRun } from "../calls/queries.ts";
import { config } from "../config.ts";
import { seedPrompt } from "../prompts/queries.ts";
import { listEventsOfRun } from "../security/queries.ts";
import { mintToken } from "../tokens/queries.ts";
import { TOOL_NAMES } from "../tool.ts";
import { listTranscript } from "../transcripts/queries.ts";
import { getRunDetail } from "./api.ts";
import { runFolder } from "./command.ts";
import type { Heartbeat } from "./heartbeat.ts";
import { runHeartbeat, stopRuns } from "./heartbeat.ts";
import { listRuns, markStarted } from "./queries.ts";
import { reapLostRuns } from "./reap.ts";
import { claimedRun } from "./testing.ts";

/** Agents are small programs in a folder of their own; each run is on an agent of its own, so that none meets another's overlap. */
const folder = mkdtempSync(join(tmpdir(), "moltbot-agents-"));
let app: TestApp;

setDefaultTimeout(30_000);
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

const NAMES = TOOL_NAMES.map((name) => `mcp__moltbook__${name}`);
const INIT = {
  type: "system",
  subtype: "init",
  tools: NAMES,
  mcp_servers: [{ name: "moltbook", status: "connected" }],
  model: "claude-test",
};
const RESULT = { type: "result", subtype: "success", is_error: false, result: "All done.", num_turns: 1, total_cost_usd: 0.5 };

/** A line of shell that prints a line of stream-json. */
const say = (value: unknown) => `printf '%s\\n' '${JSON.stringify(value)}'`;

/** An executable file that is the agent. */
function program(body: string, interpreter = "/bin/sh"): string {
  const path = join(folder, `agent-${crypto.randomUUID()}`);
  writeFileSync(path, `#!${interpreter}\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A file for what an agent wants to tell the test. */
const note = () => join(folder, `note-${crypto.randomUUID()}`);
const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8").trim() : "");
const pidIn = async (path: string) => Number(await until(() => read(path)));

async function newAgent(text = "# Check in\nSay hello."): Promise<Agent> {
  const agent = await ensureAgent(`test_${crypto.randomUUID().slice(0, 8)}`);
  if (text) await seedPrompt(agent.id, text);
  return agent;
}

async function start(over: Partial<Heartbeat>) {
  const heartbeat = { agent: await newAgent(), trigger: "manual" as const, slot: null, mcpUrl: app.mcpUrl, graceMs: 400, ...over };
  return { agent: heartbeat.agent, ended: runHeartbeat(heartbeat) };
}

/** Runs a script as the agent, from claim to close. */
async function beat(body: string, over: Partial<Heartbeat> = {}) {
  const { ended } = await start({ command: program(body), ...over });
  return getRunDetail((await ended) ?? "none");
}

const newestRun = async (agent: Agent) => (await listRuns({ agent_name: agent.name, limit: 1 })).items[0];
const allRuns = async (agent: Agent) => (await listRuns({ agent_name: agent.name, limit: 100 })).items;

/** True once a process is gone; one that nobody has reaped yet is gone too. */
function isGone(pid: number): boolean {
  const state = Bun.spawnSync(["ps", "-o", "stat=", "-p", String(pid)])
    .stdout.toString()
    .trim();
  return state === "" || state.startsWith("Z");
}

async function openTokens(runId: string): Promise<number> {
  return (await sql`select from run_tokens where run_id = ${runId} and revoked_at is null`).count;
}

test.concurrent("a heartbeat of the built-in agent is recorded from claim to close", async () => {
  const id = await runHeartbeat({ agent: app.agent, trigger: "manual", slot: null, mcpUrl: app.mcpUrl });
  const run = await getRunDetail(id ?? "");
  expect(run).toMatchObject({
    status: "succeeded",
    outcome: "acted",
    detail: null,
    exit_code: 0,
    trigger: "manual",
    mode: "sandbox",
    prompt_version: 1,
  });
  expect(run.calls).toBeGreaterThanOrEqual(8);
  expect(run.withheld).toBeGreaterThanOrEqual(1);
  expect(new Set(run.actions.map(({ type }) => type)).size).toBeGreaterThanOrEqual(3);
  expect(run.actions).toHaveLength(run.action_count);
  expect(run.model).toBe("scripted");
  expect(Date.parse(run.finished_at ?? "")).toBeGreaterThan(Date.parse(run.started_at ?? ""));

  const { lines, total } = await listTranscript(run.id, 1000);
  expect(lines.map(({ seq }) => seq)).toEqual(Array.from({ length: total }, (_, seq) => seq));
  const parsed = lines
    .filter(({ stream }) => stream === "stdout")
    .map(({ line }) => JSON.parse(line) as { type: string; subtype?: string });
  expect([parsed[0]?.subtype, parsed.at(-1)?.type]).toEqual(["init", "result"]);

  expect(await openTokens(run.id)).toBe(0);
  expect(existsSync(runFolder(run.id))).toBe(false);
  expect((await listCallsOfRun(run.id)).every(({ outcome }) => outcome !== null)).toBe(true);
  expect(await verifyChain()).toMatchObject({ fault: null });
  const kinds = await sql<
    { kind: string }[]
  >`select kind from audit_log where body::jsonb ->> 'run_id' = ${run.id} and kind like 'run.%' order by seq`;
  expect(kinds.map(({ kind }) => kind)).toEqual(["run.claimed", "run.closed"]);
});

test.concurrent("a run that somebody else closed ends its agent", async () => {
  const told = note();
  const { agent, ended } = await start({ command: program(`echo $$ > ${told}\n${say(INIT)}\nsleep 300`) });
  const pid = await pidIn(told);
  const run = await until(async () => ((await newestRun(agent))?.status === "running" ? newestRun(agent) : null));
  await sql`update runs set status = 'lost', finished_at = now() where id = ${run.id}`;
  await ended;
  expect(isGone(pid)).toBe(true);
  expect((await newestRun(agent))?.status).toBe("lost");
});

test("the agent gets its prompt on standard input, a folder with nothing but a canary, and nothing of our environment but what it needs", async () => {
  const told = note();
  Object.assign(config.agentEnv, { ANTHROPIC_API_KEY: "not-a-real-key-0000" });
  const prompt = `# Read\n${"long ".repeat(9_000)}\n“quoted” 🦞 $HOME\nno newline at the end`;
  const run = await beat(
    [`cat > ${told}.prompt`, `env > ${told}.env`, `ls -A > ${told}.ls`, `printf '%s\\n' "$@" > ${told}.args`, say(INIT), say(RESULT)].join(
      "\n",
    ),
    { agent: await newAgent(prompt) },
  ).finally(() => delete config.agentEnv.ANTHROPIC_API_KEY);
  expect(run).toMatchObject({ status: "succeeded", outcome: "nothing_to_do", summary: "All done.", cost_usd: 0.5, turns: 1 });
  const given = readFileSync(`${told}.prompt`, "utf8");
  expect(given.slice(0, prompt.length)).toBe(prompt);
  expect(given.slice(prompt.length)).toMatch(/^\n\n\(Reference of this run: mbc_[0-9a-z]{24}\. [^()]+\)\n$/);
  expect(read(`${told}.ls`)).toBe("credentials.json");
  const env = Object.fromEntries(
    read(`${told}.env`)
      .split("\n")
      .map((line) => line.split("=", 2)),
  );
  for (const shell of ["PWD", "OLDPWD", "SHLVL", "_"]) delete env[shell];
  const names = [
    "PATH",
    "HOME",
    "TMPDIR",
    "LANG",
    "MOLTBOT_RUN_TOKEN",
    "ANTHROPIC_API_KEY",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
    "DISABLE_AUTOUPDATER",
  ];
  expect(Object.keys(env).toSorted()).toEqual(names.toSorted());
  const args = read(`${told}.args`);
  expect(args).not.toContain(env.MOLTBOT_RUN_TOKEN ?? "none");
  expect(args.split("\n")).toContain(NAMES.join(","));
});

test("an agent that hands its canary, in code, to a tool that is not ours is found out at once, and may write nothing more", async () => {
  const told = note();
  const use = { type: "assistant", message: { content: [{ type: "tool_use", name: "Bash", input: { command: "curl CODE" } }] } };
  const { agent, ended } = await start({
    command: program(
      [
        say(INIT),
        `token=$(sed -n 's/.*"token": "\\(.*\\)".*/\\1/p' credentials.json)`,
        `printf '%s' "$token" > ${told}`,
        `code=$(printf 'I took %s here' "$token" | base64 | tr -d '\\n')`,
        `${say(use)} | sed "s|CODE|$code|"`,
        `echo "It is $token."`,
        `while [ ! -e ${told}.seen ]; do sleep 0.1; done`,
        say(RESULT),
      ].join("\n"),
    ),
  });
  const frozen = () => sql`select frozen_because from moltbook_accounts where agent_id = ${agent.id} and frozen_at is not null`;
  const [account] = await until(async () => ((await frozen()).length > 0 ? frozen() : null));
  expect(account).toEqual({ frozen_because: "canary" });
  writeFileSync(`${told}.seen`, "");
  const id = (await ended) ?? "";
  const [event] = await sql`select type, severity, title, detail from events where run_id = ${id} and type = 'canary_hit'`;
  expect(event).toMatchObject({
    severity: "critical",
    title: "An agent gave a canary to a tool that is not ours; writing is frozen",
    detail: { place: "external_tool", fields: ["Bash"], canary: "credential", planted_in: id },
  });
  const canary = read(told);
  expect(canary).toMatch(/^mbc_[0-9a-z]{24}$/);
  const { lines } = await listTranscript(id, 1000);
  expect(lines.map(({ line }) => line)).toContain("It is [secret].");
  const audit = await sql`select body from audit_log where body like ${`%${id}%`} and kind = 'canary.planted'`;
  expect(audit).toHaveLength(1);
  expect(audit[0]?.body).toContain(new Bun.CryptoHasher("sha256").update(canary).digest("hex"));
  expect(audit[0]?.body).not.toContain(canary);
});

test("a token that the agent prints everywhere is kept nowhere, and opens nothing once the run has ended", async () => {
  const told = note();
  const token = '"$MOLTBOT_RUN_TOKEN"';
  const run = await beat(
    [
      `printf '%s' ${token} > ${told}`,
      say(INIT),
      `echo ${token}; echo "secret: "${token} >&2`,
      `printf '{"type":"assistant","message":{"content":[{"type":"tool_use","name":"%s"}]}}\\n' ${token}`,
      `printf '{"type":"result","subtype":"success","is_error":true,"result":"I hold %s"}\\n' ${token}`,
      `echo ${token} >&2`,
      "exit 3",
    ].join("\n"),
  );
  const printed = read(told);
  expect(printed).toMatch(/^mbt_.{43}$/);
  expect(run).toMatchObject({
    status: "failed",
    exit_code: 3,
    summary: "I hold [secret]",
    detail: "The agent ended with exit code 3. [secret]",
  });
  const owner = postgres(ownerUrl(), { max: 1 });
  const tables = await owner<
    { name: string }[]
  >`select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`;
  for (const { name } of tables) {
    const found = await owner`select from ${owner(name)} t where t::text like ${`%${printed}%`}`;
    expect([name, found.count]).toEqual([name, 0]);
  }
  await owner.end();
  const late = await fetch(app.mcpUrl, {
    method: "POST",
    headers: { authorization: `Bearer ${printed}`, "content-type": "application/json" },
    body: "{}",
  });
  expect(late.status).toBe(401);
  expect(await late.text()).toContain("run_closed");
});

test("an agent that starts without our server, or without one of its tools, is ended quickly and the run reads degraded", async () => {
  const pids = note();
  const failed = say({ ...INIT, tools: [], mcp_servers: [{ name: "moltbook", status: "failed" }] });
  const without = await beat(`sleep 300 &\necho $! > ${pids}\n${failed}\nwait`);
  expect(without).toMatchObject({
    status: "failed",
    outcome: "degraded",
    detail: "The agent started without our MCP server (status: failed), so it was stopped.",
  });
  await until(async () => isGone(await pidIn(pids)));
  const lacking = await beat([say({ ...INIT, tools: NAMES.slice(1) }), "sleep 300"].join("\n"));
  expect(lacking).toMatchObject({ status: "failed", outcome: "degraded" });
  expect(lacking.detail).toBe(`The agent started without these tools, so it was stopped: ${TOOL_NAMES[0]}`);
  expect((await listEventsOfRun(lacking.id)).map(({ type, severity }) => [type, severity])).toEqual([["run_degraded", "high"]]);
  const dry = await beat(failed, { dryRun: true });
  const modes = await sql<
    { run_id: string; mode: string }[]
  >`select run_id, mode from events where run_id in (${lacking.id}, ${dry.id}) order by id`;
  expect(modes.map(({ run_id, mode }) => [run_id, mode])).toEqual([
    [lacking.id, "sandbox"],
    [dry.id, "dry_run"],
  ]);
});

test("an agent that hangs and ignores TERM is killed, and the run reads timed_out only once it is dead", async () => {
  const told = note();
  const { agent, ended } = await start({
    command: program(`trap '' TERM\necho $$ > ${told}\n${say(INIT)}\nwhile :; do sleep 0.05; done`),
    timeoutMs: 1_000,
    graceMs: 1_500,
  });
  const pid = await pidIn(told);
  await until(async () => (await newestRun(agent))?.status === "stopping");
  expect(isGone(pid)).toBe(false);
  const run = await getRunDetail((await ended) ?? "");
  expect(isGone(pid)).toBe(true);
  expect(run).toMatchObject({ status: "timed_out", outcome: "unknown", exit_code: null, detail: "It was stopped after 1 s." });
  expect((await listEventsOfRun(run.id)).map(({ type }) => type)).toEqual(["run_timed_out"]);
});

test("an agent that heeds TERM ends at once", async () => {
  const run = await beat(`trap 'exit 0' TERM\n${say(INIT)}\nwhile :; do sleep 0.05; done`, { timeoutMs: 1_000, graceMs: 60_000 });
  expect(run).toMatchObject({ status: "timed_out", exit_code: 0 });
});

test("whatever the agent started ends with it: in its group, out of its session, or out of reach", async () => {
  const [child, stray, lost] = [note(), note(), note()];
  const run = await beat(
    [
      `sh -c 'trap "" TERM; echo $$ > ${child}; sleep 300' &`,
      `setsid sh -c 'echo $$ > ${stray}; cd /; exec sleep 300' &`,
      // Out of reach: another session, another environment. It holds the pipe open, which must not keep the run open.
      `setsid env -i sh -c 'echo $$ > ${lost}; exec /bin/sleep 300' &`,
      `while [ ! -s ${child} ] || [ ! -s ${stray} ] || [ ! -s ${lost} ]; do sleep 0.02; done`,
      say(INIT),
      say(RESULT),
    ].join("\n"),
  );
  expect(run).toMatchObject({ status: "succeeded", summary: "All done." });
  await until(async () => isGone(await pidIn(child)) && isGone(await pidIn(stray)));
  process.kill(await pidIn(lost), "SIGKILL");
});

test("an agent's own end is told as it was: exit code, signal, error, no result, not a word", async () => {
  const [code, signal, error, silent, mute, odd] = await Promise.all([
    beat(`${say(INIT)}\nprintf '\\033[31mno credit \\000left\\033[0m\\n\\n' >&2\nexit 3`),
    beat(`${say(INIT)}\nkill -SEGV $$`),
    beat([say(INIT), say({ ...RESULT, is_error: true, result: "Overloaded" })].join("\n")),
    beat(say(INIT)),
    beat("exit 0"),
    beat([say({ ...INIT, mcp_servers: [null] }), say(RESULT)].join("\n")),
  ]);
  expect(code).toMatchObject({
    status: "failed",
    exit_code: 3,
    outcome: "unknown",
    detail: "The agent ended with exit code 3. [31mno credit left[0m",
  });
  expect(signal).toMatchObject({ status: "failed", exit_code: null, detail: "The agent ended with a signal." });
  expect(error).toMatchObject({ status: "failed", exit_code: 0, detail: "The agent reported an error: Overloaded" });
  expect(silent).toMatchObject({ status: "failed", detail: "The agent ended without a result." });
  expect(mute).toMatchObject({ status: "failed", detail: "The agent ended without saying that it had started." });
  expect(odd).toMatchObject({
    status: "failed",
    outcome: "degraded",
    detail: "The agent started without our MCP server (status: absent), so it was stopped.",
  });
});

test("figures that fit no column do not cost the run its close", async () => {
  const run = await beat([say(INIT), say({ ...RESULT, num_turns: 1e15, total_cost_usd: 1e15 })].join("\n"));
  expect(run).toMatchObject({ status: "succeeded", summary: "All done.", turns: null, cost_usd: null });
});

test("output of any kind is kept as it came, in bounded lines", async () => {
  const run = await beat(
    [
      `printf '\\033[2J\\033[31mred\\033[0m\\n'`,
      `printf 'a\\000b\\377\\376c\\n'`,
      `head -c 1048576 /dev/zero | tr '\\0' 'x'; echo`,
      "echo '{\"type\":'; echo; echo '[[[['",
      say(INIT),
      say(RESULT),
      "printf 'no newline'",
    ].join("\n"),
  );
  expect(run.status).toBe("succeeded");
  const { lines } = await listTranscript(run.id, 100);
  const [ansi, binary, long, ...rest] = lines.map(({ line }) => line);
  expect(ansi).toBe("\u001b[2J\u001b[31mred\u001b[0m");
  expect(binary).toBe("a\ufffdb\ufffd\ufffdc");
  expect(long).toBe(`${"x".repeat(256 * 1024)} … ${768 * 1024} more characters`);
  expect(rest).toEqual(['{"type":', "", "[[[[", JSON.stringify(INIT), JSON.stringify(RESULT), "no newline"]);
});

test("of 20 MB of output the beginning and the end are kept, with a gap that says how much is missing", async () => {
  const run = await beat([say(INIT), "head -c 20971520 /dev/zero | tr '\\0' 'x' | fold -w 99; echo", say(RESULT)].join("\n"), {
    graceMs: 10_000,
  });
  expect(run).toMatchObject({ status: "succeeded", summary: "All done." });
  const { lines } = await listTranscript(run.id, 100_000);
  const gap = lines.findIndex(({ stream }) => stream === "gap");
  expect(lines[0]?.line).toBe(JSON.stringify(INIT));
  expect(lines.at(-1)?.line).toBe(JSON.stringify(RESULT));
  expect(lines.length - gap - 1).toBe(200);
  expect(lines.reduce((sum, { line }) => sum + line.length, 0)).toBeLessThan(5 * 1024 * 1024);
  const printed = Math.ceil(20_971_520 / 99) + 2;
  expect(lines[gap]?.line).toBe(`${printed - (lines.length - 1)} lines left out`);
});

test("tools that are not ours leave an event", async () => {
  const use = { type: "assistant", message: { content: [{ type: "tool_use", id: "t", name: "Bash", input: { command: "ls" } }] } };
  const run = await beat([say(INIT), say(use), say(use), say(RESULT)].join("\n"));
  const events = await listEventsOfRun(run.id);
  expect(events.map(({ type, severity, title }) => [type, severity, title])).toEqual([
    ["external_tool", "high", "The agent used tools that are not ours: Bash"],
  ]);
});

test("a second heartbeat beside a live one is one skipped row", async () => {
  const told = note();
  const first = await start({
    command: program(`echo $$ > ${told}\n${say(INIT)}\nwhile [ ! -e ${told}.go ]; do sleep 0.02; done\n${say(RESULT)}`),
  });
  await pidIn(told);
  expect(await (await start({ agent: first.agent, command: program(say(RESULT)) })).ended).toBeNull();
  writeFileSync(`${told}.go`, "");
  const id = await first.ended;
  const runs = await allRuns(first.agent);
  expect(runs.map(({ status, skip_reason }) => [status, skip_reason])).toEqual([
    ["skipped", "overlap"],
    ["succeeded", null],
  ]);
  expect(runs[1]?.id).toBe(id ?? "");
});

test("the same slot twice, even at the same moment, is one run", async () => {
  const agent = await newAgent();
  const beats = Array.from({ length: 4 }, () =>
    start({ agent, slot: "heartbeat:now", trigger: "schedule", command: program([say(INIT), say(RESULT)].join("\n")) }),
  );
  const ids = await Promise.all((await Promise.all(beats)).map(({ ended }) => ended));
  expect(ids.filter(Boolean)).toHaveLength(1);
  expect(await (await start({ agent, slot: "heartbeat:now", command: program(say(RESULT)) })).ended).toBeNull();
  expect((await allRuns(agent)).map(({ status }) => status)).toEqual(["succeeded"]);
});

test("without a prompt, or without the program, the heartbeat is skipped and says what to do", async () => {
  const bare = await newAgent("");
  expect(await (await start({ agent: bare })).ended).toBeNull();
  expect(await newestRun(bare)).toMatchObject({ status: "skipped", skip_reason: "prompt_missing" });
  const { agent, ended } = await start({ command: join(folder, "no-such-program") });
  expect(await ended).toBeNull();
  const run = await newestRun(agent);
  expect(run).toMatchObject({ status: "skipped", skip_reason: "preflight_failed" });
  expect(run?.detail).toContain("set AGENT_COMMAND to its path");
});

test("while the account is suspended nobody is woken", async () => {
  const agent = await newAgent();
  const suspend = (hours: number) => sql`
    insert into moltbook_accounts (agent_id, mode, state, suspended_until) values (${agent.id}, 'sandbox', 'suspended', now() + ${hours} * interval '1 hour')
    on conflict (agent_id, mode) do update set suspended_until = excluded.suspended_until`;
  await suspend(3);
  expect(await (await start({ agent })).ended).toBeNull();
  const run = await newestRun(agent);
  expect(run).toMatchObject({ status: "skipped", skip_reason: "account_suspended" });
  expect(run?.detail).toContain("has suspended the account until");
  await suspend(-1);
  expect(await (await start({ agent, command: program([say(INIT), say(RESULT)].join("\n")) })).ended).toBeString();
});

test("a program that cannot be executed is named", async () => {
  const command = program("x", "/no/such/interpreter");
  const { ended } = await start({ command });
  const run = await getRunDetail((await ended) ?? "");
  expect(run).toMatchObject({ status: "failed", outcome: "unknown", exit_code: null });
  expect(run.detail).toStartWith(`The agent's program ${command} could not be started (ENOENT).`);
  expect(await openTokens(run.id)).toBe(0);
});

test("an agent whose start cannot be recorded does not go on", async () => {
  const told = note();
  const command = program(`echo $$ > ${told}\n${say(INIT)}\nsleep 300`);
  const owner = postgres(ownerUrl(), { max: 1 });
  await owner.unsafe("create function refuse() returns trigger language plpgsql as 'begin raise exception ''no''; end'");
  await owner.unsafe(`create trigger refuse before update on runs for each row when (new.status = 'running') execute function refuse()`);
  const { ended } = await start({ command });
  const run = await getRunDetail((await ended) ?? "");
  await owner.unsafe("drop trigger refuse on runs");
  await owner.end();
  expect(run).toMatchObject({ status: "failed", detail: "The runner failed; the log says why." });
  expect(read(told) === "" || isGone(Number(read(told)))).toBe(true);
  expect(await openTokens(run.id)).toBe(0);
});

test("stopping the app cancels its runs, whatever they were about to do", async () => {
  const told = note();
  const busy = await start({ command: program(`echo $$ > ${told}\n${say(INIT)}\nsleep 300`) });
  const pid = await pidIn(told);
  const starting = await start({ command: program(`${say(INIT)}\nsleep 300`) });
  await stopRuns();
  expect(isGone(pid)).toBe(true);
  for (const { ended } of [busy, starting]) {
    const run = await getRunDetail((await ended) ?? "");
    expect(run).toMatchObject({ status: "cancelled", detail: "Moltbot was stopped." });
    expect(await openTokens(run.id)).toBe(0);
  }
});

const DEAD_PID = 2 ** 22 + 1;

/** A run as a runner leaves it behind that was killed in the middle. */
async function abandoned(runner: string) {
  const agent = await newAgent();
  const id = await claimedRun(agent.id, { runner });
  await markStarted(id, 1);
  await mintToken({ id, agentId: agent.id }, { tools: [] }, 600);
  const call = Bun.randomUUIDv7();
  await sql`
    insert into tool_calls (id, agent_id, run_id, mode, tool, is_write, arguments, arguments_sha256)
    values (${call}, ${agent.id}, ${id}, 'sandbox', 'moltbook_vote', true, '{}', ${"0".repeat(64)})`;
  for (const part of ["home", "scratch"]) mkdirSync(join(runFolder(id), part), { recursive: true });
  return { id, expire: () => sql`update runs set lease_expires_at = now() - interval '1 second' where id = ${id}` };
}

test("a run whose runner on this machine is dead is lost: calls unknown, token revoked, the agent that outlived it ended", async () => {
  const { id } = await abandoned(`${hostname()}:${DEAD_PID}:1`);
  const spawn = (home: string) =>
    Bun.spawn(["sleep", "300"], { detached: true, cwd: join(runFolder(id), "scratch"), env: { HOME: home, PATH: config.path } });
  const orphan = spawn(join(runFolder(id), "home"));
  const bystander = spawn(join(runFolder(id)));
  expect(await reapLostRuns()).toBe(1);
  expect(await getRunDetail(id)).toMatchObject({
    status: "lost",
    outcome: "unknown",
    detail: "The process that ran it ended without closing it.",
  });
  expect((await listCallsOfRun(id)).map(({ outcome }) => outcome)).toEqual(["unknown"]);
  expect(await openTokens(id)).toBe(0);
  expect(await orphan.exited).not.toBe(0);
  expect(bystander.exitCode).toBeNull();
  bystander.kill();
  expect(existsSync(runFolder(id))).toBe(false);
  expect(await reapLostRuns()).toBe(0);
});

test("a run of another machine is lost only when its lease has run out; one of a live process here is not", async () => {
  const far = await abandoned("another-host:1:1");
  const near = await abandoned(`${hostname()}:1:1`);
  const restarted = await abandoned(`${hostname()}:${process.pid}:1`);
  expect(await reapLostRuns()).toBe(1);
  expect((await getRunDetail(restarted.id)).status).toBe("lost");
  for (const { id } of [far, near]) expect((await getRunDetail(id)).status).toBe("running");
  await far.expire();
  expect(await reapLostRuns()).toBe(1);
  expect((await getRunDetail(far.id)).status).toBe("lost");
  await near.expire();
  expect(await reapLostRuns()).toBe(1);
});

test("our own live run is never reaped, however late its lease; one whose end we could not record is", async () => {
  const told = note();
  const { agent, ended } = await start({
    command: program(`echo $$ > ${told}\n${say(INIT)}\nwhile [ ! -e ${told}.go ]; do sleep 0.02; done\n${say(RESULT)}`),
  });
  await pidIn(told);
  const live = await until(async () => ((await newestRun(agent))?.status === "running" ? newestRun(agent) : null));
  await sql`update runs set lease_expires_at = now() - interval '1 second' where id = ${live.id}`;
  expect(await reapLostRuns()).toBe(0);
  const [row] = await sql<{ runner: string }[]>`select runner from runs where id = ${live.id}`;
  const left = await abandoned(row?.runner ?? "");
  expect(await reapLostRuns()).toBe(1);
  expect((await getRunDetail(left.id)).status).toBe("lost");
  writeFileSync(`${told}.go`, "");
  await ended;
  expect((await newestRun(agent))?.status).toBe("succeeded");
});

test("Run now starts a heartbeat and leads back to the overview", async () => {
  const before = (await allRuns(app.agent)).length;
  const answer = await app.get("/heartbeats", { method: "POST" });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"]);
  const run = await until(async () => ((await allRuns(app.agent)).length > before ? newestRun(app.agent) : null));
  expect(run).toMatchObject({ trigger: "manual", status: expect.stringMatching(/queued|running/) });
  await stopRuns();
  expect((await newestRun(app.agent))?.status).toBe("cancelled");
  expect(readdirSync(join(config.dataDir, "runs"))).toEqual([]);
  const page = await app.get(`/runs/${run.id}`);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("Cancelled")]);
});
