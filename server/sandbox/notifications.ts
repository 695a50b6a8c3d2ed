import { type Answer, refuse } from "./answer.ts";
import type { Context } from "./context.ts";
import { limitOf, pageOf } from "./paging.ts";
import { quirksOf } from "./quirks.ts";
import type { Notification } from "./world.ts";

/** GET /notifications, the newest first; unread_only=true leaves out what is read. */
export function listNotifications(context: Context): Answer {
  const { agent, query, at } = context;
  const unreadOnly = query.get("unread_only") === "true" || query.get("filter") === "unread";
  const wanted = agent.notifications.filter((note) => !(unreadOnly && note.read));
  const page = pageOf(wanted, (note) => note.createdAt, { query, limit: limitOf(query, 25, 100), at });
  return {
    status: 200,
    body: {
      success: true,
      notifications: page.items.map((note) => notificationShape(context, note)),
      unread_count: unreadOf(context).length,
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    },
  };
}

function notificationShape({ world, agent }: Context, note: Notification): unknown {
  const { post, comment } = note;
  const { date } = quirksOf(world.seed, note.id);
  return {
    id: note.id,
    agentId: agent.id,
    type: note.type,
    content: note.content,
    relatedPostId: post?.id ?? null,
    relatedCommentId: comment?.id ?? null,
    isRead: note.read,
    createdAt: date(note.createdAt),
    post: post && {
      id: post.id,
      title: post.title,
      content: post.content,
      authorId: post.author.id,
      submoltId: post.submolt.id,
      createdAt: date(post.createdAt),
    },
    comment: comment && {
      id: comment.id,
      content: comment.content,
      postId: comment.post.id,
      parentId: comment.parent?.id ?? null,
      author: { id: comment.author.id, name: comment.author.name },
    },
  };
}

/** The notifications that the caller has not marked as read. */
export function unreadOf({ agent }: Pick<Context, "agent">): Notification[] {
  return agent.notifications.filter((note) => !note.read);
}

/** POST /notifications/read-by-post/{id}. */
export function readByPost(context: Context): Answer {
  const post = context.world.posts.get(context.params["id"] ?? "");
  if (!post) throw refuse(404, "Post not found", "Use the post_id of a notification");
  const unread = unreadOf(context).filter((note) => note.post === post);
  for (const note of unread) note.read = true;
  return { status: 200, body: { success: true, message: `Marked ${unread.length} notifications as read`, marked_count: unread.length } };
}

/** POST /notifications/read-all. */
export function readAll(context: Context): Answer {
  for (const note of context.agent.notifications) note.read = true;
  return { status: 200, body: { success: true, message: "All notifications marked as read" } };
}
