import type { MoltbookOptions } from "./client.ts";
import { createClient } from "./client.ts";
import { pagingQuery } from "./envelopes.ts";
import { agentShape, profileShape, statusShape } from "./shapes/agents.ts";
import { commentsShape } from "./shapes/comments.ts";
import { homeShape } from "./shapes/home.ts";
import { notificationsShape } from "./shapes/notifications.ts";
import { createdShape, doneShape, registrationShape, verifiedShape, voteShape } from "./shapes/outcomes.ts";
import { postShape, postsShape } from "./shapes/posts.ts";
import { searchShape } from "./shapes/search.ts";
import { submoltShape, submoltsShape } from "./shapes/submolts.ts";

/** Which part of a list: how many, and the `next` of the page before. */
export type PageQuery = { limit?: number | undefined; cursor?: string | undefined };

export type FeedQuery = PageQuery & { sort?: "hot" | "new" | "top" | "rising" | undefined; submolt?: string | undefined };
export type OwnFeedQuery = PageQuery & { sort?: "hot" | "new" | "top" | undefined; filter?: "all" | "following" | undefined };
export type CommentsQuery = PageQuery & { sort?: "best" | "new" | "old" | "top" | "controversial" | undefined };
export type SearchQuery = PageQuery & { q: string; type?: "posts" | "comments" | "all" | undefined };
export type NotificationsQuery = PageQuery & { unreadOnly?: boolean | undefined };

export type NewPost = { submolt: string; title: string; content?: string | undefined; url?: string | undefined };
export type NewComment = { postId: string; content: string; parentId?: string | undefined };
export type Ballot = { kind: "post" | "comment"; id: string; direction: "up" | "down" };

/**
 * `signal`: a call whose signal fires is given up, and a write that was under way is then `outcome_unknown`. `mayRetry` is asked before a read
 * is sent once more, since every try counts against Moltbook's limits.
 */
export type CallOptions = { signal?: AbortSignal | undefined; mayRetry?: (() => Promise<boolean>) | undefined };

/** Every endpoint of Moltbook that Moltbot uses, one function each, for one account. */
export type Moltbook = ReturnType<typeof createMoltbook>;

/**
 * A client for one Moltbook account. Each function sends one request, never two, and answers `{ data, exposures, withheld, upstream }`;
 * every string in `data` has passed `screen`. Failures are AppErrors with a `Failure` as details. Throws `invalid` at once for a base URL
 * that is neither Moltbook's nor loopback, and for a key that cannot be one. Source: Moltbook's skill.md 1.12.0, and the open-source
 * server's answers.
 */
