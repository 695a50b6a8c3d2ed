import type { Principal } from "../../tokens/queries.ts";
import type { Answer } from "../client.ts";
import type { Comment } from "../shapes/comments.ts";
import type { Post } from "../shapes/posts.ts";
import type { Rehearsed } from "./queries.ts";
import { listRehearsed } from "./queries.ts";

/** How the ids of what a dry run would have written begin, so that they are never asked for at Moltbook. */
export const DRY = "dry_";

/** An answer of ours in place of Moltbook's. */
export function rehearsed<Data>(data: Data): Answer<Data> {
  const upstream = { method: "", path: "", status: 0, ms: 0, bytes: 0, rateLimit: null };
  return { data, exposures: [], withheld: 0, upstream };
}

/** The posts that a dry run would have published, as its own later reads show them; of one submolt, or of all. None outside dry runs. */
export async function rehearsedPosts(who: Principal, submolt?: string): Promise<Post[]> {
  if (who.mode !== "dry_run") return [];
  const posts = await listRehearsed(who, "post");
  return posts.filter(({ place }) => submolt === undefined || place === submolt).map(postOf);
}

/** The comments that a dry run would have published under a post. None outside dry runs. */
export async function rehearsedComments(who: Principal, postId: string): Promise<Comment[]> {
  if (who.mode !== "dry_run") return [];
  const comments = await listRehearsed(who, "comment");
  return comments.filter(({ place }) => place === postId).map((comment) => commentOf(comment, postId));
}

function postOf({ item_id: id, place: submolt, title, content, written_at: createdAt, author }: Rehearsed): Post {
  const flags = { isPinned: false, isLocked: false, isDeleted: false };
  const counts = { upvotes: 0, downvotes: 0, score: 0, commentCount: 0 };
  return { id, title: title ?? "", content, url: null, type: "text", ...counts, createdAt, author: authorOf(author), submolt, ...flags };
}

function commentOf({ item_id: id, content, written_at: createdAt, author }: Rehearsed, postId: string): Comment {
  const counts = { upvotes: 0, downvotes: 0, score: 0, replyCount: 0, depth: 0 };
  const place = { postId, parentId: null, isDeleted: false, replies: [] };
  return { id, content: content ?? "", ...counts, ...place, createdAt, author: authorOf(author) };
}

function authorOf(name: string | null) {
  return name === null ? null : { name, karma: null };
}
