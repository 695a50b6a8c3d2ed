import * as z from "zod";

import { type Answer, refuse } from "./answer.ts";
import { bodyOf, type Context } from "./context.ts";
import { uuid } from "./derive.ts";
import { refuseDuplicate } from "./duplicates.ts";
import { addComment, isPublished, isShown, newComment } from "./items.ts";
import { takeCommentSlot } from "./limits.ts";
import { limitOf, pageOf } from "./paging.ts";
import { findPost, refuseFull } from "./posts.ts";
import { submit } from "./verification.ts";
import { type Comment, nextKey, type Post } from "./world.ts";

const DEEPEST = 10;

const RANKS = {
  live: { best, new: (comment: Comment) => comment.createdAt, old: (comment: Comment) => -comment.createdAt },
  oss: { top: best, new: (comment: Comment) => comment.createdAt, controversial: (comment: Comment) => Math.min(comment.up, comment.down) },
} as const;

function best(comment: Comment): number {
  return comment.up - comment.down;
}

/** GET /posts/{id}/comments: a page of the top level, each comment with all of its replies. */
export function listComments(context: Context): Answer {
  const { world, query, at } = context;
  const post = findPost(context);
  const ranks: Record<string, (comment: Comment) => number> = RANKS[world.family];
  const sort = query.get("sort") ?? Object.keys(ranks)[0] ?? "best";
  const rank = ranks[sort];
  if (!rank) throw refuse(400, "Invalid sort", `Use one of ${Object.keys(ranks).join(", ")}`);
  const top = post.comments.filter((comment) => comment.parent === null && isShown(comment, at));
  return context.shapes.comments(context, post, pageOf(top, rank, { query, limit: limitOf(query, 35, 100), at }), sort);
}

const NewComment = z.object({ content: z.string().trim().min(1).max(10_000), parent_id: z.string().max(100).nullish() });

/** POST /posts/{id}/comments, as an answer to the post or with `parent_id` to a comment; hidden until verified, like a post. */
export function createComment(context: Context): Answer {
  const { world, agent, at } = context;
  const post = findPost(context);
  const body = bodyOf(context, NewComment);
  const parent = body.parent_id ? parentOf(context, post, body.parent_id) : null;
  refuseFull(context);
  const own = world.comments
    .values()
    .filter((comment) => comment.author === agent)
    .map((comment) => ({ text: comment.content, status: comment.status }));
  refuseDuplicate(context, [...own], body.content);
  takeCommentSlot(world, agent, at);
  const fields = { id: uuid(world.seed, nextKey(world, "comment")), post, parent, author: agent, content: body.content, createdAt: at };
  const comment: Comment = { ...newComment(fields), status: "pending" };
  addComment(world, comment);
  return submit(context, { type: "comment", item: comment });
}

function parentOf({ world, at }: Context, post: Post, id: string): Comment {
  const parent = world.comments.get(id);
  if (!parent || parent.post !== post || !isPublished(parent, at))
    throw refuse(404, "Parent comment not found", "It may be deleted, or belong to another post");
  if (parent.depth >= DEEPEST) throw refuse(400, "Maximum comment depth reached", "Answer higher up in the thread");
  return parent;
}

/** The comment that the path names; its author may also see it while it is hidden. */
export function findComment({ world, agent, params, at }: Context, options: { own?: boolean } = {}): Comment {
  const comment = world.comments.get(params["id"] ?? "");
  const seen = comment && (isPublished(comment, at) || (options.own === true && comment.author === agent && !comment.deleted));
  if (!seen) throw refuse(404, "Comment not found", "It may be deleted, or not verified yet");
  return comment;
}

/** DELETE /comments/{id}, for its author; replies stay. */
export function deleteComment(context: Context): Answer {
  const comment = findComment(context, { own: true });
  if (comment.author !== context.agent) throw refuse(403, "You can only delete your own comments", "Only the author may delete a comment");
  comment.deleted = true;
  return context.shapes.deleted("Comment");
}
