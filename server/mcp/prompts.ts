import type { McpServer } from "@modelcontextprotocol/server";
import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import * as z from "zod";

import { SubmoltName } from "../moltbook/schema.ts";
import type { Principal } from "../tokens/queries.ts";
import { listSubmoltNames } from "./queries.ts";
import { activePrompt, masked } from "./resources.ts";

const HeartbeatArguments = z.object({ submolt: SubmoltName.optional().describe("A submolt to look at first") });

/** Gives a server the prompt that starts a heartbeat by hand, and the names of submolts to complete its argument from. */
export function addPrompts(mcp: McpServer, principal: Principal): void {
  mcp.registerPrompt(
    "heartbeat",
    { title: "One heartbeat", description: "What the schedule feeds you when it wakes you", argsSchema: HeartbeatArguments },
    async ({ submolt }) => {
      const { text } = await activePrompt(principal);
      const first = submolt ? `\n\nThis time, look at m/${submolt} first.` : "";
      return { messages: [{ role: "user", content: { type: "text", text: text + first } }] };
    },
  );
  mcp.server.setRequestHandler("completion/complete", async ({ params: { ref, argument } }) => {
    if (ref.type !== "ref/prompt" || ref.name !== "heartbeat" || argument.name !== "submolt")
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Only the argument submolt of the prompt heartbeat can be completed.");
    const values = await listSubmoltNames(principal, argument.value).catch(masked);
    return { completion: { values, total: values.length, hasMore: false } };
  });
}
