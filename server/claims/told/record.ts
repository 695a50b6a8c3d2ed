import { ensureAgent, ensureAgentForKey } from "../../agents/queries.ts";
import { AppError } from "../../errors.ts";
import { momentOf } from "../../import/moment.ts";
import { redactText } from "../../redact.ts";
import type { RunStatus } from "../../runs/schema.ts";
import type { Output } from "./output.ts";
import type { Recorded, Telling, ToldRun } from "./queries.ts";
import { findPromptVersion, findRunsNamed, saveToldRun, witnessed } from "./queries.ts";
import { errorOf, summaryOf, toldActions } from "./words.ts";

/** A run as whoever recorded it tells of it. Moments are of any shape that `momentOf` reads; without a zone they are UTC. */
export type Told = {
  runId: string;
  agentName: string;
  startedAt: unknown;
  finishedAt?: unknown;
  durationSeconds?: number | null | undefined;
  status?: string | null | undefined;
  exitCode?: number | null | undefined;
  scriptVariant?: string | null | undefined;
  runNumber?: number | null | undefined;
  promptVersion?: string | null | undefined;
  summary?: string | null | undefined;
  error?: string | null | undefined;
};

/** Who records, whether by a key, and whether the actions are to be read out of the output, or are told apart from it. */
export type Recorder = { actor: string; isKey?: boolean; actions: "in the output" | "apart" };

/** The predecessor's words for how a run stands, and ours. */
const STATUS: Record<string, RunStatus> = {
  completed: "succeeded",
  complete: "succeeded",
  succeeded: "succeeded",
  success: "succeeded",
  ok: "succeeded",
  failed: "failed",
  failure: "failed",
  error: "failed",
  timeout: "timed_out",
  timed_out: "timed_out",
  cancelled: "cancelled",
  canceled: "cancelled",
  killed: "cancelled",
  running: "running",
  started: "running",
  lost: "lost",
};

/**
 * Records a run that was told of from outside, once or again, with its output if there is one. `notices` say what was not taken as it was told.
 * Throws AppError `invalid` for what cannot be a run, `conflict` if the server witnessed the run of this id itself, or
 * if a key names one agent too many.
 */
export async function recordRun(told: Told, output: Output | null, by: Recorder): Promise<Recorded & { notices: string[] }> {
  const notices: string[] = [];
  const externalId = externalIdOf(told.runId);
  if ((await findRunsNamed(externalId)).some(({ kind }) => kind !== "claimed")) throw witnessed();
  const name = agentNameOf(told.agentName);
  const agent = await (by.isKey ? ensureAgentForKey(name) : ensureAgent(name));
  const started = momentGiven("started_at", told.startedAt);
  const run: ToldRun = {
    agent_id: agent.id,
    agent_name: agent.name,
    external_id: externalId,
    started_at: started.toISOString(),
    ...progressOf(told, started, output),
    ...(told.exitCode === undefined ? {} : { exit_code: told.exitCode }),
    ...(told.scriptVariant === undefined ? {} : { script_variant: masked(told.scriptVariant, 100) }),
    ...(told.runNumber === undefined ? {} : { run_number: told.runNumber }),
    ...(told.promptVersion === undefined ? {} : { prompt_version_id: await promptOf(agent.id, told.promptVersion, notices) }),
    ...(output ? { ...output.stream.report, output_sha256: output.sha256 } : {}),
  };
  const summary = told.summary === undefined ? output && summaryOf(output) : masked(told.summary, 5000);
  if (told.summary !== undefined || output) run.summary = summary;
  const telling: Telling = output
    ? { lines: output.lines, ...(by.actions === "in the output" ? { actions: toldActions(output) } : {}) }
    : {};
  return { ...(await saveToldRun(run, telling, by.actor)), notices };
}

/** How a run stands: as told, else by its exit code, else by what its output says; `detail` is the error, if it failed. */
export function progressOf(
  told: Omit<Told, "runId" | "agentName" | "startedAt">,
  started: Date,
  output: Output | null,
): Pick<ToldRun, "status" | "finished_at" | "detail"> {
  const status = statusOf(told, output);
  const finished = finishOf(told, started);
  const error = told.error === undefined ? (output && status === "failed" ? errorOf(output) : undefined) : masked(told.error, 5000);
  return {
    ...(status === undefined ? {} : { status }),
    ...(status === "running" ? { finished_at: null } : finished === undefined ? {} : { finished_at: finished }),
    ...(error === undefined ? {} : { detail: error }),
  };
}

function statusOf({ status, exitCode }: Pick<Told, "status" | "exitCode">, output: Output | null): RunStatus | undefined {
  if (status) {
    const known = STATUS[status.toLowerCase()];
    if (!known) throw new AppError("invalid", "There is no such status. Say completed, failed, timed_out, cancelled or running.");
    return known;
  }
  if (typeof exitCode === "number") return exitCode === 0 && output?.stream.ended?.isError !== true ? "succeeded" : "failed";
  return output?.stream.ended ? (output.stream.ended.isError ? "failed" : "succeeded") : undefined;
}

function finishOf({ finishedAt, durationSeconds }: Pick<Told, "finishedAt" | "durationSeconds">, started: Date): string | null | undefined {
  if (finishedAt === undefined || finishedAt === null || finishedAt === "") {
    return typeof durationSeconds === "number" ? new Date(started.getTime() + durationSeconds * 1000).toISOString() : undefined;
  }
  const finished = momentGiven("finished_at", finishedAt);
  if (finished < started)
    throw new AppError("invalid", "finished_at is before started_at. Check their time zones: without one a time is taken as UTC.");
  return finished.toISOString();
}

function momentGiven(name: string, value: unknown): Date {
  const moment = momentOf(value);
  if (moment === null)
    throw new AppError(
      "invalid",
      `${name} is no time that can be read. Use RFC 3339 such as 2026-02-08T10:00:00Z, or Unix time; it may not lie in the future.`,
    );
  return moment;
}

/** An id as its recorder wrote it, without white space at its ends. */
export function externalIdOf(runId: string): string {
  const id = runId.trim();
  if (!/^[^\s\p{C}/]{1,200}$/u.test(id)) throw new AppError("invalid", "A run_id has 1 to 200 characters, and neither spaces nor slashes.");
  return id;
}

function agentNameOf(name: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) throw new AppError("invalid", "An agent's name has 1 to 64 letters, digits, _ or -.");
  return name;
}

async function promptOf(agentId: string, version: string | null, notices: string[]): Promise<string | null> {
  if (version === null || version === "") return null;
  const found = await findPromptVersion(agentId, version);
  if (!found) notices.push("There is no such prompt version of this agent: the run is recorded without one.");
  return found ?? null;
}

function masked(text: string | null, length: number): string | null {
  return text === null ? null : redactText(text).slice(0, length);
}
