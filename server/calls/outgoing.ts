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

/** Arguments that name something, and may look like anything: ids, cursors and codes that Moltbook has given out, and the owner's address. */
const REFERENCE = /(?:^|_)(?:id|cursor|code|email)$/;

const LOOKS_LIKE: Record<FindingKind | "canary", string> = {
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
 * sent, in dry runs too. Canaries are looked for in all arguments of all tools, everything else in the words of those that others may read, and
 * of searches. The refusal and its event name kinds and arguments, never what was found. A call that cannot be looked through is refused.
 */
export async function refuseOutgoing(tool: Tool, args: Record<string, unknown>, context: ToolContext): Promise<void> {
  const found = await findingsIn(tool, args, context).catch((error: unknown) => {
    log.error("outgoing.not_inspected", { tool: tool.name, call: context.callId, ...describe(error) });
    throw new AppError("unavailable", "What you want to send could not be looked through, so nothing was sent. Try again later.", {
      details: { landed: false },
    });
  });
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  if (kinds.length === 0) return;
  const fields = [...new Set(found.map(({ field }) => field))];
  const what = kinds.map((kind) => LOOKS_LIKE[kind]).join(", and ");
  throw new AppError(
    "unauthorized",
    `Blocked: ${fields.join(", ")} holds what looks like ${what}. Nothing was sent. Write it without that.`,
    {
      details: { kind: "denied", landed: false },
    },
  );
}

type Found = { kind: FindingKind | "canary"; field: string }[];

async function findingsIn(tool: Tool, args: Record<string, unknown>, { principal, callId }: ToolContext): Promise<Found> {
  const all = wordsOf(args);
  const { agent_id: agentId, run_id: runId, mode } = principal;
  const fields = all.map(({ field }) => field);
  // Twice over, so that the end of one argument goes before the beginning of an earlier one too.
  const suspects = canariesBehind([...all, ...all].map(({ text }) => text).join("\n"));
  const isCanary = await raiseAlarm(suspects, { place: "argument", runId, callId, mode, fields });
  const words = isRead(tool) ? all.filter(({ field }) => !REFERENCE.test(field)) : [];
  const found: Found = isCanary ? [{ kind: "canary", field: fields.join(", ") }] : [];
  if (tool.name === "moltbook_update_identity") found.push(...inspect(await news(words, agentId), ""));
  else found.push(...inspect(words, words.some(({ text }) => isLong(text)) ? ((await findActivePrompt(agentId))?.text ?? "") : ""));
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

/** Whether others may get to read what the tool is given. */
function isRead(tool: Tool): boolean {
  return !tool.annotations.readOnlyHint || tool.name === "moltbook_search";
}

/** What a proposal adds to the prompt that the agent has; the rest a person has approved before. */
async function news(words: Outgoing[], agentId: string): Promise<Outgoing[]> {
  const known = new Set((await findActivePrompt(agentId))?.text.split("\n").map((line) => line.trim()));
  const added = (text: string) => text.split("\n").filter((line) => !known.has(line.trim()));
  return words.map(({ field, text }) => ({ field, text: added(text).join("\n") }));
}

/** Every text among the arguments, under the argument's name. */
function wordsOf(args: Record<string, unknown>): Outgoing[] {
  return Object.entries(args).flatMap(([field, value]) => textsOf(value).map((text) => ({ field, text })));
}
