import { agentStatus } from "./tools/account.ts";
import { browseFeed } from "./tools/feed.ts";
import { home } from "./tools/home.ts";
import { getPost } from "./tools/post.ts";

/** The tools that read Moltbook, in the order in which they are listed. */
export const readTools = [agentStatus, home, browseFeed, getPost];
