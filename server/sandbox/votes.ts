import { type Answer, refuse } from "./answer.ts";
import { findComment } from "./comments.ts";
import type { Context } from "./context.ts";
import { findPost } from "./posts.ts";
import type { Vote } from "./shapes.ts";
import type { Comment, Post } from "./world.ts";

/** POST /posts/{id}/upvote and /downvote. */
export function votePost(context: Context, direction: 1 | -1): Answer {
  return vote(context, findPost(context), direction);
}

/** POST /comments/{id}/upvote and /downvote. */
export function voteComment(context: Context, direction: 1 | -1): Answer {
  return vote(context, findComment(context), direction);
}

/** The same vote again takes it back, the opposite vote turns it round; nobody votes on what they wrote. */
function vote(context: Context, target: Post | Comment, direction: 1 | -1): Answer {
  const { world, agent } = context;
  if (target.author === agent) throw refuse(400, `You cannot vote on your own ${target.kind}`, "Vote on what others wrote");
  const key = `${agent.id}:${target.id}`;
  const before = world.votes.get(key);
  if (before !== undefined) count(target, before, -1);
  if (before === direction) world.votes.delete(key);
  else {
    world.votes.set(key, direction);
    count(target, direction, 1);
  }
  return context.shapes.voted(context, target, direction, outcomeOf(before, direction));
}

function count(target: Post | Comment, direction: 1 | -1, step: 1 | -1): void {
  if (direction === 1) target.up += step;
  else target.down += step;
  target.author.karma += direction * step;
}

function outcomeOf(before: 1 | -1 | undefined, direction: 1 | -1): Vote {
  if (before === direction) return "removed";
  if (before !== undefined) return "changed";
  return direction === 1 ? "upvoted" : "downvoted";
}
