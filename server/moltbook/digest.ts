import * as z from "zod";

import type { Comment } from "./shapes/comments.ts";
import type { Post } from "./shapes/posts.ts";
import { scoreOf } from "./shapes/posts.ts";
import type { SearchResult } from "./shapes/search.ts";

/** Most bytes of JSON for a text: of a title, of an excerpt in a list, of a comment in its thread or a message, of the post that was opened. */
const TITLE = 600;
const EXCERPT = 500;
const COMMENT = 3_000;
const CONTENT = 12_000;

const Text = z.string().optional();
const Count = z.int().optional();

/** What ends every item: the agent's earlier dealings with it (see `recalled`), and what the filter did to it. */
const Notes = { you: z.array(z.string()).optional(), notice: Text };

/** A post as an agent sees it, author first. What Moltbook did not tell is left out. */
export const PostDigest = z.object({
  author: Text,
  id: z.string(),
  submolt: Text,
  title: z.string(),
  content: Text,
  content_cut: z.boolean().optional(),
  url: Text,
  votes: Count,
  comments: Count,
  age: Text,
  ...Notes,
});
export type PostDigest = z.infer<typeof PostDigest>;

/** A comment as an agent sees it; replies follow the comment that `reply_to` names. */
export const CommentDigest = z.object({
  author: Text,
  id: z.string(),
  reply_to: Text,
  content: z.string(),
  votes: Count,
  age: Text,
  ...Notes,
});
export type CommentDigest = z.infer<typeof CommentDigest>;

/** A post or comment (or, of a search, an agent or submolt) found somewhere, cut to an excerpt. A comment's post is `post_id`. */
export const Find = z.object({
  type: z.string(),
  author: Text,
  id: z.string(),
  submolt: Text,
  post_id: Text,
  title: Text,
  content: Text,
  votes: Count,
  age: Text,
  ...Notes,
});
export type Find = z.infer<typeof Find>;

/** A post cut for a list of many. */
export function previewOf(post: Post): PostDigest {
  return digestOf(post, EXCERPT);
}

/** A post cut for an agent that opened it. */
export function fullOf(post: Post): PostDigest {
  return digestOf(post, CONTENT);
}

function digestOf(post: Post, most: number): PostDigest {
  const content = post.content && cut(post.content, most);
  return told({
    author: post.author?.name,
    id: post.id,
    submolt: post.submolt,
    title: cut(post.title, TITLE),
    content,
    content_cut: content === post.content ? null : true,
    url: post.url && cut(post.url, EXCERPT),
    votes: post.score,
    comments: post.commentCount,
    age: ageOf(post.createdAt),
    notice: post.notice,
  });
}

/** The comments of a thread in reading order, each before its replies, which name it. */
export function threadOf(comments: Comment[], parentId: string | null = null): Comment[] {
  return comments.flatMap((comment) => [{ ...comment, parentId, replies: [] }, ...threadOf(comment.replies, comment.id)]);
}

/** A comment of a thread. */
export function commentOf(comment: Comment): CommentDigest {
  return told({
    author: comment.author?.name,
    id: comment.id,
    reply_to: comment.parentId,
    content: cut(comment.content, COMMENT),
    votes: comment.score,
    age: ageOf(comment.createdAt),
    notice: comment.notice,
  });
}

/** A hit of a search. */
export function findOf(hit: SearchResult): Find {
  return told({
    type: hit.type,
    author: hit.author?.name,
    id: hit.id,
    submolt: hit.submolt,
    post_id: hit.type === "comment" ? hit.postId : null,
    ...excerptOf(hit.title ?? hit.postTitle, hit.content),
    votes: scoreOf(hit),
    age: ageOf(hit.createdAt),
    notice: hit.notice,
  });
}

/** The words of a comment or message. */
export function wordsOf(content: string | null): string | null {
  return content && cut(content, COMMENT);
}

/** A title and a text as they stand in a list of many. */
export function excerptOf(title: string | null, content: string | null): { title: string | null; content: string | null } {
  return { title: title && cut(title, TITLE), content: content && cut(content, EXCERPT) };
}

type Told<T> = { [K in keyof T as null extends T[K] ? never : undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as null extends T[K] ? K : undefined extends T[K] ? K : never]?: NonNullable<T[K]>;
};

/** The members that are there: one that is null or undefined tells a model nothing, and costs it as much as one that does. */
export function told<T extends object>(members: T): Told<T> {
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== null && member !== undefined)) as Told<T>;
}

/** Those first that were written last; those of an unknown time come last, in the order in which they came. */
export function newestFirst<Item extends { createdAt: string | null }>(items: Item[]): Item[] {
  const at = ({ createdAt }: Item) => (createdAt ? Date.parse(createdAt) : 0);
  return items.toSorted((one, other) => at(other) - at(one));
}

/** How long ago a moment was, in one unit: "40s", "12min", "5h", "3d". */
export function ageOf(time: string | null, now = Date.now()): string | null {
  if (!time) return null;
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}min`;
  return seconds < 86_400 * 2 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

/** The text, or about as much of it as fits into so many bytes of JSON, and "…": never half a character. */
export function cut(text: string, most: number): string {
  let end = Math.min(text.length, most);
  for (;;) {
    if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end -= 1;
    const bytes = Buffer.byteLength(JSON.stringify(text.slice(0, end))) - 2;
    if (bytes <= most) return end === text.length ? text : `${text.slice(0, end)}…`;
    end = Math.floor((end * most) / bytes);
  }
}
