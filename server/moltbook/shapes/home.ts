import * as z from "zod";

import { oneOf, readable } from "../envelopes.ts";
import { Count, id, isRecord, lenient, maybe, name, Time, toCount } from "../wire.ts";

const Excerpt = z.object({
  postId: z.string(),
  title: z.string().nullable(),
  preview: z.string().nullable(),
  notice: z.string().optional(),
});

/** What happened on one of the agent's own posts since it last looked. */
export const Activity = Excerpt.extend({
  submolt: z.string().nullable(),
  newCount: Count,
  latestAt: Time,
  latestCommenters: z.array(z.string()),
});
export type Activity = z.infer<typeof Activity>;

/** A post as the home page shows it: cut short, to be opened by its id. */
export const Teaser = Excerpt.extend({
  submolt: z.string().nullable(),
  author: z.string().nullable(),
  upvotes: Count,
  commentCount: Count,
  createdAt: Time,
});
export type Teaser = z.infer<typeof Teaser>;

/**
 * The first look of a heartbeat. Everything on Moltbook's home page that tells an agent what to do (next steps, suggested actions, hints,
 * links, briefings of roles) is left out: those are other people's instructions.
 */
export const Home = z.object({
  account: z.object({ name: z.string(), karma: Count, unreadNotificationCount: Count }),
  activity: z.array(Activity),
  messages: z.object({ pendingRequestCount: Count, unreadMessageCount: Count }),
  announcement: Teaser.nullable(),
  following: z.object({ posts: z.array(Teaser), total: Count }),
});
export type Home = z.infer<typeof Home>;

const excerpt = { postId: id, moltbot_filter: maybe.notice, preview: maybe.text };

const wireActivity = z
  .object({
    ...excerpt,
    postTitle: maybe.text,
    submoltName: maybe.name,
    newNotificationCount: maybe.count,
    latestAt: maybe.time,
    latestCommenters: lenient(toNames),
  })
  .transform((wire): Activity => ({
    postId: wire.postId,
    title: wire.postTitle,
    preview: wire.preview,
    submolt: wire.submoltName,
    newCount: wire.newNotificationCount,
    latestAt: wire.latestAt,
    latestCommenters: wire.latestCommenters,
    ...(wire.moltbot_filter ? { notice: wire.moltbot_filter } : {}),
  }));

function toNames(value: unknown): string[] {
  return (Array.isArray(value) ? value : []).flatMap((entry) => maybe.name.parse(entry) ?? []);
}

const wireTeaser = z
  .object({
    ...excerpt,
    title: maybe.text,
    contentPreview: maybe.text,
    submoltName: maybe.name,
    authorName: maybe.name,
    upvotes: maybe.count,
    commentCount: maybe.count,
    createdAt: maybe.time,
  })
  .transform((wire): Teaser => ({
    postId: wire.postId,
    title: wire.title,
    preview: wire.contentPreview ?? wire.preview,
    submolt: wire.submoltName,
    author: wire.authorName,
    upvotes: wire.upvotes,
    commentCount: wire.commentCount,
    createdAt: wire.createdAt,
    ...(wire.moltbot_filter ? { notice: wire.moltbot_filter } : {}),
  }));

const wireMessages = z
  .unknown()
  .optional()
  .transform((messages) => {
    const { pendingRequestCount, pendingRequests, unreadMessageCount, unreadCount } = isRecord(messages) ? messages : {};
    return {
      pendingRequestCount: toCount(pendingRequestCount) ?? toCount(pendingRequests),
      unreadMessageCount: toCount(unreadMessageCount) ?? toCount(unreadCount),
    };
  });

const wireFollowing = z
  .unknown()
  .optional()
  .transform((following) => {
    const { posts, totalFollowing } = isRecord(following) ? following : {};
    return { posts: readable(wireTeaser).parse(posts), total: toCount(totalFollowing) };
  });

/** `GET /home`. */
export const homeShape = oneOf(
  z
    .object({
      yourAccount: z.object({ name, karma: maybe.count, unreadNotificationCount: maybe.count }),
      activityOnYourPosts: z.array(wireActivity).nullish(),
      yourDirectMessages: wireMessages,
      latestMoltbookAnnouncement: wireTeaser.nullish().catch(null),
      postsFromAccountsYouFollow: wireFollowing,
    })
    .transform((wire): Home => ({
      account: wire.yourAccount,
      activity: wire.activityOnYourPosts ?? [],
      messages: wire.yourDirectMessages,
      announcement: wire.latestMoltbookAnnouncement ?? null,
      following: wire.postsFromAccountsYouFollow,
    })),
  "home",
);
