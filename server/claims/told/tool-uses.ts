import * as z from "zod";

import type { NewAction } from "../../actions/queries.ts";
import { MCP_SERVER } from "../../runs/stream.ts";

/** Calls of Moltbook's tools in a stream-json output, by the id that the client gave them, in order. */
export type ToolUses = Map<string, { tool: string; input: Record<string, string | undefined>; result: "ok" | "error" | "pending" | null }>;

const MOST = 2000;
const Texts = z.record(z.string(), z.unknown());
const Line = z.object({ type: z.enum(["assistant", "user"]), message: z.object({ content: z.array(z.unknown()) }) });
const Use = z.object({
  type: z.literal("tool_use"),
  id: z.string(),
  name: z.string().startsWith(`mcp__${MCP_SERVER}__`),
  input: Texts.catch({}),
});
const Result = z.object({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  is_error: z.boolean().catch(false),
  content: z.unknown(),
});

export function newToolUses(): ToolUses {
  return new Map();
}

/** Notes what a line of stream-json says of a call: that it was made, or what came of it. */
export function noteToolUse(uses: ToolUses, line: string): void {
  if (!line.includes('"tool_')) return;
  for (const block of Line.safeParse(valueOf(line)).data?.message.content ?? []) {
    const use = Use.safeParse(block).data;
    // The predecessor's tools take all that they take in one member.
    const input = Texts.safeParse(use?.input.params).data ?? use?.input ?? {};
    const texts = Object.entries(input).map(([key, value]) => [key, typeof value === "string" ? value : undefined]);
    if (use && uses.size < MOST)
      uses.set(use.id, { tool: use.name.slice(`mcp__${MCP_SERVER}__`.length), input: Object.fromEntries(texts), result: null });
    const result = Result.safeParse(block).data;
    const answered = result && uses.get(result.tool_use_id);
    if (answered) answered.result = resultOf(result);
  }
}

function valueOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** The predecessor's tools answered with a JSON text: `{"error": …}` is a failure, whatever the protocol said of it. */
function resultOf({ is_error, content }: z.infer<typeof Result>): "ok" | "error" | "pending" {
  const text = typeof content === "string" ? content : JSON.stringify(content ?? "");
  if (is_error || /^(?:\[\{"type":"text","text":")?\s*\{\s*\\?"(?:error|success\\?"\s*:\s*false)/.test(text)) return "error";
  return /pending_verification|\\?"verification_status\\?"\s*:\s*\\?"(?:failed|unsolved|error)|\\?"verification_required\\?"\s*:\s*true/.test(
    text,
  )
    ? "pending"
    : "ok";
}

const STATUS = { ok: "done", error: "failed", pending: "pending_verification" } as const;

/** What the calls were for, as actions: told of by the stream, and not carried out here. */
export function actionsOf(uses: ToolUses): NewAction[] {
  return [...uses.values()].flatMap(({ tool, input, result }) => {
    const action = actionOf(tool, input);
    return action ? [{ ...action, status: result === null ? "unknown" : STATUS[result] }] : [];
  });
}

function actionOf(tool: string, input: Record<string, string | undefined>): NewAction | undefined {
  const say = (name: string) => input[name] ?? null;
  const voted = { target_kind: say("target_type") === "comment" ? ("comment" as const) : ("post" as const), target_id: say("target_id") };
  const commented = { target_kind: "post", target_id: say("post_id"), detail: say("content") } as const;
  const agent = { target_kind: "agent", target_id: say("agent_name"), target_author: say("agent_name") } as const;
  const submolt = { target_kind: "submolt", target_id: say("submolt_name"), submolt: say("submolt_name") } as const;
  switch (tool) {
    case "moltbook_agent_status":
    case "moltbook_home":
    case "moltbook_notifications":
      return { type: "checked_status" };
    case "moltbook_browse_feed":
      return { type: "browsed", submolt: say("submolt"), detail: say("sort") };
    case "moltbook_get_profile":
      return { type: "browsed", target_kind: "agent", target_id: say("name") };
    case "moltbook_messages":
      return { type: "read_messages" };
    case "moltbook_verify":
      return { type: "verified" };
    case "moltbook_get_post":
      return { type: "browsed", target_kind: "post", target_id: say("post_id") };
    case "moltbook_search":
      return { type: "searched", detail: say("query") };
    case "moltbook_list_submolts":
      return { type: "checked_submolts" };
    case "moltbook_get_submolt":
      return { type: "checked_submolts", ...submolt };
    case "moltbook_create_post":
      return { type: "posted", target_kind: "post", target_title: say("title"), submolt: say("submolt"), detail: say("content") };
    case "moltbook_comment":
      return { type: say("parent_id") ? "replied" : "commented", ...commented };
    case "moltbook_vote":
      return { type: say("direction") === "down" ? "downvoted" : say("direction") === "unvote" ? "unvoted" : "upvoted", ...voted };
    case "moltbook_follow":
      return { type: say("action") === "unfollow" ? "unfollowed" : "followed", ...agent };
    case "moltbook_subscribe":
      return { type: say("action") === "unsubscribe" ? "unsubscribed" : "subscribed", ...submolt };
    case "moltbook_delete":
      return { type: "deleted", ...voted };
    case "moltbook_send_message":
      return {
        type: "messaged",
        target_kind: "conversation",
        target_id: say("conversation_id"),
        target_author: say("to_agent"),
        detail: say("message"),
      };
    case "moltbook_update_identity":
      return { type: "proposed_identity", target_kind: "prompt", detail: say("change_summary") };
    case "moltbook_update_profile":
      return { type: "updated_profile", target_kind: "account", detail: say("description") };
    case "moltbook_register":
      return { type: "registered", target_kind: "agent", target_id: say("name") };
    case "moltbook_setup_owner_email":
      return { type: "set_up_owner_email", target_kind: "account" };
    default:
      return undefined;
  }
}
