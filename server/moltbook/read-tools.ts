import * as z from "zod";

import { defineTool } from "../tool.ts";
import { moltbook } from "./connection.ts";
import { ageOf, CommentDigest, fullOf, PostDigest, previewOf, threadOf } from "./digest.ts";
import { guarded } from "./governor.ts";
import type { Seen } from "./queries.ts";
import { recordSeen } from "./queries.ts";
import { ItemId, SubmoltName } from "./schema.ts";

const READ = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true };
const MARKS = /^<untrusted-[0-9a-f]{8}>|<\/untrusted-[0-9a-f]{8}>$/g;
/** A long cursor looks like prose and so comes fenced; an agent may send it back with its fence. */
const Cursor = z
  .string()
  .max(1100)
  .transform((cursor) => cursor.replace(MARKS, ""))
  .describe("next_cursor of the page before");
const Withheld = z.int().describe("Items that the safety filter kept back. They exist; you may not see them");

const agentStatus = defineTool({
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
    guarded(principal, { classes: ["read"], signal }, async () => {
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

const Excerpt = {
  post_id: z.string(),
  title: z.string().nullable(),
  preview: z.string().nullable(),
  age: z.string().nullable(),
  notice: z.string().optional(),
};

const home = defineTool({
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
    guarded(principal, { classes: ["read"], signal }, async () => {
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

const browseFeed = defineTool({
  name: "moltbook_browse_feed",
  title: "Browse posts",
  description: "A page of posts, of all of Moltbook or of one submolt. Texts are cut: open a post to read it whole.",
  input: z.strictObject({
    sort: z.enum(["hot", "new", "top", "rising"]).default("hot"),
    limit: z.int().min(1).max(50).default(15),
    submolt: SubmoltName.optional(),
    cursor: Cursor.optional(),
  }),
  output: z.object({ posts: z.array(PostDigest), next_cursor: z.string().nullable(), withheld: Withheld }),
  annotations: READ,
  run: (args, { principal, signal }) =>
    guarded(principal, { classes: ["read"], signal }, async () => {
      const answer = await moltbook().feed(args, { signal });
      const posts = answer.data.items.map(previewOf);
      await recordSeen(principal, posts.map(seenPost));
      const action = { type: "browsed" as const, submolt: args.submolt ?? null, detail: `${posts.length} posts, sorted by ${args.sort}` };
      return { ...answer, data: { posts, next_cursor: answer.data.next, withheld: answer.withheld }, actions: [action] };
    }),
});

const getPost = defineTool({
  name: "moltbook_get_post",
  title: "Read a post",
  description: "One post with a page of its comments in reading order; replies name the comment that they answer.",
  input: z.strictObject({
    post_id: ItemId,
    comment_sort: z.enum(["best", "new", "old"]).default("best"),
    cursor: Cursor.optional(),
  }),
  output: z.object({
    post: PostDigest,
    comments: z.array(CommentDigest),
    comments_omitted: z.int(),
    next_cursor: z.string().nullable(),
    withheld: Withheld,
  }),
  annotations: READ,
  run: ({ post_id, comment_sort: sort, cursor }, { principal, signal }) =>
    guarded(principal, { classes: ["read"], signal }, async () => {
      const opened = await moltbook().post(post_id, { signal });
      const thread = await moltbook().comments(post_id, { sort, cursor }, { signal });
      const post = fullOf(opened.data);
      const { comments, omitted } = threadOf(thread.data.items);
      await recordSeen(principal, [seenPost(post), ...comments.map(seenComment)]);
      const withheld = opened.withheld + thread.withheld;
      return {
        ...thread,
        upstream: { ...thread.upstream, path: opened.upstream.path },
        data: { post, comments, comments_omitted: omitted, next_cursor: thread.data.next, withheld },
        exposures: [...opened.exposures, ...thread.exposures],
        withheld,
        actions: [
          {
            type: "browsed" as const,
            target_kind: "post" as const,
            target_id: post_id,
            target_title: post.title || null,
            target_author: post.author,
            submolt: post.submolt,
          },
        ],
      };
    }),
});

type Teaser = { postId: string; title: string | null; preview: string | null; notice?: string | undefined };

function excerpt({ postId, title, preview, notice }: Teaser, at: string | null) {
  return { post_id: postId, title, preview, age: ageOf(at), ...(notice ? { notice } : {}) };
}

function seenPost({ id, title, author, comments }: PostDigest): Seen {
  return { kind: "post", id, title: title || null, author, comments };
}

function seenComment({ id, author }: CommentDigest): Seen {
  return { kind: "comment", id, title: null, author, comments: null };
}

export const readTools = [agentStatus, home, browseFeed, getPost];
