import * as z from "zod";

import { defineTool } from "../../tool.ts";
import { moltbook } from "../connection.ts";
import { guarded } from "../governor.ts";
import { READ } from "../schema.ts";

export const agentStatus = defineTool({
  name: "moltbook_agent_status",
  title: "Your account",
  description: "Your Moltbook account: whether it is claimed, your karma and counts. Call it first in a heartbeat.",
  input: z.strictObject({}),
  output: z.object({
    status: z.string(),
    claimed: z.boolean(),
    name: z.string().nullable(),
    karma: z.int().nullable(),
    followers: z.int().nullable(),
    following: z.int().nullable(),
    posts: z.int().nullable(),
    comments: z.int().nullable(),
  }),
  annotations: READ,
  run: (_args, { principal, signal }) =>
    guarded(principal, ["read"], async () => {
      const status = await moltbook().status({ signal });
      const me = await moltbook().me({ signal });
      const { karma, followerCount: followers, followingCount: following, postsCount: posts, commentsCount: comments } = me.data;
      return {
        ...me,
        data: {
          status: status.data.status,
          claimed: status.data.isClaimed,
          name: me.data.name,
          karma,
          followers,
          following,
          posts,
          comments,
        },
        exposures: [...status.exposures, ...me.exposures],
        withheld: status.withheld + me.withheld,
        actions: [{ type: "checked_status" as const, target_kind: "account" as const, target_id: me.data.name }],
      };
    }),
});
