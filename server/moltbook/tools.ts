import { accountWriteTools } from "./tools/account-write.ts";
import { agentStatus } from "./tools/account.ts";
import { budgetTools } from "./tools/budget.ts";
import { deleteTools } from "./tools/delete.ts";
import { browseFeed, search } from "./tools/feed.ts";
import { home } from "./tools/home.ts";
import { messageWriteTools } from "./tools/message-write.ts";
import { messages } from "./tools/messages.ts";
import { notifications } from "./tools/notifications.ts";
import { getPost } from "./tools/post.ts";
import { getProfile } from "./tools/profile.ts";
import { submoltWriteTools } from "./tools/submolt-write.ts";
import { getSubmolt, listSubmolts } from "./tools/submolts.ts";
import { tieTools } from "./tools/ties.ts";
import { verifyTools } from "./tools/verify.ts";
import { voteTools } from "./tools/vote.ts";
import { writingTools } from "./tools/writing.ts";

/** Those that read. */
export const readTools = [agentStatus, home, browseFeed, getPost, search, getProfile, listSubmolts, getSubmolt, notifications, messages];

/** Every tool on Moltbook. */
export const moltbookTools = [
  ...readTools,
  ...accountWriteTools,
  ...budgetTools,
  ...deleteTools,
  ...messageWriteTools,
  ...submoltWriteTools,
  ...tieTools,
  ...verifyTools,
  ...voteTools,
  ...writingTools,
];
