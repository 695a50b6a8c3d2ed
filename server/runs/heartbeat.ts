import { hostname } from "node:os";

import type { Agent } from "../agents/queries.ts";
import { config } from "../config.ts";
import { describe, log } from "../log.ts";
import { findActivePrompt } from "../prompts/queries.ts";
import { insertEvent } from "../security/queries.ts";
import { mintToken } from "../tokens/queries.ts";
import { TOOL_NAMES } from "../tool.ts";
import { openTranscript } from "../transcripts/writer.ts";
import { findAgent, prepareAgent, removeRunFolder } from "./command.ts";
import type { AgentProcess } from "./process.ts";
import { startProcess } from "./process.ts";
import type { Claim, Closing } from "./queries.ts";
import { claimRun, closeRun, insertSkipped, markStarted, markStopping, renewLease } from "./queries.ts";
import type { StreamState } from "./stream.ts";
import { newStream, readLine } from "./stream.ts";

/** This process, as the runner of the runs that it claims: `host:pid:start`, since a restarted container has the same host and pid. */
export const RUNNER = `${hostname()}:${process.pid}:${Date.now()}`;
export const TIMEOUT_MS = 10 * 60_000;
const LEASE_MS = 5_000;

export type Heartbeat = {
  agent: Agent;
  trigger: Claim["trigger"];
  slot: string | null;
  mcpUrl: string;
  command?: string;
  timeoutMs?: number;
};
type Stop = { status: "timed_out" | "cancelled"; detail: string };

const running = new Map<string, (stop: Stop) => void>();

/**
 * One heartbeat from claim to close: the agent starts as a child process with a token of its own, is fed the active prompt, and is recorded
 * until it and all that it started have ended. Answers the run's id, or null if the heartbeat was skipped (which is on record too).
 */
export async function runHeartbeat({
  agent,
  trigger,
  slot,
  mcpUrl,
  command = config.agentCommand,
  timeoutMs = TIMEOUT_MS,
}: Heartbeat): Promise<string | null> {
  const prompt = await findActivePrompt(agent.id);
  const claim = { agentId: agent.id, mode: config.mode, trigger, slot, promptVersionId: prompt?.id ?? null };
  const program = findAgent(command);
  if (!prompt) return skip(claim, "prompt_missing", "No prompt is active.");
  if (!program) {
    return skip(
      claim,
      "preflight_failed",
      `The agent's program ${command} was not found. Install Claude Code (npm install -g @anthropic-ai/claude-code), or set AGENT_COMMAND to its path.`,
    );
  }
  const id = Bun.randomUUIDv7();
  if (!(await claimRun(id, { ...claim, runner: RUNNER, command }))) return null;
  try {
    const token = await mintToken({ id, agentId: agent.id }, { tools: [...TOOL_NAMES] }, timeoutMs / 1000 + 60);
    const child = startProcess(prepareAgent(id, command, program, mcpUrl, token, TOOL_NAMES), prompt.text);
    await markStarted(id, child.pid);
    await closeRun(id, await attend(id, agent, child, timeoutMs));
  } catch (error) {
    log.error("run.failed", { run: id, ...describe(error) });
    await closeRun(id, { status: "failed", outcome: null, detail: "The runner failed; the log says why.", exitCode: null, report: null });
  } finally {
    running.delete(id);
    removeRunFolder(id);
  }
  return id;
}

/** Ends every run of this process, and waits until they are closed: for when the app stops. */
export async function stopRuns(): Promise<void> {
  for (const stop of running.values()) stop({ status: "cancelled", detail: "Moltbot was stopped." });
  while (running.size > 0) await Bun.sleep(20);
}

async function skip(
  claim: Parameters<typeof insertSkipped>[0],
  reason: Parameters<typeof insertSkipped>[1],
  detail: string,
): Promise<null> {
  await insertSkipped(claim, reason, detail);
  return null;
}

