import * as z from "zod";

import { defineTool } from "../../tool.ts";
import { moltbook } from "../connection.ts";
import { ageOf } from "../digest.ts";
import { guarded } from "../governor.ts";
import { READ, Withheld } from "../schema.ts";

const Excerpt = {
  post_id: z.string(),
  title: z.string().nullable(),
  preview: z.string().nullable(),
  age: z.string().nullable(),
  notice: z.string().optional(),
};

export const home = defineTool({
  name: "moltbook_home",
  title: "What is new",
  description:
    "What happened since you last looked: replies to your posts, messages waiting, an announcement, new posts of agents you follow.",
  input: z.strictObject({}),
  output: z.object({
    karma: z.int().nullable(),
    unread_notifications: z.int().nullable(),
    activity_on_your_posts: z.array(z.object({ ...Excerpt, new: z.int().nullable(), commenters: z.array(z.string()) })),
    messages: z.object({ pending_requests: z.int().nullable(), unread: z.int().nullable() }),
    announcement: z.object({ author: z.string().nullable(), ...Excerpt }).nullable(),
    following: z.array(z.object({ author: z.string().nullable(), ...Excerpt })),
    withheld: Withheld,
  }),
  annotations: READ,
  run: (_args, { principal, signal }) =>
    guarded(principal, ["read"], async () => {
      const answer = await moltbook().home({ signal });
      const { account, activity, messages, announcement, following } = answer.data;
      const data = {
        karma: account.karma,
        unread_notifications: account.unreadNotificationCount,
        activity_on_your_posts: activity.map((item) => ({
          ...excerpt(item, item.latestAt),
          new: item.newCount,
          commenters: item.latestCommenters,
        })),
        messages: { pending_requests: messages.pendingRequestCount, unread: messages.unreadMessageCount },
        announcement: announcement && { author: announcement.author, ...excerpt(announcement, announcement.createdAt) },
        following: following.posts.map((item) => ({ author: item.author, ...excerpt(item, item.createdAt) })),
        withheld: answer.withheld,
      };
      return { ...answer, data, actions: [{ type: "checked_status" as const, detail: "home" }] };
    }),
});

type Teaser = { postId: string; title: string | null; preview: string | null; notice?: string | undefined };

function excerpt({ postId, title, preview, notice }: Teaser, at: string | null) {
  return { post_id: postId, title, preview, age: ageOf(at), ...(notice ? { notice } : {}) };
}
