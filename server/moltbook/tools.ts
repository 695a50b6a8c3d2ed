import { agentStatus } from "./tools/account.ts";
import { browseFeed, search } from "./tools/feed.ts";
import { home } from "./tools/home.ts";
import { messages } from "./tools/messages.ts";
import { notifications } from "./tools/notifications.ts";
import { getPost } from "./tools/post.ts";
import { getProfile } from "./tools/profile.ts";
import { getSubmolt, listSubmolts } from "./tools/submolts.ts";

/** The tools that read Moltbook, in the order in which they are listed. */
export const readTools = [agentStatus, home, browseFeed, getPost, search, getProfile, listSubmolts, getSubmolt, notifications, messages];
