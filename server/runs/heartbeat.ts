import { hostname } from "node:os";

import type { Agent } from "../agents/queries.ts";
import { layCredentials, newCanaries, noteOf } from "../canaries/plant.ts";
import { settleClaims } from "../claims/settle.ts";
import { config } from "../config.ts";
import { collectSecurityLog } from "../ingest/collect.ts";
import { onChange } from "../live.ts";
import { describe, log } from "../log.ts";
import { findSuspension } from "../moltbook/account/queries.ts";
import { forgetRehearsals } from "../moltbook/rehearsal/queries.ts";
import { detectAfterRun } from "../oddities/detect.ts";
import type { ReadyPrompt } from "../prompts/copy.ts";
import { readPrompt } from "../prompts/copy.ts";
import { newsOf } from "../prompts/news.ts";
import { listNews, markTold } from "../prompts/proposals/queries.ts";
import { mintToken } from "../tokens/queries.ts";
import { TOOL_NAMES } from "../tool.ts";
import type { Run, Stop } from "./attend.ts";
import { attend, closingOf } from "./attend.ts";
import { findAgent, prepareAgent, removeRunFolder } from "./command.ts";
import { GRACE_MS, startProcess } from "./process.ts";
import type { Claim, Closing } from "./queries.ts";
import { claimRun, closeRun, findStopRequest, insertSkipped, markStarted, markStopping } from "./queries.ts";
import { newStream } from "./stream.ts";

/** This process, as the runner of the runs that it claims: `host:pid:start`, since a restarted container has the same host and pid. */
export const RUNNER = `${hostname()}:${process.pid}:${Date.now()}`;
const TIMEOUT_MS = 10 * 60_000;

export type Heartbeat = {
  agent: Agent;
  trigger: Claim["trigger"];
  slot: string | null;
  mcpUrl: string;
  command?: string;
  /** Whether what the agent writes is checked and recorded, but not sent. */
  dryRun?: boolean;
  /** How long the run may take, and how long its processes get to end after that. */
  timeoutMs?: number;
  graceMs?: number;
};

/** The heartbeats of this process, each from before its claim to after its close. */
const running = new Map<string, Run>();

/**
 * One heartbeat from claim to close: the agent starts as a child process with a token of its own, is fed the active prompt (with decisions on its proposals, and canaries), and is recorded
 * until it and all that it started have ended. Answers the run's id, or null if the heartbeat was skipped (which is on record too).
 */
export async function runHeartbeat(heartbeat: Heartbeat): Promise<string | null> {
  const id = await wake(heartbeat);
  if (id) await collectSecurityLog(heartbeat.agent.id);
  return id;
}

async function wake(heartbeat: Heartbeat): Promise<string | null> {
  const { agent, trigger, slot, dryRun = false, command = config.agentCommand } = heartbeat;
  const mode = dryRun ? ("dry_run" as const) : config.mode;
  const run: Run = { id: Bun.randomUUIDv7(), agent, mode, stopped: null, child: null };
  const began = new Date();
  running.set(run.id, run);
  try {
    const prompt = await readPrompt(agent);
    const program = findAgent(command);
    const claim = { agentId: agent.id, mode, trigger, slot, promptVersionId: prompt?.id ?? null, promptSource: prompt?.source };
    if (!prompt) return await skip(claim, "prompt_missing", "No prompt is active, or it cannot be read and there is no usable copy of it.");
    if (!program) return await skip(claim, "preflight_failed", notFound(command));
    const banned = await findSuspension({ agent_id: agent.id, mode });
    if (banned) return await skip(claim, "account_suspended", `Moltbook has suspended the account until ${banned}: waking would not help.`);
    if (!(await claimRun(run.id, { ...claim, runner: RUNNER, command }))) return null;
    if (dryRun) await forgetRehearsals(agent.id);
    await closeRun(run.id, await carryOut(run, heartbeat, command, program, prompt));
    await settleClaims(run.id);
    removeRunFolder(run.id);
    await detectAfterRun(began);
    return run.id;
  } finally {
    running.delete(run.id);
  }
}

