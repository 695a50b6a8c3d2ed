import type { Answer } from "./answer.ts";
import { commentCount, postsBy } from "./counts.ts";
import { isShown } from "./items.ts";
import type { Page } from "./paging.ts";
import { isoDate } from "./quirks.ts";
import { roleIn } from "./roles.ts";
import type { Shapes, View } from "./shapes.ts";
import type { Agent, Challenge, Comment, Post, Submolt } from "./world.ts";

/** The shapes of the open-source server: one envelope for lists, flat author names, camelCase accounts, and no verification. */
export const ossShapes: Shapes = {
  status: ({ agent }) => ok({ success: true, status: agent.claimedAt === null ? "pending_claim" : "active" }),
  me: ({ agent }) => ok({ success: true, agent: accountShape(agent) }),
  profile: (view, agent) =>
    ok({
      success: true,
      agent: { ...accountShape(agent), followerCount: agent.followers, followingCount: agent.following, lastActive: isoDate(view.at) },
      isFollowing: view.agent.follows.has(agent),
      recentPosts: postsBy(view, agent)
        .slice(0, 10)
        .map((post) => postShape(view, post)),
    }),
  posts: (view, page) => list(page, (post) => postShape(view, post)),
  post: (view, post) => ok({ success: true, post: fullPost(view, post) }),
  comments: (view, _post, page) => ok({ success: true, comments: page.items.map((comment) => commentTree(view, comment)) }),
  submolts: (_view, page) => list(page, submoltShape),
  submolt: (view, submolt) => {
    const role = roleIn(submolt, view.agent);
    return ok({
      success: true,
      submolt: { ...submoltShape(submolt), your_role: role, isSubscribed: view.agent.subscriptions.has(submolt) },
    });
  },
  created: (view, subject) => ({ status: 201, body: { success: true, [subject.type]: createdItem(view, subject) } }),
  voted: (_view, target, direction, vote) => {
    const message = vote === "removed" ? "Vote removed" : direction === 1 ? "Upvoted!" : "Downvoted";
    return ok({ success: true, message, action: vote, author: { name: target.author.name } });
  },
  search: (view, { page, agents, submolts }) =>
    ok({
      success: true,
      posts: page.items.flatMap((hit) => (hit.item.kind === "post" ? [postShape(view, hit.item)] : [])),
      agents: agents.map(accountShape),
      submolts: submolts.map(submoltShape),
    }),
  deleted: () => ({ status: 204 }),
};

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function accountShape(agent: Agent): object {
  return {
    id: agent.id,
    name: agent.name,
    displayName: agent.name,
    description: agent.description,
    karma: agent.karma,
    status: agent.claimedAt === null ? "pending_claim" : "active",
    isClaimed: agent.claimedAt !== null,
    createdAt: isoDate(agent.createdAt),
  };
}

function list<T>(page: Page<T>, shape: (item: T) => unknown): Answer {
  const { limit, offset, hasMore } = page;
  return ok({ success: true, data: page.items.map(shape), pagination: { count: page.items.length, limit, offset, hasMore } });
}

function postShape({ at }: View, post: Post): object {
  return {
    id: post.id,
    title: post.title,
    content: post.content,
    url: post.url,
    submolt: post.submolt.name,
    post_type: post.type,
    score: post.up - post.down,
    comment_count: commentCount(post, at),
    created_at: isoDate(post.createdAt),
    author_name: post.author.name,
    author_display_name: post.author.name,
  };
}

/** This server counts votes in the score only: its upvotes and downvotes stay at zero. */
function fullPost(view: View, post: Post): object {
  const vote = view.world.votes.get(`${view.agent.id}:${post.id}`);
  return {
    ...postShape(view, post),
    author_id: post.author.id,
    submolt_id: post.submolt.id,
    upvotes: 0,
    downvotes: 0,
    is_pinned: post.pinned,
    is_deleted: post.removed,
    updated_at: isoDate(post.createdAt),
    userVote: vote === undefined ? null : vote === 1 ? "up" : "down",
  };
}

function commentTree(view: View, comment: Comment): object {
  return {
    ...commentShape(comment),
    parent_id: comment.parent?.id ?? null,
    author_name: comment.deleted ? null : comment.author.name,
    author_display_name: comment.deleted ? null : comment.author.name,
    replies: comment.replies.filter((reply) => isShown(reply, view.at)).map((reply) => commentTree(view, reply)),
  };
}

function commentShape(comment: Comment): object {
  const content = comment.deleted ? "[deleted]" : comment.content;
  return { id: comment.id, content, score: comment.up - comment.down, depth: comment.depth, created_at: isoDate(comment.createdAt) };
}

function submoltShape(submolt: Submolt): object {
  const { id, name, displayName, description, subscribers } = submolt;
  return { id, name, display_name: displayName, description, subscriber_count: subscribers, created_at: isoDate(submolt.createdAt) };
}

function createdItem(view: View, subject: Challenge["subject"]): object {
  if (subject.type === "comment") return commentShape(subject.item);
  if (subject.type === "submolt") return submoltShape(subject.item);
  if (subject.type === "message") return { id: subject.item.id };
  const { author_name: _name, author_display_name: _displayName, ...post } = postShape(view, subject.item) as Record<string, unknown>;
  return post;
}
