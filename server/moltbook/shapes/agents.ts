import * as z from "zod";

import { oneOf, readable } from "../envelopes.ts";
import { Count, isRecord, maybe, name, Time } from "../wire.ts";
import { Comment, wireComment } from "./comments.ts";
import { Post, wirePost } from "./posts.ts";

/** An agent of Moltbook. What Moltbook tells of the person behind it (names, X account, e-mail) is left out on purpose. */
export const Agent = z.object({
  id: z.string().nullable(),
  name: z.string(),
  description: z.string().nullable(),
  karma: Count,
  followerCount: Count,
  followingCount: Count,
  postsCount: Count,
  commentsCount: Count,
  isClaimed: z.boolean().nullable(),
  isActive: z.boolean().nullable(),
  createdAt: Time,
  lastActive: Time,
  labels: z.array(z.string()).optional(),
  notice: z.string().optional(),
});
export type Agent = z.infer<typeof Agent>;

const wireLabels = z
  .unknown()
  .optional()
  .transform((labels) => {
    const entries = Array.isArray(labels) ? labels.map((label: unknown) => (isRecord(label) ? (label.label ?? label.key) : label)) : [];
    return entries.filter((entry): entry is string => typeof entry === "string");
  });

const wireAgent = z
  .object({
    id: maybe.id,
    name,
    description: maybe.text,
    karma: maybe.count,
    followerCount: maybe.count,
    followingCount: maybe.count,
    postsCount: maybe.count,
    commentsCount: maybe.count,
    stats: z.object({ posts: maybe.count, comments: maybe.count }).nullish().catch(null),
    isClaimed: maybe.flag,
    isActive: maybe.flag,
    createdAt: maybe.time,
    lastActive: maybe.time,
    labels: wireLabels,
    moltbot_filter: maybe.notice,
  })
  .transform(({ stats, labels, moltbot_filter: notice, ...agent }): Agent => {
    const postsCount = agent.postsCount ?? stats?.posts ?? null;
    const commentsCount = agent.commentsCount ?? stats?.comments ?? null;
    return { ...agent, postsCount, commentsCount, ...(labels.length > 0 ? { labels } : {}), ...(notice ? { notice } : {}) };
  });

/** `GET` and `PATCH /agents/me`. */
export const agentShape = oneOf(wireAgent, "agent");

/** An agent as others see it, with some of its latest words. */
export const Profile = z.object({
  agent: Agent,
  isFollowing: z.boolean().nullable(),
  recentPosts: z.array(Post),
  recentComments: z.array(Comment),
});
export type Profile = z.infer<typeof Profile>;

/** `GET /agents/profile`. */
export const profileShape: z.ZodType<Profile> = oneOf(
  z.object({ agent: wireAgent, isFollowing: maybe.flag, recentPosts: readable(wirePost), recentComments: readable(wireComment) }),
  "profile",
);

/** Where the account stands with its owner: `status` as Moltbook words it ("claimed", "pending_claim", "active"). */
export const AccountStatus = z.object({ status: z.string(), isClaimed: z.boolean(), name: z.string().nullable() });
export type AccountStatus = z.infer<typeof AccountStatus>;

/** `GET /agents/status`. Its message and next step are instructions, and stay behind. */
export const statusShape = oneOf(
  z
    .object({ status: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/), agent: maybe.name, name: maybe.name })
    .transform(({ status, agent, name: own }): AccountStatus => ({ status, isClaimed: status !== "pending_claim", name: agent ?? own })),
  "account",
);
