import { describe, log } from "../log.ts";
import { platformMode } from "../moltbook/modes.ts";
import type { Mode } from "../runs/schema.ts";
import { insertEvent } from "../security/queries.ts";
import { canariesIn } from "./canary.ts";
import type { Canary } from "./queries.ts";
import { findCanaries, freezeWriting, markSeen } from "./queries.ts";

/** Where canaries turned up: in a call's arguments, in the input of a tool that is not ours, or in something that an agent was given to read. */
export type Sighting = {
  place: "argument" | "external_tool" | "reading";
  runId: string;
  callId: string | null;
  mode: Mode;
  /** Names of the arguments, of the tool, or of the fields. */
  fields: string[];
};

const TITLES: Record<Sighting["place"], string> = {
  argument: "An agent tried to send out a canary; nothing was sent, and writing is frozen",
  external_tool: "An agent gave a canary to a tool that is not ours; writing is frozen",
  reading: "A canary came back from Moltbook, so somebody has got hold of it; writing is frozen",
};

/**
 * Raises the alarm for those of `suspects` that are canaries: a critical event for each, of which no log or page ever gets the text, and the
 * agent's writing is frozen until the operator resumes it. What was read before is no news when it is read again. Answers whether any was one.
 */
export async function raiseAlarm(suspects: readonly string[], sighting: Sighting): Promise<boolean> {
  if (suspects.length === 0) return false;
  const canaries = await findCanaries(suspects);
  for (const canary of canaries) {
    if (sighting.place !== "reading" || (await markSeen(canary.sha256))) await raise(canary, sighting);
  }
  return canaries.length > 0;
}

async function raise({ sha256, agent_id, run_id, kind }: Canary, { place, runId, callId, mode, fields }: Sighting): Promise<void> {
  await freezeWriting(agent_id, platformMode({ mode }));
  await insertEvent({
    agentId: agent_id,
    runId,
    callId,
    mode,
    type: "canary_hit",
    severity: "critical",
    title: TITLES[place],
    detail: { place, fields, canary: kind, planted_in: run_id, sha256 },
    fingerprint: { sha256, place, run: runId, call: callId },
  });
}

/** Looks for canaries in what a call hands to the agent. The call itself is done and on record, so it does not fail by this. */
export async function watchReading(text: string, sighting: Omit<Sighting, "place" | "fields">): Promise<void> {
  try {
    await raiseAlarm(canariesIn(text), { ...sighting, place: "reading", fields: [] });
  } catch (error) {
    log.error("canary.not_raised", { call: sighting.callId, ...describe(error) });
  }
}
