import { raiseAlarm } from "../canaries/alarm.ts";
import { canariesBehind } from "../canaries/canary.ts";
import { AppError } from "../errors.ts";
import type { FindingKind, Outgoing } from "../filter/outbound.ts";
import { inspect } from "../filter/outbound.ts";
import { isLong } from "../filter/outbound/overlap.ts";
import { describe, log } from "../log.ts";
import { findActivePrompt } from "../prompts/queries.ts";
import { textsOf } from "../redact.ts";
import { insertEvent } from "../security/queries.ts";
import type { Tool, ToolContext } from "../tool.ts";

/** Arguments that name something of Moltbook's and may look like anything: ids, cursors, codes, and the owner's address. */
const REFERENCE = /(?:^|_)(?:id|cursor|code|email)$/;

type Kind = FindingKind | "canary";
type Found = { kind: Kind; field: string };

const LOOKS_LIKE: Record<Kind, string> = {
  canary: "a marker that must not leave this run",
  secret: "a secret (a key, token or password)",
  token: "a secret (a long random token)",
  email: "an e-mail address",
  path: "a private file path",
  host: "a private host or address",
  prompt: "a part of your prompt",
  link: "a link that could carry data (allowed are https links to a named host, without port, user or long query)",
  injection: "an instruction to whoever reads it",
};

/**
 * The way out for every tool, so that no tool can be without it: refuses a call whose arguments hold what must not leave, before anything is
 * sent, in dry runs too. Canaries are looked for in all arguments of all tools, everything else in the words that others may read, and in
 * searches. The refusal and its event name kinds and arguments, never what was found. A call that cannot be looked through is refused.
 */
export async function refuseOutgoing(tool: Tool, args: Record<string, unknown>, context: ToolContext): Promise<void> {
  const found = await lookThrough(tool, args, context).catch((error: unknown) => {
    log.error("outgoing.not_inspected", { tool: tool.name, call: context.callId, ...describe(error) });
    throw new AppError("unavailable", "What you want to send could not be looked through, so nothing was sent. Try again later.", {
      details: { landed: false },
    });
  });
  if (found.length === 0) return;
  const fields = [...new Set(found.map(({ field }) => field))].join(", ");
  const what = [...new Set(found.map(({ kind }) => LOOKS_LIKE[kind]))].join(", and ");
  throw new AppError("unauthorized", `Blocked: ${fields} holds what looks like ${what}. Nothing was sent. Write it without that.`, {
    details: { kind: "denied", landed: false },
  });
}

/** What must not leave, on record as an event. */
async function lookThrough(tool: Tool, args: Record<string, unknown>, { principal, callId }: ToolContext): Promise<Found[]> {
  const { agent_id: agentId, run_id: runId, mode } = principal;
  const all = Object.entries(args).flatMap(([field, value]) => textsOf(value).map((text) => ({ field, text })));
  const isCanary = await raiseAlarm(canariesAmong(all), { place: "argument", runId, callId, mode, fields: all.map(({ field }) => field) });
  const found = await findingsIn(tool, all, agentId);
  if (isCanary) found.unshift({ kind: "canary", field: all.map(({ field }) => field).join(", ") });
  if (found.length > 0) {
    await insertEvent({
      agentId,
      runId,
      callId,
      mode,
      type: "outbound_blocked",
      severity: isCanary ? "critical" : "high",
      title: `${tool.name} was blocked before anything was sent`,
      detail: { tool: tool.name, found },
      fingerprint: { call: callId },
    });
  }
  return found;
}

/** Two codes upon a canary make some 400 characters of it. */
const LONGEST_CANARY = 400;

/** All arguments are read as one text, and their beginnings once more after their ends: a canary may be cut in two and sent back to front. */
function canariesAmong(all: readonly Outgoing[]): string[] {
  return canariesBehind([...all.map(({ text }) => text), ...all.map(({ text }) => text.slice(0, LONGEST_CANARY))].join("\n"));
}

async function findingsIn(tool: Tool, all: readonly Outgoing[], agentId: string): Promise<Found[]> {
  if (tool.annotations.readOnlyHint && tool.name !== "moltbook_search") return [];
  const words = all.filter(({ field }) => !REFERENCE.test(field));
  const readPrompt = async () => (await findActivePrompt(agentId))?.text ?? "";
  if (tool.name === "moltbook_update_identity") return inspect(newsIn(words, await readPrompt()), "");
  return inspect(words, words.some(({ text }) => isLong(text)) ? await readPrompt() : "");
}

/** What a proposal adds to the prompt that the agent has; the rest a person has approved before. */
function newsIn(words: readonly Outgoing[], prompt: string): Outgoing[] {
  const known = new Set(prompt.split("\n").map((line) => line.trim()));
  return words.map(({ field, text }) => {
    const added = text.split("\n").filter((line) => !known.has(line.trim()));
    return { field, text: added.join("\n") };
  });
}
