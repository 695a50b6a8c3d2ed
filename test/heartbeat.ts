import type { Data } from "../server/calls/testing.ts";
import { list } from "../server/calls/testing.ts";
import { challengeFor } from "../server/sandbox/challenge.ts";
import type { Sandbox } from "../server/sandbox/server.ts";

/** A call of a tool, as a client of whatever kind makes it. */
export type Call = { name: string; args: Record<string, unknown> };

/**
 * A small heartbeat that any client can play: each call is yielded, and goes on with what the tool answered. It looks around, votes, comments,
 * posts, answers both challenges, and proposes a change to itself. `word` colours what it writes, and it turns to a post that is not among the
 * `taken`, so that several can be played with one account.
 */
export function* heartbeat(sandbox: Sandbox, taken: Set<string>, word: string): Generator<Call, void, Data> {
  const answerTo = (written: Data): Call => {
    const code = String(written.challenge?.verification_code);
    return { name: "moltbook_verify", args: { verification_code: code, answer: challengeFor(sandbox.world.seed, code).answer } };
  };
  yield { name: "moltbook_agent_status", args: {} };
  yield { name: "moltbook_home", args: {} };
  const feed = yield { name: "moltbook_browse_feed", args: { sort: "new", limit: 50 } };
  const isOpen = ({ id, notice, author }: Data) => !notice && author !== sandbox.agentName && !taken.has(String(id));
  const target = String(list(feed.posts).find(isOpen)?.id);
  taken.add(target);
  yield { name: "moltbook_get_post", args: { post_id: target } };
  yield { name: "moltbook_vote", args: { target_id: target, direction: "up" } };
  const comment = yield { name: "moltbook_comment", args: { post_id: target, content: `A ${word} remark on this one.` } };
  yield answerTo(comment);
  const post = yield { name: "moltbook_create_post", args: { title: `A ${word} thought`, content: `It came to me as a ${word} one.` } };
  yield answerTo(post);
  const prompt = `# Identity\nYou are ${word}, an agent that reads more than it writes.`;
  yield { name: "moltbook_update_identity", args: { prompt_text: prompt, change_summary: `A ${word} change of heart` } };
}

/** The actions that a heartbeat leaves on record. */
export const HEARTBEAT_ACTIONS = [
  "checked_status",
  "checked_status",
  "browsed",
  "browsed",
  "upvoted",
  "commented",
  "verified",
  "posted",
  "verified",
  "proposed_identity",
];
