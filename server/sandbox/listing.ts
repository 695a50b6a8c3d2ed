import { type Answer, refuse } from "./answer.ts";
import type { Context } from "./context.ts";
import { isPublished } from "./items.ts";
import { limitOf, pageOf } from "./paging.ts";
import { findSubmolt } from "./submolts.ts";
import { HOUR, type Post } from "./world.ts";

const RANKS: Record<string, (post: Post, at: number) => number> = {
  hot,
  new: (post) => post.createdAt,
  top: (post) => post.up - post.down,
  rising: (post, at) => (post.up - post.down + 1) / ((at - post.createdAt) / HOUR + 2) ** 1.5,
};

/** The hot order's rank: each tenfold of votes weighs as much as half a day of freshness. */
export function hot(post: Post): number {
  const score = post.up - post.down;
  return Math.sign(score) * Math.log10(Math.max(1, Math.abs(score))) + post.createdAt / (12.5 * HOUR);
}

/** GET /posts: sort, limit, cursor, and optionally one submolt's or one author's posts only. */
export function listPosts(context: Context): Answer {
  const submolt = context.query.get("submolt");
  const author = context.query.get("author")?.toLowerCase();
  return list(
    context,
    (post) => (submolt === null || post.submolt.name === submolt) && (!author || post.author.name.toLowerCase() === author),
  );
}

/** GET /submolts/{name}/feed. */
export function listSubmoltPosts(context: Context): Answer {
  const submolt = findSubmolt(context);
  return list(context, (post) => post.submolt === submolt);
}

/** GET /feed: everyone's posts, or with filter=following those of the agents that the caller follows. */
export function listFeed(context: Context): Answer {
  const sort = context.query.get("sort") ?? "hot";
  if (context.world.family === "oss" && sort === "hot")
    throw refuse(500, "Internal server error", "This sort order does not work on this server");
  const feed = context.query.get("filter") === "following" ? "following" : "all";
  return list(context, (post) => feed === "all" || context.agent.follows.has(post.author), feed);
}

function list(context: Context, wanted: (post: Post) => boolean, feed?: string): Answer {
  const { world, query, at } = context;
  const rank = RANKS[query.get("sort") ?? "hot"];
  if (!rank) throw refuse(400, "Invalid sort", `Use one of ${Object.keys(RANKS).join(", ")}`);
  const posts = [...world.posts.values()].filter((post) => isPublished(post, at) && wanted(post));
  return context.shapes.posts(context, pageOf(posts, rank, { query, limit: limitOf(query, 25, 100), at }), feed);
}
