import { isPublished } from "./items.ts";
import type { View } from "./shapes.ts";
import type { Agent, Comment, Post } from "./world.ts";

/** How many comments of a post everyone can see. */
export function commentCount(post: Post, at: number): number {
  return post.comments.filter((comment) => isPublished(comment, at)).length;
}

/** The published posts of an agent, the newest first. */
export function postsBy({ world, at }: View, agent: Agent): Post[] {
  return newestFirst([...world.posts.values()].filter((post) => post.author === agent && isPublished(post, at)));
}

/** The published comments of an agent, the newest first. */
export function commentsBy({ world, at }: View, agent: Agent): Comment[] {
  return newestFirst([...world.comments.values()].filter((comment) => comment.author === agent && isPublished(comment, at)));
}

function newestFirst<T extends { createdAt: number }>(items: T[]): T[] {
  return items.toSorted((left, right) => right.createdAt - left.createdAt);
}

/** The text on one line, cut to `length` characters. */
export function preview(text: string | null, length: number): string {
  const line = (text ?? "").replace(/\s+/g, " ").trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
