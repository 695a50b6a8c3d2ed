import { redactText } from "../redact.ts";
import type { Names } from "./agents.ts";
import { cut, leave } from "./fields.ts";
import { importedId } from "./id.ts";
import { momentOf } from "./moment.ts";
import type { OldRun } from "./schema.ts";
import { OUTPUT_MAX } from "./schema.ts";
import type { Tally } from "./tally.ts";

export type NewRun = {
  id: string;
  agent_id: string;
  external_id: string;
  script_variant: string | null;
  run_number: number | null;
  status: "succeeded" | "failed" | "timed_out" | "cancelled" | "lost";
  detail: string | null;
  prompt_version_id: string | null;
  exit_code: number | null;
  summary: string | null;
  started_at: string;
  finished_at: string | null;
};
export type NewLine = { id: string; agent_id: string; run_id: string; seq: number; stream: "stdout" | "gap"; line: string };

const WORDS: Record<NewRun["status"], string[]> = {
  succeeded: ["completed", "complete", "succeeded", "success", "ok"],
  failed: ["failed", "failure", "error"],
  timed_out: ["timed_out", "timeout"],
  cancelled: ["cancelled", "canceled", "killed"],
  lost: ["running", "lost"],
};
const STATUS = new Map(Object.entries(WORDS).flatMap(([status, words]) => words.map((word) => [word, status as NewRun["status"]])));

/** A run as it is kept here, as claimed by whoever recorded it; null, with the reason in the tally, if it cannot be. */
export function runOf(old: OldRun, names: Names, prompts: Map<string, string>, tally: Tally): NewRun | null {
  if (old.run_id === null) return leave(tally, "it has no run_id", old.id);
  if (old.run_id.length > 200) return leave(tally, "its run_id is longer than 200 characters", old.id);
  const started = startOf(old);
  if (started === null) return leave(tally, "neither started_at nor created_at is a time", old.id);
  if (momentOf(old.started_at) === null) tally.note("started_at is no time: created_at stands for it", old.id);
  const agent = names.of(old.agent_name);
  if (agent !== old.agent_name) tally.note(`recorded for the agent ${agent}`, old.id);
  const prompt = old.prompt_version_id === null ? null : (prompts.get(old.prompt_version_id) ?? null);
  if (prompt === null && old.prompt_version_id !== null) tally.note("its prompt is missing", old.id);
  const known = STATUS.get(old.status?.toLowerCase() ?? "running");
  if (known === undefined) tally.note("its status means nothing here: taken as lost", old.id);
  const status = known ?? "lost";
  return {
    id: runIdOf(agent, old.run_id, started),
    agent_id: names.idOf(agent),
    external_id: redactText(old.run_id),
    script_variant: cut(old.script_variant, 100),
    run_number: old.run_number,
    status,
    detail: cut(old.error_message, 5000) ?? (status === "lost" ? "It had not ended when it was last heard of." : null),
    prompt_version_id: prompt,
    exit_code: old.exit_code,
    summary: cut(old.summary, 5000),
    started_at: started.toISOString(),
    finished_at: endOf(old, started),
  };
}

/** The id that a run gets here. */
export function runIdOf(agent: string, runId: string, started: Date): string {
  return importedId(started, { table: "heartbeat_runs", key: runId, agent });
}

/** When a run began; null if nobody knows. */
export function startOf(run: { started_at?: unknown; created_at?: unknown }): Date | null {
  return momentOf(run.started_at) ?? momentOf(run.created_at);
}

/** A duration was measured, the two moments may have been rounded. Null where nobody knows. */
function endOf(old: OldRun, started: Date): string | null {
  if (old.duration_seconds !== null && old.duration_seconds >= 0) {
    const micros = Math.round(old.duration_seconds * 1e6);
    const end = new Date(started.getTime() + Math.floor(micros / 1000)).toISOString();
    return end.replace("Z", `${String(micros % 1000).padStart(3, "0")}Z`);
  }
  const end = momentOf(old.finished_at);
  return end !== null && end >= started ? end.toISOString() : null;
}

/** What the run printed, a row for each line; of what had been cut off a last row says how much. */
export function* linesOf(old: OldRun, run: NewRun): Iterable<NewLine> {
  if (old.raw_output === null) return;
  const of = importedId(new Date(run.started_at), { table: "raw_output", key: run.external_id, agent: run.agent_id }).slice(0, 24);
  const kept = old.raw_output.slice(0, OUTPUT_MAX).toWellFormed();
  const missing = (old.raw_output_length ?? 0) - Buffer.byteLength(kept);
  const texts = redactText(kept.replace(/\r?\n$/, "")).split(/\r?\n/);
  const own = { agent_id: run.agent_id, run_id: run.id };
  const idOf = (seq: number) => of + seq.toString(16).padStart(12, "0");
  for (const [seq, line] of texts.entries()) yield { ...own, id: idOf(seq), seq, stream: "stdout", line };
  if (missing > 0) yield { ...own, id: idOf(texts.length), seq: texts.length, stream: "gap", line: `${missing} bytes left out` };
}
