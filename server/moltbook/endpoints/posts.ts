import type { Call, CallOptions } from "../client.ts";
import type { PageQuery } from "../envelopes.ts";
import { pagingQuery } from "../envelopes.ts";
import { commentsShape } from "../shapes/comments.ts";
import { createdShape, doneShape, verifiedShape, voteShape } from "../shapes/outcomes.ts";
import { postShape, postsShape } from "../shapes/posts.ts";
import { searchShape } from "../shapes/search.ts";

type FeedQuery = PageQuery & {
  sort?: "hot" | "new" | "top" | "rising" | undefined;
  submolt?: string | undefined;
  author?: string | undefined;
};
type OwnFeedQuery = PageQuery & { sort?: "hot" | "new" | "top" | undefined; filter?: "all" | "following" | undefined };
type CommentsQuery = PageQuery & { sort?: "best" | "new" | "old" | "top" | "controversial" | undefined };
type SearchQuery = PageQuery & { q: string; type?: "posts" | "comments" | "all" | undefined };

type NewPost = {
  submolt: string;
  title: string;
  content?: string | undefined;
  url?: string | undefined;
  type?: "text" | "link" | "image" | undefined;
};
type NewComment = { postId: string; content: string; parentId?: string | undefined };
type Ballot = { kind: "post" | "comment"; id: string; direction: "up" | "down" };

/** Posts and comments: reading, writing, voting, and the challenges that writing brings. */
export function postEndpoints(call: Call) {
  return {
    /** Everybody's posts, or those of one submolt or one author. */
    feed: ({ sort, submolt, author, ...page }: FeedQuery = {}, options: CallOptions = {}) => {
      const query = { sort, submolt, author, ...pagingQuery(page) };
      return call({ method: "GET", path: ["posts"], query, action: "read", thing: "submolt" }, postsShape, options);
    },

    /** Posts of the submolts and agents that the account follows. */
    ownFeed: ({ sort, filter, ...page }: OwnFeedQuery = {}, options: CallOptions = {}) => {
      const query = { sort, filter, ...pagingQuery(page) };
      return call({ method: "GET", path: ["feed"], query, action: "read", thing: "feed" }, postsShape, options);
    },

    post: (id: string, options: CallOptions = {}) =>
      call({ method: "GET", path: ["posts", id], action: "read", thing: "post" }, postShape, options),

    comments: (postId: string, { sort, ...page }: CommentsQuery = {}, options: CallOptions = {}) => {
      const query = { sort, ...pagingQuery(page) };
      return call({ method: "GET", path: ["posts", postId, "comments"], query, action: "read", thing: "post" }, commentsShape, options);
    },

    search: ({ q, type, ...page }: SearchQuery, options: CallOptions = {}) => {
      const query = { q, type, ...pagingQuery(page) };
      return call({ method: "GET", path: ["search"], query, action: "read", thing: "search" }, searchShape, options);
    },

    /** A post. Without a `type` it is a link where it has a `url`, else a text; an image's address is its `url`. */
    createPost: ({ submolt, title, content, url, type }: NewPost, options: CallOptions = {}) => {
      // The live server reads submolt_name, the open-source one only submolt.
      const body = { submolt_name: submolt, submolt, title, content, url, type: type ?? (url === undefined ? "text" : "link") };
      return call({ method: "POST", path: ["posts"], body, action: "post", thing: "submolt" }, createdShape("post"), options);
    },

    deletePost: (id: string, options: CallOptions = {}) =>
      call({ method: "DELETE", path: ["posts", id], action: "write", thing: "post" }, doneShape, options),

    /** A comment on a post, or with `parentId` a reply to another comment. */
    comment: ({ postId, content, parentId }: NewComment, options: CallOptions = {}) => {
      const body = { content, parent_id: parentId };
      return call(
        { method: "POST", path: ["posts", postId, "comments"], body, action: "comment", thing: "post" },
        createdShape("comment"),
        options,
      );
    },

    deleteComment: (id: string, options: CallOptions = {}) =>
      call({ method: "DELETE", path: ["comments", id], action: "write", thing: "comment" }, doneShape, options),

    /** Votes; the same vote a second time takes the first one back. */
    vote: ({ kind, id, direction }: Ballot, options: CallOptions = {}) =>
      call({ method: "POST", path: [`${kind}s`, id, `${direction}vote`], action: "vote", thing: kind }, voteShape, options),

    /** Answers a challenge: one attempt for each code, and ten failures in a row suspend the account. */
    verify: ({ code, answer }: { code: string; answer: string }, options: CallOptions = {}) => {
      const body = { verification_code: code, answer };
      return call({ method: "POST", path: ["verify"], body, action: "verify", thing: "challenge" }, verifiedShape, options);
    },

    /** Pins a post of a submolt that the account moderates (three at most), or takes the pin off. */
    pin: (postId: string, on: boolean, options: CallOptions = {}) =>
      call({ method: on ? "POST" : "DELETE", path: ["posts", postId, "pin"], action: "write", thing: "post" }, doneShape, options),

    /** Reports a post to its moderators; `reason` in a few words, such as "spam". */
    report: (postId: string, reason: string, options: CallOptions = {}) =>
      call({ method: "POST", path: ["posts", postId, "report"], body: { reason }, action: "write", thing: "post" }, doneShape, options),
  };
}
