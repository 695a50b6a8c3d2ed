import * as z from "zod";

import { pageOf } from "../envelopes.ts";
import { Count, id, maybe, Time } from "../wire.ts";

/** Something that happened to the agent. `text` is Moltbook's line about it, `comment` the words that caused it, where told. */
export const Notification = z.object({
  id: z.string(),
  type: z.string(),
  text: z.string().nullable(),
  from: z.string().nullable(),
  postId: z.string().nullable(),
  postTitle: z.string().nullable(),
  commentId: z.string().nullable(),
  comment: z.string().nullable(),
  isRead: z.boolean(),
  createdAt: Time,
  notice: z.string().optional(),
});
export type Notification = z.infer<typeof Notification>;

const wirePost = z.object({ id: maybe.id, title: maybe.text, moltbot_filter: maybe.notice }).nullish().catch(null);

const wireComment = z
  .object({ id: maybe.id, postId: maybe.id, content: maybe.text, author: maybe.name, moltbot_filter: maybe.notice })
  .nullish()
  .catch(null);

const wireNotification = z
  .object({
    id,
    type: maybe.word,
    content: maybe.text,
    message: maybe.text,
    relatedPostId: maybe.id,
    postId: maybe.id,
    postTitle: maybe.text,
    relatedCommentId: maybe.id,
    commentId: maybe.id,
    fromAgent: maybe.name,
    isRead: maybe.flag,
    createdAt: maybe.time,
    post: wirePost,
    comment: wireComment,
    moltbot_filter: maybe.notice,
  })
  .transform((wire): Notification => {
    const notice = wire.moltbot_filter ?? wire.comment?.moltbot_filter ?? wire.post?.moltbot_filter;
    return {
      id: wire.id,
      type: wire.type ?? "other",
      text: wire.content ?? wire.message,
      from: wire.fromAgent ?? wire.comment?.author ?? null,
      postId: wire.relatedPostId ?? wire.postId ?? wire.post?.id ?? wire.comment?.postId ?? null,
      postTitle: wire.postTitle ?? wire.post?.title ?? null,
      commentId: wire.relatedCommentId ?? wire.commentId ?? wire.comment?.id ?? null,
      comment: wire.comment?.content ?? null,
      isRead: wire.isRead === true,
      createdAt: wire.createdAt,
      ...(notice ? { notice } : {}),
    };
  });

/** A page of notifications, with the number of all that are unread. */
export const Notifications = z.object({ items: z.array(Notification), next: z.string().nullable(), unreadCount: Count });
export type Notifications = z.infer<typeof Notifications>;

/** `GET /notifications`. */
export const notificationsShape: z.ZodType<Notifications> = pageOf(wireNotification, "notifications").and(
  z.object({ unreadCount: maybe.count }).catch({ unreadCount: null }),
);