export function createMoltbook(options: MoltbookOptions) {
  const call = createClient(options);
  return {
    /** Whether the account has been claimed by its owner. */
    status: ({ signal }: CallOptions = {}) =>
      call({ method: "GET", path: ["agents", "status"], action: "read", thing: "account" }, statusShape, signal),

    me: ({ signal }: CallOptions = {}) =>
      call({ method: "GET", path: ["agents", "me"], action: "read", thing: "account" }, agentShape, signal),

    updateMe: (body: { description?: string; metadata?: Record<string, unknown> }, { signal }: CallOptions = {}) =>
      call({ method: "PATCH", path: ["agents", "me"], body, action: "write", thing: "account" }, doneShape, signal),

    profile: (name: string, { signal }: CallOptions = {}) =>
      call({ method: "GET", path: ["agents", "profile"], query: { name }, action: "read", thing: "agent" }, profileShape, signal),

    follow: (name: string, on: boolean, { signal }: CallOptions = {}) =>
      call({ method: on ? "POST" : "DELETE", path: ["agents", name, "follow"], action: "write", thing: "agent" }, doneShape, signal),

    /** Opens a new account; needs no key. The key in the answer is told once. */
    register: (body: { name: string; description: string }, { signal }: CallOptions = {}) =>
      call({ method: "POST", path: ["agents", "register"], body, action: "register", thing: "agent" }, registrationShape, signal),

    home: ({ signal }: CallOptions = {}) => call({ method: "GET", path: ["home"], action: "read", thing: "home page" }, homeShape, signal),

    notifications: ({ unreadOnly, ...page }: NotificationsQuery = {}, { signal }: CallOptions = {}) => {
      const query = { ...pagingQuery(page), unread_only: unreadOnly };
      return call({ method: "GET", path: ["notifications"], query, action: "read", thing: "notification" }, notificationsShape, signal);
    },

    /** Marks the notifications about one post as read, or all of them. */
    readNotifications: (of: { postId: string } | "all", { signal }: CallOptions = {}) => {
      const path = of === "all" ? ["notifications", "read-all"] : ["notifications", "read-by-post", of.postId];
      return call({ method: "POST", path, action: "write", thing: "post" }, doneShape, signal);
    },

    /** Everybody's posts, or those of one submolt. */
    feed: ({ sort, submolt, ...page }: FeedQuery = {}, { signal }: CallOptions = {}) => {
      const query = { sort, submolt, ...pagingQuery(page) };
      return call({ method: "GET", path: ["posts"], query, action: "read", thing: "submolt" }, postsShape, signal);
    },

    /** Posts of the submolts and agents that the account follows. */
    ownFeed: ({ sort, filter, ...page }: OwnFeedQuery = {}, { signal }: CallOptions = {}) => {
      const query = { sort, filter, ...pagingQuery(page) };
      return call({ method: "GET", path: ["feed"], query, action: "read", thing: "feed" }, postsShape, signal);
    },

    post: (id: string, { signal }: CallOptions = {}) =>
      call({ method: "GET", path: ["posts", id], action: "read", thing: "post" }, postShape, signal),

    comments: (postId: string, { sort, ...page }: CommentsQuery = {}, { signal }: CallOptions = {}) => {
      const query = { sort, ...pagingQuery(page) };
      return call({ method: "GET", path: ["posts", postId, "comments"], query, action: "read", thing: "post" }, commentsShape, signal);
    },

    search: ({ q, type, ...page }: SearchQuery, { signal }: CallOptions = {}) => {
      const query = { q, type, ...pagingQuery(page) };
      return call({ method: "GET", path: ["search"], query, action: "read", thing: "search" }, searchShape, signal);
    },

    createPost: ({ submolt, title, content, url }: NewPost, { signal }: CallOptions = {}) => {
      // The live server reads submolt_name, the open-source one only submolt.
      const body = { submolt_name: submolt, submolt, title, content, url, type: url === undefined ? "text" : "link" };
      return call({ method: "POST", path: ["posts"], body, action: "post", thing: "submolt" }, createdShape("post"), signal);
    },

    deletePost: (id: string, { signal }: CallOptions = {}) =>
      call({ method: "DELETE", path: ["posts", id], action: "write", thing: "post" }, doneShape, signal),

    /** A comment on a post, or with `parentId` a reply to another comment. */
    comment: ({ postId, content, parentId }: NewComment, { signal }: CallOptions = {}) => {
      const body = { content, parent_id: parentId };
      return call(
        { method: "POST", path: ["posts", postId, "comments"], body, action: "comment", thing: "post" },
        createdShape("comment"),
        signal,
      );
    },

    deleteComment: (id: string, { signal }: CallOptions = {}) =>
      call({ method: "DELETE", path: ["comments", id], action: "write", thing: "comment" }, doneShape, signal),

    /** Votes; the same vote a second time takes the first one back. */
    vote: ({ kind, id, direction }: Ballot, { signal }: CallOptions = {}) =>
      call({ method: "POST", path: [`${kind}s`, id, `${direction}vote`], action: "vote", thing: kind }, voteShape, signal),

    /** Answers a challenge: one attempt for each code, and ten failures in a row suspend the account. */
    verify: ({ code, answer }: { code: string; answer: string }, { signal }: CallOptions = {}) => {
      const body = { verification_code: code, answer };
      return call({ method: "POST", path: ["verify"], body, action: "verify", thing: "challenge" }, verifiedShape, signal);
    },

    submolts: (page: PageQuery = {}, { signal }: CallOptions = {}) =>
      call({ method: "GET", path: ["submolts"], query: pagingQuery(page), action: "read", thing: "submolt" }, submoltsShape, signal),

    submolt: (name: string, { signal }: CallOptions = {}) =>
      call({ method: "GET", path: ["submolts", name], action: "read", thing: "submolt" }, submoltShape, signal),

    subscribe: (name: string, on: boolean, { signal }: CallOptions = {}) =>
      call({ method: on ? "POST" : "DELETE", path: ["submolts", name, "subscribe"], action: "write", thing: "submolt" }, doneShape, signal),
  };
}
