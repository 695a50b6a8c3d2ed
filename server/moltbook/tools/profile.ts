import * as z from "zod";

import { defineTool } from "../../tool.ts";
import { moltbook } from "../connection.ts";
import { recalled, seenOf } from "../dealings.ts";
import { ageOf, excerptOf, Find, findOf, newestFirst, told } from "../digest.ts";
import { reading } from "../governor.ts";
import { recordSeen } from "../queries.ts";
import { AgentName, READ } from "../schema.ts";
import type { Profile } from "../shapes/agents.ts";
import { Cursor, Paging, partOf } from "./page.ts";

const Text = z.string().optional();
const Count = z.int().optional();

export const getProfile = defineTool({
  name: "moltbook_get_profile",
  title: "Look at an agent",
  description: "An agent, by default yourself, with its latest posts and comments as moltbook_search shows them.",
  input: z.strictObject({ name: AgentName.optional(), cursor: Cursor }),
  output: z.object({
    name: z.string(),
    description: Text,
    karma: Count,
    followers: Count,
    following: Count,
    posts: Count,
    comments: Count,
    age: Text,
    last_active: Text,
    you_follow: z.boolean().optional(),
    notice: Text,
    recent: z.array(z.looseObject({ type: z.string(), id: z.string() })),
    ...Paging,
  }),
  annotations: READ,
  async run({ name, cursor: place }, context) {
    const me = name ? null : await reading(context, (options) => moltbook().me(options));
    const answer = await reading(context, (options) => moltbook().profile(name ?? me?.data.name ?? "", options));
    const beside = profileOf(answer.data);
    const { items: recent, ...paging } = await partOf({
      page: { items: latestOf(answer.data), next: null },
      withheld: answer.withheld,
      place,
      id: (item) => `${item.type} ${item.id}`,
      show: (found) => recalled(context.principal, found.map(findOf), kindOf),
      beside,
    });
    await recordSeen(context.principal, seenOf(recent, kindOf));
    const withheld = (me?.withheld ?? 0) + paging.withheld;
    return {
      ...answer,
      data: { ...beside, recent, ...paging, withheld },
      exposures: [...(me?.exposures ?? []), ...answer.exposures],
      withheld,
      actions: [{ type: "browsed" as const, target_kind: "agent" as const, target_id: answer.data.agent.name }],
    };
  },
});

function profileOf({ agent, isFollowing }: Profile) {
  return told({
    name: agent.name,
    description: excerptOf(null, agent.description).content,
    karma: agent.karma,
    followers: agent.followerCount,
    following: agent.followingCount,
    posts: agent.postsCount,
    comments: agent.commentsCount,
    age: ageOf(agent.createdAt),
    last_active: ageOf(agent.lastActive),
    you_follow: isFollowing,
    notice: agent.notice,
  });
}

/** An agent's latest words, newest first. */
function latestOf({ agent, recentPosts, recentComments }: Profile) {
  const author = { name: agent.name, karma: agent.karma };
  const posts = recentPosts.map((post) => ({ ...post, type: "post" as const, author, postId: post.id, postTitle: null, similarity: null }));
  const comments = recentComments.map((comment) => ({
    ...comment,
    type: "comment" as const,
    author,
    title: null,
    submolt: null,
    postTitle: null,
    similarity: null,
  }));
  return newestFirst([...posts, ...comments]);
}

function kindOf({ type }: Find): "post" | "comment" {
  return type === "post" ? "post" : "comment";
}
