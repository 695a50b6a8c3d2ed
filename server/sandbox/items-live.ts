import { commentCount, commentsBy, postsBy } from "./counts.ts";
import { isPublished, isShown } from "./items.ts";
import { rolesOf } from "./labels.ts";
import { hot } from "./listing.ts";
import { isoDate, postgresDate, quirksOf } from "./quirks.ts";
import type { Hit, View } from "./shapes.ts";
import type { Agent, Comment, Post, Submolt } from "./world.ts";

/** The caller's own account, with what only it may know. */
export function ownProfile(view: View): unknown {
  const { agent } = view;
  const posts = postsBy(view, agent).length;
  const comments = commentsBy(view, agent).length;
  return {
    ...accountShape(view, agent, posts, comments),
    owner_id: agent.owner ? `owner-${agent.id}` : null,
    owner: agent.owner,
    stats: { posts, comments, subscriptions: agent.subscriptions.size },
    metadata: agent.metadata,
  };
}

function accountShape({ at }: View, agent: Agent, posts: number, comments: number): object {
  return {
    id: agent.id,
    name: agent.name,
    description: agent.description,
    karma: agent.karma,
    follower_count: agent.followers,
    following_count: agent.following,
    posts_count: posts,
    comments_count: comments,
    is_claimed: agent.claimedAt !== null,
    is_active: true,
    created_at: isoDate(agent.createdAt),
    last_active: postgresDate(at),
    claimed_at: agent.claimedAt === null ? null : isoDate(agent.claimedAt),
    avatar_url: null,
  };
}

/** An agent as everyone sees it, with the public part of its owner. */
export function profileShape(view: View, agent: Agent): unknown {
  const account = accountShape(view, agent, postsBy(view, agent).length, commentsBy(view, agent).length);
  const owner = agent.owner && { ...agent.owner, x_avatar: null, x_bio: "", x_follower_count: 0, x_following_count: 0, x_verified: false };
  return {
    ...account,
    display_name: agent.name,
    is_verified: agent.claimedAt !== null,
    claimed_by: agent.owner?.x_handle ?? null,
    labels: labelsOf(view, agent),
    owner,
  };
}

function labelsOf({ world }: View, agent: Agent): object[] {
  return rolesOf(world, agent).map(({ key, label, color, submolt }) => ({ key, label, color, kind: "role", submolt_name: submolt.name }));
}

/** A post as lists and single answers have it. */
export function postShape(view: View, post: Post): object {
  const { world, agent, at } = view;
  const quirks = quirksOf(world.seed, post.id);
  const { id, name, displayName } = post.submolt;
  return {
    id: post.id,
    title: post.title,
    content: post.content,
    url: post.url,
    type: post.type,
    upvotes: quirks.count(post.up),
    downvotes: quirks.count(post.down),
    score: quirks.count(post.up - post.down),
    comment_count: quirks.count(commentCount(post, at)),
    hot_score: hot(post),
    is_pinned: post.pinned,
    is_locked: false,
    is_deleted: post.removed,
    created_at: quirks.date(post.createdAt),
    updated_at: quirks.date(post.createdAt),
    author_id: post.author.id,
    ...(quirks.flatAuthor ? { author_name: post.author.name } : { author: authorShape(view, post.author) }),
    ...(quirks.flatSubmolt ? { submolt_name: name } : { submolt: { id, name, display_name: displayName } }),
    you_follow_author: agent.follows.has(post.author),
  };
}

function authorShape({ world }: View, agent: Agent): object {
  const followers = quirksOf(world.seed, agent.id).snakeFollowers
    ? { follower_count: agent.followers }
    : { followerCount: agent.followers };
  return { id: agent.id, name: agent.name, description: agent.description, karma: agent.karma, ...followers, avatar_url: null };
}

/** A comment with everything that hangs below it. */
export function commentTree(view: View, comment: Comment): object {
  const replies = comment.replies.filter((reply) => isShown(reply, view.at));
  return commentShape(
    view,
    comment,
    replies.map((reply) => commentTree(view, reply)),
  );
}

/** One comment; a deleted one that still has replies keeps its place without its text and author. */
export function commentShape({ world, at }: View, comment: Comment, replies: object[]): object {
  const quirks = quirksOf(world.seed, comment.id);
  const { id, name, karma, followers } = comment.author;
  return {
    id: comment.id,
    post_id: comment.post.id,
    parent_id: comment.parent?.id ?? null,
    content: comment.deleted ? "[deleted]" : comment.content,
    author: comment.deleted ? null : { id, name, karma, followerCount: followers },
    upvotes: quirks.count(comment.up),
    downvotes: quirks.count(comment.down),
    reply_count: comment.replies.filter((reply) => isPublished(reply, at)).length,
    depth: comment.depth,
    created_at: quirks.date(comment.createdAt),
    replies,
  };
}

/** A submolt, with the number of its published posts. */
export function submoltShape({ world, at }: View, submolt: Submolt): object {
  const posts = [...world.posts.values()].filter((post) => post.submolt === submolt && isPublished(post, at));
  const quirks = quirksOf(world.seed, submolt.id);
  return {
    id: submolt.id,
    name: submolt.name,
    display_name: submolt.displayName,
    description: submolt.description,
    subscriber_count: quirks.count(submolt.subscribers),
    post_count: quirks.count(posts.length),
    allow_crypto: submolt.allowCrypto,
    created_by: submolt.createdBy?.id ?? null,
    banner_color: submolt.colors.banner,
    theme_color: submolt.colors.theme,
    is_nsfw: false,
    is_private: false,
    created_at: quirks.date(submolt.createdAt),
    last_activity_at: quirks.date(posts.reduce((latest, post) => Math.max(latest, post.createdAt), submolt.createdAt)),
  };
}

/** A search's find; the measure of similarity is called relevance in some answers. */
export function hitShape(view: View, { item, similarity }: Hit): object {
  const { world, at } = view;
  const quirks = quirksOf(world.seed, `hit:${item.id}`);
  const post = item.kind === "post" ? item : item.post;
  const { name, displayName } = post.submolt;
  return {
    id: item.id,
    type: item.kind,
    title: item.kind === "post" ? item.title : null,
    content: item.content,
    upvotes: quirks.count(item.up),
    downvotes: quirks.count(item.down),
    created_at: quirks.date(item.createdAt),
    ...(quirks.snakeFollowers ? { similarity } : { relevance: similarity }),
    author: { name: item.author.name },
    submolt: item.kind === "post" ? { name, display_name: displayName } : null,
    ...(item.kind === "comment" ? { post: { id: post.id, title: post.title } } : { url: post.url, comment_count: commentCount(post, at) }),
    post_id: post.id,
  };
}
