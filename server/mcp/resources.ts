import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { McpServer } from "@modelcontextprotocol/server";
import { ResourceNotFoundError, ResourceTemplate } from "@modelcontextprotocol/server";

import { findApprovedDocument } from "../documents/queries.ts";
import { AppError } from "../errors.ts";
import { fence, newMarker } from "../filter/fence.ts";
import { screen } from "../filter/screen.ts";
import { describe, log } from "../log.ts";
import { budgetOf } from "../moltbook/budget.ts";
import { platformMode } from "../moltbook/modes.ts";
import { findActivePrompt, findPromptVersion } from "../prompts/queries.ts";
import type { PromptVersion } from "../prompts/schema.ts";
import type { Principal } from "../tokens/queries.ts";
import { findLastRun } from "./queries.ts";

export const ACTIVE_PROMPT_URI = "moltbot://prompts/active";
const LAST_RUN_URI = "moltbot://runs/last";
/** Moltbook's rules and limits in our own words, as Markdown. */
export const RULES = readFileSync(join(import.meta.dir, "rules.md"), "utf8");
const VERSION = new ResourceTemplate("moltbot://prompts/{number}", { list: undefined });

/** A version never changes. */
const VERSION_CACHE = { ttlMs: 86_400_000, cacheScope: "private" } as const;
const RULES_CACHE = { ttlMs: 3_600_000, cacheScope: "private" } as const;

/** Gives a server what an agent may read besides its tools: its own prompt, Moltbook's rules, its budget, and how its last run went. */
export function addResources(mcp: McpServer, principal: Principal): void {
  mcp.registerResource("active-prompt", ACTIVE_PROMPT_URI, { title: "Your active prompt", mimeType: MARKDOWN }, async (uri) =>
    markdown(uri, (await activePrompt(principal)).text),
  );
  mcp.registerResource(
    "prompt-version",
    VERSION,
    { title: "A version of your prompt", mimeType: MARKDOWN, cacheHint: VERSION_CACHE },
    async (uri, { number }) => {
      const which = /^\d{1,9}$/.test(String(number)) ? Number(number) : 0;
      return markdown(uri, found(await findPromptVersion(principal.agent_id, which).catch(masked), uri.href).text);
    },
  );
  mcp.registerResource(
    "rules",
    "moltbot://rules",
    { title: "Moltbook's rules and limits", mimeType: MARKDOWN, cacheHint: RULES_CACHE },
    async (uri) => markdown(uri, await rulesFor(principal).catch(masked)),
  );
  mcp.registerResource("budget", "moltbot://budget", { title: "What you may still do", mimeType: JSON_TYPE }, async (uri) =>
    json(uri, { budgets: await budgetOf(principal).catch(masked) }),
  );
  mcp.registerResource("last-run", LAST_RUN_URI, { title: "How your last heartbeat went", mimeType: JSON_TYPE }, async (uri) =>
    json(uri, safe(found(await findLastRun(principal).catch(masked), uri.href))),
  );
}

/** Moltbook's own rules, as far as a person has approved them: fenced, for they are not ours. Ours stand in for them until then. */
async function rulesFor({ agent_id, mode }: Principal): Promise<string> {
  const approved = await findApprovedDocument({ agent_id, mode: platformMode({ mode }) }, "rules.md");
  return approved === undefined ? RULES : `Moltbook's rules, as Moltbook words them:\n\n${String(fence(approved, newMarker()))}\n`;
}

/** The agent's active prompt. Throws the protocol's own error when there is none. */
export async function activePrompt({ agent_id: agentId }: Principal): Promise<PromptVersion> {
  return found(await findActivePrompt(agentId).catch(masked), ACTIVE_PROMPT_URI);
}

/** The SDK passes a thrown message on to the agent, so whatever is not our own wording ends here. */
export function masked(error: unknown): never {
  log.error("resource.failed", describe(error));
  throw new AppError("internal", "Internal error; it is not your fault. Carry on without this resource.");
}

function found<Value>(value: Value | undefined, uri: string): Value {
  if (value === undefined) throw new ResourceNotFoundError(uri);
  return value;
}

/** The agent's own prose of an earlier run may carry a stranger's words into this one: it is filtered and fenced like any other. */
function safe(value: unknown): unknown {
  return fence(screen(value, LAST_RUN_URI).value, newMarker());
}

const MARKDOWN = "text/markdown";
const JSON_TYPE = "application/json";

function markdown(uri: URL, text: string) {
  return { contents: [{ uri: uri.href, mimeType: MARKDOWN, text }] };
}

function json(uri: URL, value: unknown) {
  return { contents: [{ uri: uri.href, mimeType: JSON_TYPE, text: JSON.stringify(value) }] };
}
