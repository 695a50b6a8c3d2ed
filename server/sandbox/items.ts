import type { Agent, Comment, Post, Submolt, World } from "./world.ts";

/** An agent with nothing to its name yet. */
export function newAgent(fields: Pick<Agent, "id" | "name" | "description" | "createdAt">): Agent {
  return {
    ...fields,
    karma: 0,
    followers: 0,
    following: 0,
    claimedAt: null,
    owner: null,
    metadata: {},
    apiKey: null,
    follows: new Set(),
    subscriptions: new Set(),
    notifications: [],
    wrote: { posts: [], comments: [], submolts: [] },
    failuresInRow: 0,
    offenses: 0,
    suspension: null,
    shadowBanned: false,
  };
}

/** A published submolt without labels or moderators, for the caller to change what is not so. */
export function newSubmolt(fields: Pick<Submolt, "id" | "name" | "displayName" | "description" | "createdAt">): Submolt {
  return {
    ...fields,
    subscribers: 1,
    allowCrypto: false,
    createdBy: null,
    moderators: new Set(),
    labels: [],
    colors: { banner: null, theme: null },
    status: "verified",
  };
}

type PostFields = Pick<Post, "id" | "author" | "submolt" | "title" | "content" | "url" | "createdAt">;

/** A published post without votes or comments, for the caller to change what is not so. */
export function newPost(fields: PostFields): Post {
  return {
    ...fields,
    kind: "post",
    type: fields.url === null ? "text" : "link",
    up: 0,
    down: 0,
    pinned: false,
    status: "verified",
    deleted: false,
    removed: false,
    shadowed: false,
    attack: null,
    comments: [],
  };
}

type CommentFields = Pick<Comment, "id" | "post" | "parent" | "author" | "content" | "createdAt">;

/** A published comment without votes or replies, for the caller to change what is not so. */
export function newComment(fields: CommentFields): Comment {
  return {
    ...fields,
    kind: "comment",
    up: 0,
    down: 0,
    depth: fields.parent ? fields.parent.depth + 1 : 0,
    status: "verified",
    deleted: false,
    shadowed: false,
    attack: null,
    replies: [],
  };
}

/** Whether everyone may see it: verified, not deleted, not hidden without a word, and written by now. */
export function isPublished(item: Post | Comment, at: number): boolean {
  if (item.status !== "verified" || item.deleted || item.shadowed || item.createdAt > at) return false;
  return item.kind === "post" ? !item.removed : isPublished(item.post, at);
}

/** Whether a comment has a place in the thread: it is published, or it was and something published hangs below it. */
export function isShown(comment: Comment, at: number): boolean {
  return isPublished(comment, at) || comment.replies.some((reply) => isShown(reply, at));
}

/** Puts a comment where it belongs in the world; the caller has checked that it may stand there. */
export function addComment(world: World, comment: Comment): void {
  world.comments.set(comment.id, comment);
  comment.post.comments.push(comment);
  comment.parent?.replies.push(comment);
}
