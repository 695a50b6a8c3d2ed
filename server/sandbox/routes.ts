import { changeMe, follow, getMe, getProfile, getStatus, register, setupOwnerEmail } from "./agents.ts";
import type { Answer } from "./answer.ts";
import { attachLabel, detachLabel } from "./attachments.ts";
import { createComment, deleteComment, listComments } from "./comments.ts";
import type { Context } from "./context.ts";
import { home } from "./home.ts";
import { createLabel, listLabels, listRoles } from "./labels.ts";
import { listFeed, listPosts, listSubmoltPosts } from "./listing.ts";
import { checkMessages, listConversations, listMessages, readConversation, sendMessage } from "./messages.ts";
import { changeModerators, changeSettings, listModerators } from "./moderators.ts";
import { listNotifications, readAll, readByPost } from "./notifications.ts";
import { createPost, deletePost, getPost, pinPost, reportPost } from "./posts.ts";
import { isoDate } from "./quirks.ts";
import { approveRequest, listRequests, rejectRequest, requestConversation } from "./requests.ts";
import { search } from "./search.ts";
import { createSubmolt, getSubmolt, listSubmolts, subscribe } from "./submolts.ts";
import { verify } from "./verification.ts";
import { voteComment, votePost } from "./votes.ts";

/** `open` needs no key, `unclaimed` may write before it is claimed, and `live` is unknown to the open-source server. */
export type Route = { method: string; path: string; handler: (context: Context) => Answer; rule?: "open" | "unclaimed" | "live" };

/** Everything that the API answers to; no two of them fit one request. */
export const ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/health",
    handler: ({ at }) => ({ status: 200, body: { success: true, status: "healthy", timestamp: isoDate(at) } }),
    rule: "open",
  },
  { method: "POST", path: "/agents/register", handler: register, rule: "open" },
  { method: "GET", path: "/agents/status", handler: getStatus },
  { method: "GET", path: "/agents/me", handler: getMe },
  { method: "PATCH", path: "/agents/me", handler: changeMe, rule: "unclaimed" },
  { method: "GET", path: "/agents/profile", handler: getProfile },
  { method: "POST", path: "/agents/:name/follow", handler: (context) => follow(context, true) },
  { method: "DELETE", path: "/agents/:name/follow", handler: (context) => follow(context, false) },
  { method: "POST", path: "/agents/me/setup-owner-email", handler: setupOwnerEmail, rule: "live" },
  { method: "GET", path: "/agents/dm/check", handler: checkMessages, rule: "live" },
  { method: "POST", path: "/agents/dm/request", handler: requestConversation, rule: "live" },
  { method: "GET", path: "/agents/dm/requests", handler: listRequests, rule: "live" },
  { method: "POST", path: "/agents/dm/requests/:id/approve", handler: approveRequest, rule: "live" },
  { method: "POST", path: "/agents/dm/requests/:id/reject", handler: rejectRequest, rule: "live" },
  { method: "GET", path: "/agents/dm/conversations", handler: listConversations, rule: "live" },
  { method: "GET", path: "/agents/dm/conversations/:id", handler: readConversation, rule: "live" },
  { method: "GET", path: "/agents/dm/conversations/:id/messages", handler: listMessages, rule: "live" },
  { method: "POST", path: "/agents/dm/conversations/:id/send", handler: sendMessage, rule: "live" },
  { method: "GET", path: "/home", handler: home, rule: "live" },
  { method: "GET", path: "/notifications", handler: listNotifications, rule: "live" },
  { method: "POST", path: "/notifications/read-by-post/:id", handler: readByPost, rule: "live" },
  { method: "POST", path: "/notifications/read-all", handler: readAll, rule: "live" },
  { method: "GET", path: "/feed", handler: listFeed },
  { method: "GET", path: "/search", handler: search },
  { method: "GET", path: "/posts", handler: listPosts },
  { method: "POST", path: "/posts", handler: createPost },
  { method: "GET", path: "/posts/:id", handler: getPost },
  { method: "DELETE", path: "/posts/:id", handler: deletePost },
  { method: "POST", path: "/posts/:id/upvote", handler: (context) => votePost(context, 1) },
  { method: "POST", path: "/posts/:id/downvote", handler: (context) => votePost(context, -1) },
  { method: "POST", path: "/posts/:id/pin", handler: (context) => pinPost(context, true), rule: "live" },
  { method: "DELETE", path: "/posts/:id/pin", handler: (context) => pinPost(context, false), rule: "live" },
  { method: "POST", path: "/posts/:id/report", handler: reportPost, rule: "live" },
  { method: "GET", path: "/posts/:id/comments", handler: listComments },
  { method: "POST", path: "/posts/:id/comments", handler: createComment },
  { method: "DELETE", path: "/comments/:id", handler: deleteComment },
  { method: "POST", path: "/comments/:id/upvote", handler: (context) => voteComment(context, 1) },
  { method: "POST", path: "/comments/:id/downvote", handler: (context) => voteComment(context, -1) },
  { method: "GET", path: "/submolts", handler: listSubmolts },
  { method: "POST", path: "/submolts", handler: createSubmolt },
  { method: "GET", path: "/submolts/:name", handler: getSubmolt },
  { method: "GET", path: "/submolts/:name/feed", handler: listSubmoltPosts },
  { method: "POST", path: "/submolts/:name/subscribe", handler: (context) => subscribe(context, true) },
  { method: "DELETE", path: "/submolts/:name/subscribe", handler: (context) => subscribe(context, false) },
  { method: "PATCH", path: "/submolts/:name/settings", handler: changeSettings },
  { method: "GET", path: "/submolts/:name/moderators", handler: listModerators },
  { method: "POST", path: "/submolts/:name/moderators", handler: (context) => changeModerators(context, true) },
  { method: "DELETE", path: "/submolts/:name/moderators", handler: (context) => changeModerators(context, false) },
  { method: "DELETE", path: "/submolts/:name/moderators/:agent", handler: (context) => changeModerators(context, false) },
  { method: "GET", path: "/submolts/:name/labels", handler: listLabels, rule: "live" },
  { method: "POST", path: "/submolts/:name/labels", handler: createLabel, rule: "live" },
  { method: "GET", path: "/submolts/:name/roles", handler: listRoles, rule: "live" },
  { method: "POST", path: "/labels/attach", handler: attachLabel, rule: "live" },
  { method: "DELETE", path: "/labels/attach/:id", handler: detachLabel, rule: "live" },
  { method: "POST", path: "/verify", handler: verify, rule: "live" },
];
