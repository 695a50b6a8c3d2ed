import { Elysia } from "elysia";

import { ensureAgent } from "../agents/queries.ts";
import { config } from "../config.ts";
import { AppError } from "../errors.ts";
import { findActivePrompt } from "./queries.ts";

export const promptsApi = new Elysia({ name: "prompts-api", prefix: "/api/prompts", tags: ["prompts"] }).get(
  "/active/text",
  async ({ request }) => {
    const agent = await ensureAgent(config.agentName);
    const prompt = await findActivePrompt(agent.id);
    if (!prompt) throw new AppError("not_found", "No prompt is active. Start the app once: it seeds the first one.");
    const headers = { etag: `"${prompt.sha256}"`, "x-prompt-version": String(prompt.number), "content-type": "text/plain; charset=utf-8" };
    if (request.headers.get("if-none-match") === headers.etag) return new Response(null, { status: 304, headers });
    return new Response(prompt.text, { headers });
  },
  { detail: { summary: "The active prompt as plain text" } },
);
