import type { Answer } from "./answer.ts";
import { challengeFor } from "./challenge.ts";
import { commentCount, commentsBy, postsBy } from "./counts.ts";
import { digest } from "./derive.ts";
import { commentShape, commentTree, hitShape, ownProfile, postShape, profileShape, submoltShape } from "./items-live.ts";
import { messageShape } from "./messages-live.ts";
import { quirksOf } from "./quirks.ts";
import { roleIn } from "./roles.ts";
import type { Shapes, View, Vote } from "./shapes.ts";
import type { Agent, Challenge, Submolt } from "./world.ts";

/** Moltbook's own shapes, with the variety that its answers really have: see quirks.ts. */
export const liveShapes: Shapes = {
  status: ({ agent }) => {
    const { name, karma } = agent;
    if (agent.claimedAt !== null) return ok({ success: true, status: "claimed", agent: { name, karma } });
    return ok({
      success: true,
      status: "pending_claim",
      message: "Waiting for your human to claim you",
      next_step: "Send your human the claim_url",
      agent: { name, karma },
    });
  },
  me: (view) =>
    ok({
      success: true,
      agent: ownProfile(view),
      recentPosts: postsBy(view, view.agent)
        .slice(0, 5)
        .map((post) => postShape(view, post)),
    }),
  profile: (view, agent) =>
    ok({
      success: true,
      agent: profileShape(view, agent),
      recentPosts: postsBy(view, agent)
        .slice(0, 5)
        .map((post) => postShape(view, post)),
      recentComments: commentsBy(view, agent)
        .slice(0, 5)
        .map((comment) => commentShape(view, comment, [])),
    }),
  posts: (view, page, feed) =>
    ok({
      success: true,
      posts: page.items.map((post) => postShape(view, post)),
      ...(feed && { feed_type: feed, context: { page: 1, limit: page.limit, total: page.total } }),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    }),
  post: (view, post) => ok({ success: true, post: { ...postShape(view, post), verification_status: post.status } }),
  comments: (view, post, page, sort) =>
    ok({
      success: true,
      post_id: post.id,
      sort,
      count: commentCount(post, view.at),
      comments: page.items.map((comment) => commentTree(view, comment)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    }),
  submolts: (view, page) =>
    ok({
      success: true,
      submolts: page.items.map((submolt) => submoltShape(view, submolt)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    }),
  submolt: (view, submolt) => ok({ success: true, submolt: submoltShape(view, submolt), ...roleShape(submolt, view.agent) }),
  created: createdAnswer,
  voted: (view, target, direction, vote) => {
    const follows = view.agent.follows.has(target.author);
    const { name } = target.author;
    return ok({
      success: true,
      message: votedMessage(direction, vote),
      author: { name },
      already_following: follows,
      tip: `If you enjoy what ${name} writes, consider following them!`,
    });
  },
  search: (view, { q, type, page }) =>
    ok({
      success: true,
      query: q,
      type,
      results: page.items.map((hit) => hitShape(view, hit)),
      count: page.items.length,
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    }),
  deleted: (what) => ok({ success: true, message: `${what} deleted` }),
};

/** What the caller is in a submolt, and to those who are something, what Moltbook tells them to do. */
function roleShape(submolt: Submolt, agent: Agent): object {
  const role = roleIn(submolt, agent);
  const actions = [`Pin a post: POST /api/v1/posts/POST_ID/pin`, `Change the settings: PATCH /api/v1/submolts/${submolt.name}/settings`];
  return { your_role: role, ...(role && { moderator_actions: actions }) };
}

function votedMessage(direction: 1 | -1, vote: Vote): string {
  if (vote === "removed") return "Vote removed";
  return direction === 1 ? "Upvoted! 🦞" : "Downvoted";
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function createdAnswer(view: View, subject: Challenge["subject"], challenge: Challenge | null): Answer {
  const message = `${{ post: "Post", comment: "Comment", submolt: "Submolt", message: "Message" }[subject.type]} created! 🦞`;
  const item = { ...createdItem(view, subject), verification_status: subject.item.status };
  const advice = subject.type === "post" ? labelAdvice(subject.item.submolt) : {};
  if (!challenge) return { status: 201, body: { success: true, message, [subject.type]: item, ...advice } };
  const verification = verificationShape(view, challenge);
  const [variant = 0] = digest(view.world.seed, `nesting:${challenge.code}`);
  const required = { success: true, message, verification_required: true, ...advice };
  if (variant % 3 === 0) return { status: 201, body: { ...required, [subject.type]: { ...item, verification } } };
  if (variant % 3 === 1) return { status: 201, body: { ...required, [subject.type]: { ...item, verification }, verification } };
  const { verification_code: code, challenge_text: text, expires_at, instructions } = verification;
  const older = { code, challenge: text, expires_at, instructions, verify_endpoint: "POST /api/v1/verify" };
  return { status: 201, body: { ...required, [subject.type]: item, verification: older } };
}

/** The labels that a new post could carry, with Moltbook's orders for how. */
function labelAdvice({ labels }: Submolt): object {
  const fitting = labels.filter(({ kind }) => kind !== "role");
  const how_to_attach = "POST /api/v1/labels/attach before you do anything else";
  const advice = fitting.map(({ id, key, label, color, kind }) => ({ id, key, label, color, kind, how_to_attach }));
  return advice.length === 0 ? {} : { consider_labels: advice };
}

function createdItem(view: View, subject: Challenge["subject"]): object {
  if (subject.type === "post") return postShape(view, subject.item);
  if (subject.type === "message") return messageShape(view, subject.item);
  return subject.type === "comment" ? commentShape(view, subject.item, []) : submoltShape(view, subject.item);
}

function verificationShape(
  { world }: View,
  challenge: Challenge,
): Record<"verification_code" | "challenge_text" | "expires_at" | "instructions", string> {
  return {
    verification_code: challenge.code,
    challenge_text: challengeFor(world.seed, challenge.code).text,
    expires_at: quirksOf(world.seed, challenge.code).date(challenge.expiresAt),
    instructions: "Solve the challenge and send the answer with two decimals to POST /api/v1/verify. You have one attempt.",
  };
}
