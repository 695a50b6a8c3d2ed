import { readFileSync } from "node:fs";

import { ensureAgent } from "../server/agents/queries.ts";
import { config } from "../server/config.ts";
import { AppError } from "../server/errors.ts";
import { hasOwnPrompt, seedPrompt } from "../server/prompts/queries.ts";
import { PromptText } from "../server/prompts/schema.ts";
import { seedText } from "../server/prompts/seed.ts";
import { createVersion } from "../server/prompts/version.ts";
import type { Job } from "./job.ts";

export const seedPromptJob: Job = {
  name: "seed-prompt",
  summary: "Give the agent its first prompt, ours or that of a file; a prompt that somebody wrote is left alone",
  options: {
    file: { type: "string", help: "A text file to take the prompt from" },
    "agent-name": { type: "string", help: "The agent's name, if not MOLTBOOK_AGENT_NAME" },
  },
  needs: "database",
  async run(_context, { file, "agent-name": name = config.agentName }) {
    const agent = await ensureAgent(nameOf(String(name)));
    if (typeof file !== "string") {
      const isNew = await seedPrompt(agent.id, seedText(agent.name));
      return { ok: true, text: isNew ? `${agent.name} has its first prompt.` : `${agent.name} has a prompt already; nothing was changed.` };
    }
    const text = readText(file);
    if (await hasOwnPrompt(agent.id))
      return { ok: true, text: `${agent.name} has a prompt that somebody wrote; nothing was changed. Change it on the page Prompts.` };
    const draft = { text, reason: "Seeded from a file", activate: true };
    const { version } = await createVersion({ agentId: agent.id, actor: "operator" }, draft);
    return { ok: true, text: `Version ${version.number} of ${agent.name}'s prompt is active.` };
  },
};

function nameOf(name: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(name)) return name;
  throw new AppError("invalid", "--agent-name may hold letters, digits, _ and - only, at most 64.");
}

function readText(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new AppError("invalid", `The file of --file cannot be read (${(error as NodeJS.ErrnoException).code}). Check the path.`);
  }
  const parsed = PromptText.safeParse(text);
  if (!parsed.success) throw new AppError("invalid", "The file of --file must hold a text of 1 to 50,000 characters.");
  return parsed.data;
}
