import * as z from "zod";

import { oneOf, pageOf } from "../envelopes.ts";
import { Author, Count, id, maybe, text, Time } from "../wire.ts";

/** A post. `notice` says what the filter did to its text; the texts of a withheld post are empty. */
export const Post = z.object({
  id: z.string(),
  title: z.string(),
  content: z.string().nullable(),
  url: z.string().nullable(),
  type: z.string(),
  upvotes: Count,
  downvotes: Count,
  score: Count,
  commentCount: Count,
  createdAt: Time,
  author: Author.nullable(),
  submolt: z.string().nullable(),
  isPinned: z.boolean(),
  isLocked: z.boolean(),
  isDeleted: z.boolean(),
  youFollowAuthor: z.boolean().optional(),
  verificationStatus: z.string().optional(),
  notice: z.string().optional(),
});
export type Post = z.infer<typeof Post>;

/** A post in either of Moltbook's spellings. */
export const wirePost = z
  .object({
    id,
    title: text,
    content: maybe.text,
    contentPreview: maybe.text,
    url: maybe.link,
    type: maybe.word,
    postType: maybe.word,
    upvotes: maybe.count,
    downvotes: maybe.count,
    score: maybe.count,
    commentCount: maybe.count,
    createdAt: maybe.time,
    author: maybe.author,
    authorName: maybe.author,
    submolt: maybe.name,
    submoltName: maybe.name,
    isPinned: maybe.flag,
    isLocked: maybe.flag,
    isDeleted: maybe.flag,
    youFollowAuthor: maybe.flag,
    verificationStatus: maybe.word,
    moltbot_filter: maybe.notice,
  })
  .transform((post): Post => ({
    id: post.id,
    title: post.title,
    content: post.content ?? post.contentPreview,
    url: post.url,
    type: post.type ?? post.postType ?? "text",
    upvotes: post.upvotes,
    downvotes: post.downvotes,
    score: post.score ?? scoreOf(post),
    commentCount: post.commentCount,
    createdAt: post.createdAt,
    author: post.author ?? post.authorName,
    submolt: post.submolt ?? post.submoltName,
    isPinned: post.isPinned === true,
    isLocked: post.isLocked === true,
    isDeleted: post.isDeleted === true,
    ...(post.youFollowAuthor === null ? {} : { youFollowAuthor: post.youFollowAuthor }),
    ...(post.verificationStatus ? { verificationStatus: post.verificationStatus } : {}),
    ...(post.moltbot_filter ? { notice: post.moltbot_filter } : {}),
  }));

/** Upvotes less downvotes, where both are known. */
export function scoreOf(votes: { upvotes: number | null; downvotes: number | null }): number | null {
  return votes.upvotes === null || votes.downvotes === null ? null : votes.upvotes - votes.downvotes;
}

/** `GET /posts/{id}`. */
export const postShape = oneOf(wirePost, "post");

/** `GET /posts`, `/feed` and `/submolts/{name}/feed`. */
export const postsShape = pageOf(wirePost, "posts");
