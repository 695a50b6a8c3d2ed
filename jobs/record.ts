import { readOutput } from "../server/claims/told/output.ts";
import { recordRun } from "../server/claims/told/record.ts";
import { config } from "../server/config.ts";
import { AppError } from "../server/errors.ts";
import { bytesOf } from "./input.ts";
import type { Job } from "./job.ts";

export const record: Job = {
  name: "record",
  summary: "Record a run that happened outside, with what it printed: as claimed, not as witnessed",
  options: {
    "run-id": { type: "string", help: "What the run is called where it ran; recording it again brings it up to date" },
    "started-at": { type: "string", help: "When it began: any ISO 8601, UTC if it has no zone, or Unix time" },
    "finished-at": { type: "string", help: "When it ended" },
    "agent-name": { type: "string", help: "Whose run it was (the agent of MOLTBOOK_AGENT_NAME by default)" },
    "script-variant": { type: "string", help: "Which script ran it" },
    "run-number": { type: "string", help: "Its number, where runs are counted" },
    "exit-code": { type: "string", help: "0 for a run that succeeded" },
    "output-file": { type: "string", help: "What it printed, prose or stream-json; - reads standard input" },
    "prompt-version": { type: "string", help: "Number or id of the prompt version that it had" },
    json: { type: "boolean", help: "Print what was recorded as JSON" },
  },
  needs: "database",
  async run(_context, options) {
    const text = (name: string) => (typeof options[name] === "string" ? options[name] : undefined);
    const [runId, startedAt] = [text("run-id"), text("started-at")];
    if (!runId || !startedAt) throw new AppError("invalid", "Say which run it was and when it began: --run-id ID --started-at TIME");
    const told = {
      runId,
      startedAt,
      finishedAt: text("finished-at"),
      agentName: text("agent-name") ?? config.agentName,
      scriptVariant: text("script-variant"),
      runNumber: wholeNumber("run-number", text("run-number")),
      exitCode: wholeNumber("exit-code", text("exit-code")),
      promptVersion: text("prompt-version"),
    };
    const file = text("output-file");
    const output = file === undefined ? null : await readOutput(await bytesOf(file));
    const recorded = await recordRun(told, output, { actor: "job", actions: "in the output" });
    for (const notice of recorded.notices) process.stderr.write(`${notice}\n`);
    const did = recorded.is_new ? "recorded" : recorded.has_changed ? "brought up to date" : "known already";
    return { ok: true, text: options.json ? JSON.stringify(recorded) : `Run ${recorded.id}: ${did}.` };
  },
};

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (!/^-?\d{1,9}$/.test(text)) throw new AppError("invalid", `--${name} takes a whole number.`);
  return Number(text);
}
