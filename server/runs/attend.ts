import type { Agent } from "../agents/queries.ts";
import { raiseAlarm } from "../canaries/alarm.ts";
import { describe, log } from "../log.ts";
import { insertEvent } from "../security/queries.ts";
import { TOOL_NAMES } from "../tool.ts";
import { openTranscript } from "../transcripts/writer.ts";
import type { AgentProcess } from "./process.ts";
import type { Closing } from "./queries.ts";
import { renewLease } from "./queries.ts";
import type { Mode } from "./schema.ts";
import type { StreamState } from "./stream.ts";
import { newStream, quote, readLine } from "./stream.ts";

const DEGRADED_GRACE_MS = 2_000;
const LEASE_MS = 5_000;

/** Why a run was ended from outside. */
export type Stop = { status: "timed_out" | "cancelled"; detail: string };

/** A heartbeat under way. `child` is there once the agent has been started. */
export type Run = { id: string; agent: Agent; mode: Mode; stopped: Stop | null; child: AgentProcess | null };

/**
 * Follows a started agent to its end: keeps its output, renews the run's lease, and ends it when its time is up (by `stop`) or when it
 * has not got its tools. Answers how the run is to be closed.
 */
export async function attend(run: Run, child: AgentProcess, timeoutMs: number, stop: (run: Run, reason: Stop) => void): Promise<Closing> {
  const stream = newStream();
  const transcript = openTranscript({ id: run.id, agentId: run.agent.id });
  let lastError = "";
  let raised: ReadonlySet<string> = new Set();
  const timeout = setTimeout(() => stop(run, { status: "timed_out", detail: `It was stopped after ${timeoutMs / 1000} s.` }), timeoutMs);
  const lease = setInterval(() => {
    renewLease(run.id).then(
      (ours) => ours || child.stop(),
      (error: unknown) => log.warn("run.lease_not_renewed", { run: run.id, ...describe(error) }),
    );
  }, LEASE_MS);
  const readOutput = async () => {
    for await (const line of child.stdout) {
      transcript.add("stdout", line);
      readLine(stream, line, TOOL_NAMES);
      if (stream.suspects.size > raised.size) raised = await raiseAlarmOf(run, stream, raised);
      if (degradation(stream)) child.stop(DEGRADED_GRACE_MS);
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
    await recordOddEvents(run, stream);
    return closingOf(stream, exitCode, run.stopped, lastError);
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

/** How a run is to be closed, by what its agent printed and how it ended; `exitCode` null is a signal. */
export function closingOf(stream: StreamState, exitCode: number | null, stopped: Stop | null, lastError: string): Closing {
  const { report } = stream;
  const degraded = degradation(stream);
  const failed = (detail: string): Closing => ({ status: "failed", outcome: null, detail: detail.slice(0, 5000), exitCode, report });
  if (degraded) return { ...failed(degraded), outcome: "degraded" };
  if (stopped) return { ...failed(stopped.detail), status: stopped.status };
  if (exitCode !== 0)
    return failed(`The agent ended with ${exitCode === null ? "a signal" : `exit code ${exitCode}`}. ${quote(lastError, 4000)}`.trim());
  if (!stream.started) return failed("The agent ended without saying that it had started.");
  if (!stream.ended) return failed("The agent ended without a result.");
  if (stream.ended.isError) return failed(`The agent reported an error: ${report.summary ?? "no words"}`);
  return { status: "succeeded", outcome: null, detail: null, exitCode, report };
}

/** At once, and not when the run ends: its next write is what is to be stopped. Answers what has been dealt with, for one alarm is enough. */
async function raiseAlarmOf(
  { id, mode }: Run,
  { suspects, externalTools }: StreamState,
  raised: ReadonlySet<string>,
): Promise<Set<string>> {
  const sighting = { place: "external_tool" as const, runId: id, callId: null, mode, fields: externalTools.slice(-1) };
  await raiseAlarm([...suspects.difference(raised)], sighting).catch((error: unknown) =>
    log.error("canary.not_raised", { run: id, ...describe(error) }),
  );
  return new Set(suspects);
}

async function recordOddEvents({ id, agent, mode, stopped }: Run, stream: StreamState): Promise<void> {
  const event = { agentId: agent.id, runId: id, mode, fingerprint: { run: id } };
  if (degradation(stream))
    await insertEvent({ ...event, type: "run_degraded", severity: "high", title: "A heartbeat started without its tools and was stopped" });
  if (stopped?.status === "timed_out")
    await insertEvent({ ...event, type: "run_timed_out", severity: "medium", title: "A heartbeat ran into its time limit" });
  if (stream.externalTools.length > 0) {
    const title = `The agent used tools that are not ours: ${[...new Set(stream.externalTools)].join(", ")}`;
    await insertEvent({ ...event, type: "external_tool", severity: "high", title });
  }
}
