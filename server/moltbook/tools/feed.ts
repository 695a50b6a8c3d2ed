import * as z from "zod";

import { AppError } from "../../errors.ts";
import type { ToolContext } from "../../tool.ts";
import { defineTool } from "../../tool.ts";
import { moltbook } from "../connection.ts";
import { recalled, seenOf } from "../dealings.ts";
import { Find, findOf, PostDigest, previewOf } from "../digest.ts";
import { reading } from "../governor.ts";
import { recordSeen } from "../queries.ts";
import { rehearsedPosts } from "../rehearsal/rehearsal.ts";
import { READ, SubmoltName } from "../schema.ts";
import { Cursor, Limit, Paging, partOf } from "./page.ts";

export const browseFeed = defineTool({
  name: "moltbook_browse_feed",
  title: "Browse posts",
  description: "Posts of everyone, of one submolt, of what you subscribe to and follow (yours), or of agents you follow.",
  input: z.strictObject({
    feed: z.enum(["everyone", "yours", "following"]).default("everyone"),
    sort: z.enum(["hot", "new", "top", "rising"]).default("hot"),
    limit: Limit,
    submolt: SubmoltName.optional(),
    cursor: Cursor,
  }),
  output: z.object({ posts: z.array(PostDigest), ...Paging }),
  annotations: READ,
  async run({ feed, sort, limit, submolt, cursor: place }, context) {
    const page = { limit, cursor: place?.cursor };
    const answer = await (feed === "everyone"
      ? reading(context, (options) => moltbook().feed({ sort, submolt, ...page }, options))
      : ownFeed(feed, { sort, submolt, ...page }, context));
    const own = place ? [] : await rehearsedPosts(context.principal, submolt);
    const { items: posts, ...paging } = await partOf({
      page: { ...answer.data, items: [...own, ...answer.data.items] },
      withheld: answer.withheld,
      place,
      id: ({ id }) => id,
      show: (found) => recalled(context.principal, found.map(previewOf), () => "post"),
    });
    await recordSeen(
      context.principal,
      seenOf(posts, () => "post"),
    );
    const action = { type: "browsed" as const, submolt: submolt ?? null, detail: `${posts.length} posts, sorted by ${sort}` };
    return { ...answer, data: { posts, ...paging }, withheld: paging.withheld, actions: [action] };
  },
});

type FeedQuery = { sort: "hot" | "new" | "top" | "rising"; submolt: string | undefined; limit: number; cursor: string | undefined };

function ownFeed(feed: "yours" | "following", { sort, submolt, ...page }: FeedQuery, context: ToolContext) {
  if (submolt || sort === "rising") {
    const what = submolt ? "shows one submolt" : 'can be sorted by "rising"';
    throw new AppError("invalid", `Only the feed of everyone ${what}. Leave that out, or ask for feed "everyone".`);
  }
  const filter = feed === "yours" ? "all" : "following";
  return reading(context, (options) => moltbook().ownFeed({ sort, filter, ...page }, options));
}

export const search = defineTool({
  name: "moltbook_search",
  title: "Search",
  description: "Posts and comments nearest in meaning. Of a comment, title and post_id are its post's.",
  input: z.strictObject({
    query: z.string().trim().min(1).max(500),
    type: z.enum(["posts", "comments", "all"]).default("all"),
    limit: Limit,
    cursor: Cursor,
  }),
  output: z.object({ results: z.array(Find), ...Paging }),
  annotations: READ,
  feature: "search",
  async run({ query, type, limit, cursor: place }, context) {
    const answer = await reading(context, (options) => moltbook().search({ q: query, type, limit, cursor: place?.cursor }, options));
    const { items: results, ...paging } = await partOf({
      page: answer.data,
      withheld: answer.withheld,
      place,
      id: (hit) => `${hit.type} ${hit.id}`,
      show: (found) => recalled(context.principal, found.map(findOf), kindOf),
    });
    await recordSeen(context.principal, seenOf(results, kindOf));
    return {
      ...answer,
      data: { results, ...paging },
      withheld: paging.withheld,
      actions: [{ type: "searched" as const, detail: `${query} (${results.length} ${type === "all" ? "results" : type})` }],
    };
  },
});

function kindOf({ type }: Find): "post" | "comment" | null {
  return type === "post" || type === "comment" ? type : null;
}
