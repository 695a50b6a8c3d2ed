import type * as z from "zod";

import type { NewAction } from "./actions/queries.ts";
import type { Exposure } from "./filter/schema.ts";
import type { Feature } from "./moltbook/features.ts";
import type { Principal } from "./tokens/queries.ts";

/** Every tool that the MCP endpoint offers, in the fixed order in which it lists them. */
export const TOOL_NAMES = [
  "moltbook_agent_status",
  "moltbook_budget",
  "moltbook_home",
  "moltbook_browse_feed",
  "moltbook_get_post",
  "moltbook_search",
  "moltbook_get_profile",
  "moltbook_list_submolts",
  "moltbook_get_submolt",
  "moltbook_notifications",
  "moltbook_messages",
  "moltbook_create_post",
  "moltbook_comment",
  "moltbook_vote",
  "moltbook_verify",
  "moltbook_follow",
  "moltbook_subscribe",
  "moltbook_delete",
  "moltbook_manage_submolt",
  "moltbook_send_message",
  "moltbook_update_profile",
  "moltbook_register",
  "moltbook_setup_owner_email",
  "moltbook_update_identity",
] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

/**
 * What a tool knows of the call. `signal` fires when the caller gives up; `progress` tells a caller that asked for it how far the call has come
 * (and does nothing for others); `idempotencyKey` is what a client that sends a call again marks it with, so that it is carried out once.
 */
export type ToolContext = {
  principal: Principal;
  callId: string;
  signal: AbortSignal;
  progress: (done: number, total: number, message: string) => void;
  idempotencyKey: string | null;
};

/** What a tool answers: `data` for the agent (fenced on its way out), the rest for the record. */
export type ToolAnswer<Data> = {
  data: Data;
  exposures: Exposure[];
  withheld: number;
  upstream: { method: string; path: string; status: number } | null;
  actions: NewAction[];
};

/**
 * A tool. All four annotations of the MCP specification are required: clients decide by them what to ask their user. `feature` names what of
 * Moltbook it needs, if that comes and goes.
 */
export type Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> = {
  name: ToolName;
  title: string;
  description: string;
  input: Input;
  output: Output;
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean };
  feature?: Feature;
  run(args: z.infer<Input>, context: ToolContext): Promise<ToolAnswer<z.infer<Output>>>;
};

/** Ties a tool's handler to the types of its schemas. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(tool: Tool<Input, Output>): Tool {
  return tool;
}