/** Whether a heartbeat is under way in this process. */
export function isRunning(id: string): boolean {
  return running.has(id);
}

/** Ends every run of this process, and waits until they are closed: for when the app stops. */
export async function stopRuns(): Promise<void> {
  for (const run of running.values()) stop(run, { status: "cancelled", detail: "Moltbot was stopped." });
  while (running.size > 0) await Bun.sleep(20);
}

function stop(run: Run, reason: Stop): void {
  if (run.stopped) return;
  run.stopped = reason;
  markStopping(run.id).catch((error: unknown) => log.error("run.stopping_not_recorded", { run: run.id, ...describe(error) }));
  run.child?.stop();
}

async function skip(
  claim: Parameters<typeof insertSkipped>[0],
  reason: Parameters<typeof insertSkipped>[1],
  detail: string,
): Promise<null> {
  await insertSkipped(claim, reason, detail);
  return null;
}

function notFound(command: string): string {
  return `The agent's program ${command} was not found. Install Claude Code (npm install -g @anthropic-ai/claude-code), or set AGENT_COMMAND to its path.`;
}

/** A claimed run, up to the moment when nothing of the agent is alive any more. Never throws: says how the run is to be closed. */
async function carryOut(run: Run, heartbeat: Heartbeat, command: string, program: string, prompt: ReadyPrompt): Promise<Closing> {
  const { agent, mcpUrl, timeoutMs = TIMEOUT_MS, graceMs = GRACE_MS } = heartbeat;
  let stopListening: (() => void) | undefined;
  try {
    stopListening = await heedStops(run);
    const token = await mintToken({ id: run.id, agentId: agent.id }, { tools: [...TOOL_NAMES] }, timeoutMs / 1000 + 60);
    const canaries = await newCanaries({ id: run.id, agentId: agent.id });
    // A rehearsal would use up what the next run in earnest has to hear.
    const news = run.mode === "dry_run" ? [] : await listNews(agent.id);
    if (run.stopped) return closingOf(newStream(), null, run.stopped, "");
    const prepared = prepareAgent(run.id, command, program, mcpUrl, token, TOOL_NAMES);
    layCredentials(prepared.cwd, canaries.credential);
    run.child = startProcess(prepared, prompt.text + newsOf(news) + noteOf(canaries.prompt), graceMs);
    await markStarted(run.id, run.child.pid);
    await markTold(news.map(({ id }) => id));
    return await attend(run, run.child, timeoutMs, stop);
  } catch (error) {
    log.error("run.failed", { run: run.id, ...describe(error) });
    return { status: "failed", outcome: null, detail: failureOf(error, command), exitCode: null, report: null };
  } finally {
    stopListening?.();
    // Nothing is left to do if all went well; an agent that nobody attends must not go on.
    run.child?.kill();
    await run.child?.exited;
  }
}

/** Ends the run when the operator asks for it, in whichever process that was; also when nobody knows what was asked while the database was away. */
async function heedStops(run: Run): Promise<() => void> {
  const heed = async () => {
    const asked = await findStopRequest(run.id);
    if (asked !== undefined) stop(run, { status: "cancelled", detail: asked });
  };
  return onChange(({ table, run_id }) => {
    if (table !== null && (table !== "runs" || run_id !== run.id)) return;
    heed().catch((error: unknown) => log.warn("run.stop_not_heeded", { run: run.id, ...describe(error) }));
  });
}

function failureOf(error: unknown, command: string): string {
  const { syscall, code } = error as NodeJS.ErrnoException;
  if (syscall?.includes("spawn"))
    return `The agent's program ${command} could not be started (${code}). Check that it is a program for this machine, or set AGENT_COMMAND to another one.`;
  return "The runner failed; the log says why.";
}
