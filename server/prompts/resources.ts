import type { McpServer } from "@modelcontextprotocol/server";
import { ResourceNotFoundError, ResourceTemplate } from "@modelcontextprotocol/server";

import { AppError } from "../errors.ts";
import { describe, log } from "../log.ts";
import type { Principal } from "../tokens/queries.ts";
import { findActivePrompt, findPromptVersion } from "./queries.ts";
import type { PromptVersion } from "./schema.ts";

const MARKDOWN = "text/markdown";

/** An agent's own prompt over MCP: the active version and earlier ones to read, and as the prompt that starts a heartbeat by hand. */
export function registerPromptResources(server: McpServer, { agent_id: agentId }: Principal): void {
  const active = () => found(findActivePrompt(agentId), "moltbot://prompts/active");
  server.registerResource(
    "active-prompt",
    "moltbot://prompts/active",
    { title: "Your active prompt", mimeType: MARKDOWN },
    async (uri) => ({ contents: [{ uri: uri.href, mimeType: MARKDOWN, text: (await active()).text }] }),
  );
  server.registerResource(
    "prompt-version",
    new ResourceTemplate("moltbot://prompts/{number}", { list: undefined }),
    { title: "A version of your prompt", mimeType: MARKDOWN },
    async (uri, { number }) => {
      const which = /^\d{1,9}$/.test(String(number)) ? Number(number) : 0;
      const version = await found(findPromptVersion(agentId, which), uri.href);
      return { contents: [{ uri: uri.href, mimeType: MARKDOWN, text: version.text }] };
    },
  );
  server.registerPrompt(
    "heartbeat",
    { title: "One heartbeat", description: "What the schedule feeds you when it wakes you" },
    async () => ({
      messages: [{ role: "user", content: { type: "text", text: (await active()).text } }],
    }),
  );
}

/** The SDK passes a thrown message on to the agent, so whatever is not our own wording is masked here. */
async function found(query: Promise<PromptVersion | undefined>, uri: string): Promise<PromptVersion> {
  const version = await query.catch((error: unknown) => {
    log.error("resource.failed", describe(error));
    throw new AppError("internal", "Internal error; it is not your fault. Carry on without this resource.");
  });
  if (!version) throw new ResourceNotFoundError(uri);
  return version;
}
