import { AppError } from "../errors.ts";
import { patchOf } from "./difference.ts";
import { activateVersion, findActivePrompt, findPromptVersion, insertPromptVersion } from "./queries.ts";
import type { PromptVersion, VersionKey } from "./schema.ts";

/** Who changes the prompt of which agent. */
export type Editor = { agentId: string; actor: string };

export type Draft = {
  text: string;
  reason: string;
  author?: string | undefined;
  expected_parent?: VersionKey | undefined;
  activate: boolean;
};

/**
 * Makes and activates a version (unless `activate` is false); `is_new` is false when there was one of that text already. Throws AppError `conflict`
 * when another version is active than the one that its author has seen, with the active number and the difference between it and the new text.
 */
export async function createVersion({ agentId, actor }: Editor, draft: Draft): Promise<{ version: PromptVersion; is_new: boolean }> {
  const { author, expected_parent: expected = null, ...rest } = draft;
  const made = await insertPromptVersion({ ...rest, agentId, actor, author: authorOf(actor, author), expected });
  if (!made) throw await conflict(agentId, draft.text);
  return { version: await getVersion(agentId, made.id), is_new: made.is_new };
}

/**
 * Makes a version active, and with an old one undoes what came after it. Throws AppError `not_found`, or `conflict` when another version is active
 * than the one that the caller has seen.
 */
export async function activate(
  { agentId, actor }: Editor,
  key: VersionKey,
  reason: string,
  expected: VersionKey | null,
): Promise<PromptVersion> {
  const version = await getVersion(agentId, key);
  if (!(await activateVersion({ agentId, id: version.id, actor, reason, expected }))) throw await conflict(agentId, version.text);
  return getVersion(agentId, version.id);
}

/** One version by its id or number. Throws AppError `not_found`. */
export async function getVersion(agentId: string, key: VersionKey): Promise<PromptVersion> {
  const version = await findPromptVersion(agentId, key);
  if (!version) throw new AppError("not_found", "There is no such version of the prompt. The list of versions tells which there are.");
  return version;
}

/** The predecessor's clients name an author, which is what they say and no more: it never stands in the place of who they are. */
function authorOf(actor: string, claimed: string | undefined): string {
  return claimed ? `${actor} for ${claimed}` : actor;
}

async function conflict(agentId: string, text: string): Promise<AppError> {
  const active = await findActivePrompt(agentId);
  const message = active
    ? `Version ${active.number} is active, which is not the one that you started from. Look at the difference, and send yours again on top of it.`
    : "No version is active, so yours cannot start from one. Send it without expected_parent.";
  const shown = { active: active?.number ?? null, active_id: active?.id ?? null, difference: patchOf(active?.text ?? "", text) };
  return new AppError("conflict", message, { details: { shown } });
}
