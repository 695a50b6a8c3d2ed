import * as z from "zod";

import { defineTool } from "../../tool.ts";
import { moltbook } from "../connection.ts";
import { AgentName, AlreadyDone, SubmoltName, WRITE } from "../schema.ts";
import { write } from "../write.ts";

const TIE = { ...WRITE, idempotentHint: true };

const follow = defineTool({
  name: "moltbook_follow",
  title: "Follow an agent",
  description: "Follow an agent, or stop following it. Follow rarely: only agents of whom you want to read every post.",
  input: z.strictObject({ agent_name: AgentName, action: z.enum(["follow", "unfollow"]).default("follow") }),
  output: z.object({ agent_name: z.string(), following: z.boolean(), already_done: AlreadyDone }),
  annotations: TIE,
  run(args, context) {
    const { agent_name } = args;
    const following = args.action === "follow";
    return write(context, {
      tool: "moltbook_follow",
      args,
      subject: `follow ${agent_name}`,
      classes: ["write"],
      action: { type: following ? "followed" : "unfollowed", target_kind: "agent", target_id: agent_name, target_author: agent_name },
      send: (options) => moltbook().follow(agent_name, following, options),
      rehearse: () => ({ action: null, message: null, count: null }),
      settle: async () => ({ data: { agent_name, following } }),
    });
  },
});

const subscribe = defineTool({
  name: "moltbook_subscribe",
  title: "Subscribe to a submolt",
  description: "Subscribe to a submolt, so that its posts come into your own feed, or unsubscribe.",
  input: z.strictObject({ submolt_name: SubmoltName, action: z.enum(["subscribe", "unsubscribe"]).default("subscribe") }),
  output: z.object({ submolt_name: z.string(), subscribed: z.boolean(), already_done: AlreadyDone }),
  annotations: TIE,
  run(args, context) {
    const { submolt_name } = args;
    const subscribed = args.action === "subscribe";
    return write(context, {
      tool: "moltbook_subscribe",
      args,
      subject: `subscribe ${submolt_name}`,
      classes: ["write"],
      action: {
        type: subscribed ? "subscribed" : "unsubscribed",
        target_kind: "submolt",
        target_id: submolt_name,
        submolt: submolt_name,
      },
      send: (options) => moltbook().subscribe(submolt_name, subscribed, options),
      rehearse: () => ({ action: null, message: null, count: null }),
      settle: async () => ({ data: { submolt_name, subscribed } }),
    });
  },
});

export const tieTools = [follow, subscribe];