/** Follows the child to its end and says how the run is to be closed. */
async function attend(id: string, agent: Agent, child: AgentProcess, timeoutMs: number): Promise<Closing> {
  const stream = newStream();
  const transcript = openTranscript({ id, agentId: agent.id });
  let stopped: Stop | undefined;
  let lastError = "";
  const stop = (reason: Stop) => {
    if (stopped) return;
    stopped = reason;
    markStopping(id).catch((error: unknown) => log.error("run.stopping_not_recorded", { run: id, ...describe(error) }));
    child.stop();
  };
  running.set(id, stop);
  const timeout = setTimeout(
    () => stop({ status: "timed_out", detail: `It was stopped after ${Math.round(timeoutMs / 1000)} seconds.` }),
    timeoutMs,
  );
  const lease = setInterval(() => {
    renewLease(id).then(
      (ours) => ours || child.stop(),
      (error: unknown) => log.warn("run.lease_not_renewed", { run: id, ...describe(error) }),
    );
  }, LEASE_MS);
  const readOutput = async () => {
    for await (const line of child.stdout) {
      transcript.add("stdout", line);
      readLine(stream, line, TOOL_NAMES);
      if (degradation(stream)) child.stop(2_000);
    }
  };
  const readErrors = async () => {
    for await (const line of child.stderr) {
      transcript.add("stderr", line);
      if (line.trim()) lastError = line;
    }
  };
  try {
    const [exitCode] = await Promise.all([child.exited, readOutput(), readErrors()]);
    await transcript.close();
    await recordOddEvents(id, agent, stream, stopped);
    return closingOf(stream, exitCode, stopped, lastError);
  } finally {
    clearTimeout(timeout);
    clearInterval(lease);
  }
}

/** Why a run cannot be trusted to have had its tools; null while all is well or nothing is known yet. */
function degradation({ started }: StreamState): string | null {
  if (!started) return null;
  if (started.server !== "connected") return `The agent started without our MCP server (status: ${started.server}), so it was stopped.`;
  return started.missing.length > 0 ? `The agent started without these tools, so it was stopped: ${started.missing.join(", ")}` : null;
}

function closingOf(stream: StreamState, exitCode: number | null, stopped: Stop | undefined, lastError: string): Closing {
  const { report } = stream;
  const degraded = degradation(stream);
  const failed = (detail: string): Closing => ({ status: "failed", outcome: null, detail: detail.slice(0, 5000), exitCode, report });
  if (degraded) return { ...failed(degraded), outcome: "degraded" };
  if (stopped) return { ...failed(stopped.detail), status: stopped.status };
  if (exitCode !== 0)
    return failed(`The agent ended with ${exitCode === null ? "a signal" : `exit code ${exitCode}`}. ${lastError}`.trim());
  if (!stream.started) return failed("The agent ended without saying that it had started.");
  if (!stream.ended) return failed("The agent ended without a result.");
  if (stream.ended.isError) return failed(`The agent reported an error: ${report.summary ?? "no words"}`);
  return { status: "succeeded", outcome: null, detail: null, exitCode, report };
}

async function recordOddEvents(id: string, agent: Agent, stream: StreamState, stopped: Stop | undefined): Promise<void> {
  const event = { agentId: agent.id, runId: id, mode: config.mode, fingerprint: { run: id } };
  if (degradation(stream))
    await insertEvent({ ...event, type: "run_degraded", severity: "high", title: "A heartbeat started without its tools and was stopped" });
  if (stopped?.status === "timed_out")
    await insertEvent({ ...event, type: "run_timed_out", severity: "medium", title: "A heartbeat ran into its time limit" });
  if (stream.externalTools.length > 0) {
    const title = `The agent used tools that are not ours: ${[...new Set(stream.externalTools)].join(", ")}`;
    await insertEvent({ ...event, type: "external_tool", severity: "high", title });
  }
}
