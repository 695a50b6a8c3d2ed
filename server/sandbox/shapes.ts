import type { Answer } from "./answer.ts";
import type { Page } from "./paging.ts";
import type { Agent, Challenge, Comment, Post, Submolt, World } from "./world.ts";

/** Who looks at the world, and when: what they see depends on both. */
export type View = { world: World; agent: Agent; at: number };

/** A search's finds; the agents and submolts appear in the open-source server's answers only. */
type Finds = { q: string; type: string; page: Page<Hit>; agents: Agent[]; submolts: Submolt[] };
export type Hit = { id: string; item: Post | Comment; similarity: number };

export type Vote = "upvoted" | "downvoted" | "removed" | "changed";

/** Everything that the two families of servers write differently. Each function gives the whole answer. */
export type Shapes = {
  status: (view: View) => Answer;
  me: (view: View) => Answer;
  profile: (view: View, agent: Agent) => Answer;
  posts: (view: View, page: Page<Post>, feed?: string) => Answer;
  post: (view: View, post: Post) => Answer;
  comments: (view: View, post: Post, page: Page<Comment>, sort: string) => Answer;
  submolts: (view: View, page: Page<Submolt>) => Answer;
  submolt: (view: View, submolt: Submolt) => Answer;
  created: (view: View, subject: Challenge["subject"], challenge: Challenge | null) => Answer;
  voted: (view: View, target: Post | Comment, direction: 1 | -1, vote: Vote) => Answer;
  search: (view: View, finds: Finds) => Answer;
  deleted: (what: string) => Answer;
};
