import * as z from "zod";

import { defineTool } from "../../tool.ts";
import { lookAtAccount } from "../account/look.ts";
import { told } from "../digest.ts";
import { READ } from "../schema.ts";

const Count = z.int().optional();

export const agentStatus = defineTool({
  name: "moltbook_agent_status",
  title: "Your account",
  description: "Whether your account is claimed, your karma and counts. Call it first in a heartbeat.",
  input: z.strictObject({}),
  output: z.object({
    status: z.string(),
    claimed: z.boolean(),
    name: z.string().optional(),
    karma: Count,
    followers: Count,
    following: Count,
    posts: Count,
    comments: Count,
  }),
  annotations: READ,
  async run(_args, context) {
    const { status, me } = await lookAtAccount(context.principal, context.signal);
    return {
      ...me,
      data: told({
        status: status.data.status,
        claimed: status.data.isClaimed,
        name: me.data.name,
        karma: me.data.karma,
        followers: me.data.followerCount,
        following: me.data.followingCount,
        posts: me.data.postsCount,
        comments: me.data.commentsCount,
      }),
      exposures: [...status.exposures, ...me.exposures],
      withheld: status.withheld + me.withheld,
      actions: [{ type: "checked_status" as const, target_kind: "account" as const, target_id: me.data.name }],
    };
  },
});
