import * as z from "zod";

import { isBlank, pageOf } from "../envelopes.ts";
import { Author, Count, id, lenient, maybe, text, Time } from "../wire.ts";
import { scoreOf } from "./posts.ts";

/** A comment with the replies below it. `depth` is 0 for a comment on the post itself. */
export const Comment = z.object({
  id: z.string(),
  postId: z.string().nullable(),
  parentId: z.string().nullable(),
  content: z.string(),
  author: Author.nullable(),
  upvotes: Count,
  downvotes: Count,
  score: Count,
  replyCount: Count,
  depth: z.int(),
  createdAt: Time,
  isDeleted: z.boolean(),
  verificationStatus: z.string().optional(),
  notice: z.string().optional(),
  get replies() {
    return z.array(Comment);
  },
});
export type Comment = z.infer<typeof Comment>;

/** A comment in either of Moltbook's spellings. */
export const wireComment: z.ZodType<Comment> = z.lazy(() =>
  z
    .object({
      id,
      postId: maybe.id,
      parentId: maybe.id,
      content: text,
      author: maybe.author,
      authorName: maybe.author,
      upvotes: maybe.count,
      downvotes: maybe.count,
      score: maybe.count,
      replyCount: maybe.count,
      depth: maybe.count,
      createdAt: maybe.time,
      isDeleted: maybe.flag,
      verificationStatus: maybe.word,
      moltbot_filter: maybe.notice,
      replies: wireReplies,
    })
    .transform((comment): Comment => ({
      id: comment.id,
      postId: comment.postId,
      parentId: comment.parentId,
      content: comment.content,
      author: comment.author ?? comment.authorName,
      upvotes: comment.upvotes,
      downvotes: comment.downvotes,
      score: comment.score ?? scoreOf(comment),
      replyCount: comment.replyCount,
      depth: comment.depth ?? 0,
      createdAt: comment.createdAt,
      isDeleted: comment.isDeleted === true,
      ...(comment.verificationStatus ? { verificationStatus: comment.verificationStatus } : {}),
      ...(comment.moltbot_filter ? { notice: comment.moltbot_filter } : {}),
      replies: comment.replies,
    })),
);

const wireReplies: z.ZodType<Comment[]> = lenient((replies) =>
  Array.isArray(replies) ? replies.filter((reply) => !isBlank(reply)) : [],
).pipe(z.array(wireComment));

/** A page of a thread; `count` is the number of comments that Moltbook says the whole thread has. */
export const Comments = z.object({ items: z.array(Comment), next: z.string().nullable(), count: Count });
export type Comments = z.infer<typeof Comments>;

/** `GET /posts/{id}/comments`. */
export const commentsShape: z.ZodType<Comments> = pageOf(wireComment, "comments")
  .and(z.object({ count: maybe.count }).catch({ count: null }))
  .transform((page) => ({ ...page, items: page.items.map((comment) => placed(comment, 0)) }));

/** A reply stands below its parent, whether or not Moltbook told its depth. */
function placed(comment: Comment, least: number): Comment {
  const depth = Math.max(comment.depth, least);
  return { ...comment, depth, replies: comment.replies.map((reply) => placed(reply, depth + 1)) };
}
