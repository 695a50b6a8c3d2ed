import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as z from "zod";

import type { Agent } from "../agents/queries.ts";
import { digest } from "../audit/canonical.ts";
import { config } from "../config.ts";
import { describe, log } from "../log.ts";
import { findActivePrompt } from "./queries.ts";
import type { PromptVersion } from "./schema.ts";

const Copy = z.object({
  agent_id: z.uuid(),
  id: z.uuid(),
  number: z.int(),
  sha256: z.string(),
  text: z.string(),
  saved_at: z.iso.datetime(),
});

/** A copy that is older no longer says what the operator wants. */
const MAX_AGE_MS = 7 * 86_400_000;

/** A prompt to be fed to an agent; `cache`: the active one could not be read, and this is the last that could. */
export type ReadyPrompt = Pick<PromptVersion, "id" | "number" | "sha256" | "text"> & { source: "active" | "cache" };

/**
 * The prompt that an agent is fed now: the active one, of which a copy is kept on disk; or that copy when the active one cannot be read or is not
 * what was hashed, as long as the copy is whole and at most seven days old. Undefined when there is neither: never a text of our own.
 */
export async function readPrompt(agent: Agent): Promise<ReadyPrompt | undefined> {
  try {
    const active = await findActivePrompt(agent.id);
    if (!active) return undefined;
    keepCopy(agent, active);
    return { ...active, source: "active" };
  } catch (error) {
    log.error("prompt.not_read", { agent: agent.name, ...describe(error) });
    const copy = readCopy(agent);
    return copy && { ...copy, source: "cache" };
  }
}

/** In one step, so that nobody reads half of it. A disk that is full is no reason not to wake the agent. */
function keepCopy(agent: Agent, { agent_id, id, number, sha256, text }: PromptVersion): void {
  const draft = `${fileOf(agent)}.${crypto.randomUUID()}`;
  try {
    writeFileSync(draft, JSON.stringify({ agent_id, id, number, sha256, text, saved_at: new Date().toISOString() }), { mode: 0o600 });
    renameSync(draft, fileOf(agent));
  } catch (error) {
    log.warn("prompt.copy_not_kept", { agent: agent.name, ...describe(error) });
  }
}

function readCopy(agent: Agent) {
  try {
    const copy = Copy.parse(JSON.parse(readFileSync(fileOf(agent), "utf8")));
    const isFresh = Math.abs(Date.now() - Date.parse(copy.saved_at)) <= MAX_AGE_MS;
    const isWhole = copy.agent_id === agent.id && digest(copy.text) === copy.sha256;
    return isFresh && isWhole ? copy : undefined;
  } catch {
    return undefined;
  }
}

function fileOf({ name }: Agent): string {
  return join(config.dataDir, `prompt-${name}.json`);
}
