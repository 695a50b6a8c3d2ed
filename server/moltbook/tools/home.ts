import * as z from "zod";

import { defineTool } from "../../tool.ts";
import { moltbook } from "../connection.ts";
import { ageOf, excerptOf, told } from "../digest.ts";
import { reading } from "../governor.ts";
import { READ } from "../schema.ts";
import type { Activity, Teaser } from "../shapes/home.ts";
import { roomBeside, within } from "./page.ts";

const MOST_NAMES = 10;

const Text = z.string().optional();
const Count = z.int().optional();

const News = z.object({
  type: z.enum(["on_your_post", "announcement", "by_an_agent_you_follow"]),
  author: Text,
  commenters: z.array(z.string()).optional(),
  new_comments: Count,
  post_id: z.string(),
  title: Text,
  content: Text,
  age: Text,
  notice: Text,
});
type News = z.infer<typeof News>;

export const home = defineTool({
  name: "moltbook_home",
  title: "What is new",
  description: "Comments on your posts, messages waiting, an announcement, and posts of agents you follow.",
  input: z.strictObject({}),
  output: z.object({
    karma: Count,
    unread_notifications: Count,
    message_requests: Count,
    unread_messages: Count,
    news: z.array(News),
    withheld: z.int(),
    truncated: z.boolean().optional(),
  }),
  annotations: READ,
  feature: "home",
  async run(_args, context) {
    const answer = await reading(context, (options) => moltbook().home(options));
    const { account, activity, messages, announcement, following } = answer.data;
    const counts = told({
      karma: account.karma,
      unread_notifications: account.unreadNotificationCount,
      message_requests: messages.pendingRequestCount,
      unread_messages: messages.unreadMessageCount,
    });
    const all = [
      ...activity.map(activityOf),
      ...(announcement ? [teaserOf("announcement", announcement)] : []),
      ...following.posts.map((teaser) => teaserOf("by_an_agent_you_follow", teaser)),
    ];
    const news = within(roomBeside(counts), all);
    return {
      ...answer,
      data: { ...counts, news, withheld: answer.withheld, ...(news.length < all.length ? { truncated: true } : {}) },
      actions: [{ type: "checked_status" as const, detail: "home" }],
    };
  },
});

function activityOf(item: Activity): News {
  return told({
    type: "on_your_post" as const,
    commenters: item.latestCommenters.slice(0, MOST_NAMES),
    new_comments: item.newCount,
    post_id: item.postId,
    ...excerptOf(item.title, item.preview),
    age: ageOf(item.latestAt),
    notice: item.notice,
  });
}

function teaserOf(type: News["type"], { author, postId, title, preview, createdAt, notice }: Teaser): News {
  return told({ type, author, post_id: postId, ...excerptOf(title, preview), age: ageOf(createdAt), notice });
}
