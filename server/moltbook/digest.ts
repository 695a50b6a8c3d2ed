import * as z from "zod";

import type { Seen } from "./queries.ts";
import type { Comment } from "./shapes/comments.ts";
import type { Post } from "./shapes/posts.ts";

const PREVIEW = 500;
const CONTENT = 12_000;
const COMMENT = 1_500;
const MOST_COMMENTS = 60;
const MOST_TEXT = 24_000;

const Count = z.int().nullable();

/** A post as an agent sees it in a list: author first, text cut to a preview. `notice` says what the filter did to it. */
export const PostDigest = z.object({
  author: z.string().nullable(),
  id: z.string(),
  submolt: z.string().nullable(),
  title: z.string(),
  content: z.string().nullable(),
  content_cut: z.boolean().describe("True if there is more text: open the post"),
  url: z.string().nullable(),
  upvotes: Count,
  downvotes: Count,
  comments: Count,
  age: z.string().nullable(),
  notice: z.string().optional(),
});
export type PostDigest = z.infer<typeof PostDigest>;

/** A comment as an agent sees it; replies follow the comment that `reply_to` names. */
export const CommentDigest = z.object({
  author: z.string().nullable(),
  id: z.string(),
  reply_to: z.string().nullable(),
  content: z.string(),
  upvotes: Count,
  age: z.string().nullable(),
  notice: z.string().optional(),
});
export type CommentDigest = z.infer<typeof CommentDigest>;

/** A post cut for a list of many. */
export function previewOf(post: Post): PostDigest {
  return digestOf(post, PREVIEW);
}

/** A post cut for an agent that opened it. */
export function fullOf(post: Post): PostDigest {
  return digestOf(post, CONTENT);
}

function digestOf(post: Post, length: number): PostDigest {
  return {
    author: post.author?.name ?? null,
    id: post.id,
    submolt: post.submolt,
    title: post.title,
    content: post.content && cut(post.content, length),
    content_cut: (post.content?.length ?? 0) > length,
    url: post.url,
    upvotes: post.upvotes,
    downvotes: post.downvotes,
    comments: post.commentCount,
    age: ageOf(post.createdAt),
    ...(post.notice ? { notice: post.notice } : {}),
  };
}

/** What to remember of a post that was shown. */
export function seenPost({ id, title, author, comments }: PostDigest): Seen {
  return { kind: "post", id, title: title || null, author, comments };
}

/** What to remember of a comment that was shown. */
export function seenComment({ id, author }: CommentDigest): Seen {
  return { kind: "comment", id, title: null, author, comments: null };
}

/** A thread in reading order, at most sixty comments and 24,000 characters, and how many comments were left out. */
export function threadOf(comments: Comment[]): { comments: CommentDigest[]; omitted: number } {
  const flat: CommentDigest[] = [];
  const walk = (comment: Comment, parent: string | null): void => {
    flat.push({
      author: comment.author?.name ?? null,
      id: comment.id,
      reply_to: parent,
      content: cut(comment.content, COMMENT),
      upvotes: comment.upvotes,
      age: ageOf(comment.createdAt),
      ...(comment.notice ? { notice: comment.notice } : {}),
    });
    for (const reply of comment.replies) walk(reply, comment.id);
  };
  for (const comment of comments) walk(comment, null);
  const shown: CommentDigest[] = [];
  let left = MOST_TEXT;
  for (const comment of flat) {
    left -= comment.content.length;
    if (shown.length === MOST_COMMENTS || left < 0) break;
    shown.push(comment);
  }
  return { comments: shown, omitted: flat.length - shown.length };
}

/** How long ago a moment was, in one unit: "40s", "12min", "5h", "3d". */
export function ageOf(time: string | null, now = Date.now()): string | null {
  if (!time) return null;
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}min`;
  return seconds < 86_400 * 2 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

/** Never inside a surrogate pair: half a character is no text. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? length - 1 : length;
  return `${text.slice(0, end)}…`;
}
