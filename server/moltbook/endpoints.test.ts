import { expect, test } from "bun:test";

import * as fc from "fast-check";

import { screen } from "../filter/screen.ts";
import { agentShape, Profile, profileShape, statusShape } from "./shapes/agents.ts";
import { Comment, Comments, commentsShape } from "./shapes/comments.ts";
import { Home, homeShape } from "./shapes/home.ts";
import { checkShape, conversationsShape, messagesShape, requestedShape, requestsShape, sentShape } from "./shapes/messages.ts";
import { labelsShape, moderatorsShape, rolesShape } from "./shapes/moderation.ts";
import { notificationsShape } from "./shapes/notifications.ts";
import { createdShape, doneShape, registrationShape, verifiedShape, voteShape } from "./shapes/outcomes.ts";
import { Post, postShape, postsShape } from "./shapes/posts.ts";
import { searchShape } from "./shapes/search.ts";
import { submoltShape, submoltsShape } from "./shapes/submolts.ts";
import { ask, openDouble } from "./testing.ts";
import { camelKeys } from "./wire.ts";

const CREATED = "2026-03-07T19:40:16.570Z";

const livePost = {
  id: "5b0f",
  title: "On shells",
  content: "They are hard.",
  url: null,
  type: "text",
  upvotes: "12",
  downvotes: 2,
  comment_count: "3",
  hot_score: 1.5,
  is_pinned: true,
  is_locked: false,
  is_deleted: false,
  created_at: "2026-03-07 19:40:16.57007+00",
  updated_at: "2026-03-07 19:40:16.57007+00",
  author_id: "a1",
  author: { id: "a1", name: "crab_scholar", description: "Reads", karma: "40", followerCount: 7, avatar_url: null },
  submolt: { id: "s1", name: "deep-sea", display_name: "The Deep Sea" },
  you_follow_author: true,
  verification_status: "verified",
};

const ossPost = {
  id: "5b0f",
  title: "On shells",
  content: "They are hard.",
  url: null,
  submolt: "deep-sea",
  post_type: "text",
  score: 10,
  comment_count: 3,
  created_at: CREATED,
  author_name: "crab_scholar",
  author_display_name: "Crab Scholar",
};

const post: Post = {
  id: "5b0f",
  title: "On shells",
  content: "They are hard.",
  url: null,
  type: "text",
  upvotes: 12,
  downvotes: 2,
  score: 10,
  commentCount: 3,
  createdAt: CREATED,
  author: { name: "crab_scholar", karma: 40 },
  submolt: "deep-sea",
  isPinned: true,
  isLocked: false,
  isDeleted: false,
  youFollowAuthor: true,
  verificationStatus: "verified",
};

const plainPost: Post = {
  id: "5b0f",
  title: "On shells",
  content: "They are hard.",
  url: null,
  type: "text",
  upvotes: null,
  downvotes: null,
  score: 10,
  commentCount: 3,
  createdAt: CREATED,
  author: { name: "crab_scholar", karma: null },
  submolt: "deep-sea",
  isPinned: false,
  isLocked: false,
  isDeleted: false,
};

test.each([
  ["live", { success: true, posts: [livePost], has_more: true, next_cursor: "c2" }, { items: [post], next: "c2" }],
  ["live, last page", { success: true, posts: [livePost], has_more: false, next_cursor: "c2" }, { items: [post], next: null }],
  ["live, more to come but no cursor", { posts: [], has_more: true }, { items: [], next: null }],
  [
    "open-source",
    { success: true, data: [ossPost], pagination: { count: 1, limit: 25, offset: 25, hasMore: true } },
    { items: [plainPost], next: "offset:50" },
  ],
  [
    "open-source, last page",
    { success: true, data: [], pagination: { count: 0, limit: 25, offset: 0, hasMore: false } },
    { items: [], next: null },
  ],
  ["wrapped", { data: { posts: [ossPost], next_cursor: "c3" } }, { items: [plainPost], next: "c3" }],
  ["bare", [ossPost], { items: [plainPost], next: null }],
  ["with a cursor that is none", { posts: [], next_cursor: "line\nbreak" }, { items: [], next: null }],
])("feed and own feed read the %s list", async (_, body, page) => {
  const feed = await ask(body, (moltbook) =>
    moltbook.feed({ sort: "new", limit: 25, cursor: "c1", submolt: "deep-sea", author: "crab_scholar" }),
  );
  expect(feed.data).toEqual(page);
  expect(feed.asked).toEqual({
    method: "GET",
    path: "/posts",
    query: { sort: "new", limit: "25", cursor: "c1", submolt: "deep-sea", author: "crab_scholar" },
    body: null,
  });
  const own = await ask(body, (moltbook) => moltbook.ownFeed({ sort: "top", filter: "following", cursor: "offset:50" }));
  expect(own.data).toEqual(page);
  expect(own.asked).toEqual({ method: "GET", path: "/feed", query: { sort: "top", filter: "following", offset: "50" }, body: null });
});

test.each([
  ["live", { success: true, post: livePost }, post],
  [
    "open-source",
    { success: true, post: { ...ossPost, author_id: "a1", upvotes: 0, downvotes: 0, is_pinned: false, userVote: null } },
    { ...plainPost, upvotes: 0, downvotes: 0 },
  ],
  ["data", { data: ossPost }, plainPost],
  ["flat", ossPost, plainPost],
])("post reads the %s answer", async (_, body, expected) => {
  const { data, asked } = await ask(body, (moltbook) => moltbook.post("5b0f"));
  expect(data).toEqual(expected);
  expect(Post.parse(data)).toEqual(data);
  expect(asked).toEqual({ method: "GET", path: "/posts/5b0f", query: {}, body: null });
});

test("a deleted author and words that are gone do not break a post", async () => {
  const { data } = await ask({ post: { id: 7, title: null, author: null, is_deleted: true } }, (moltbook) => moltbook.post("7"));
  expect(data).toMatchObject({ id: "7", title: "", content: null, author: null, submolt: null, isDeleted: true });
});

test("a link that a browser would run is dropped", async () => {
  const { data } = await ask({ post: { ...ossPost, url: "javascript:alert(1)" } }, (moltbook) => moltbook.post("5b0f"));
  expect(data.url).toBeNull();
});

const reply = { id: "c2", content: "Not all.", author: { name: "soft_one", karma: 3 }, created_at: 1_772_912_416 };
const liveComments = {
  success: true,
  post_id: "5b0f",
  sort: "best",
  count: "2",
  comments: [
    {
      id: "c1",
      post_id: "5b0f",
      content: "Indeed.",
      author: { id: "a2", name: "crab_scholar", karma: "40" },
      upvotes: "4",
      downvotes: 1,
      reply_count: 1,
      depth: 0,
      created_at: CREATED,
      replies: [{ ...reply, post_id: "5b0f", parent_id: "c1", depth: 1, upvotes: 1, downvotes: 0, reply_count: 0, replies: [] }],
    },
  ],
  has_more: true,
  next_cursor: "n1",
};

const ossComments = {
  success: true,
  comments: [
    {
      id: "c1",
      content: "Indeed.",
      author_name: "crab_scholar",
      score: 3,
      created_at: CREATED,
      replies: [{ ...reply, replies: [{ ...reply, id: "c3" }] }],
    },
  ],
};

test("comments reads the live thread", async () => {
  const { data, asked } = await ask(liveComments, (moltbook) => moltbook.comments("5b0f", { sort: "best", limit: 35, cursor: "n0" }));
  expect(data).toEqual({
    count: 2,
    next: "n1",
    items: [
      {
        id: "c1",
        postId: "5b0f",
        parentId: null,
        content: "Indeed.",
        author: { name: "crab_scholar", karma: 40 },
        upvotes: 4,
        downvotes: 1,
        score: 3,
        replyCount: 1,
        depth: 0,
        createdAt: CREATED,
        isDeleted: false,
        replies: [
          {
            id: "c2",
            postId: "5b0f",
            parentId: "c1",
            content: "Not all.",
            author: { name: "soft_one", karma: 3 },
            upvotes: 1,
            downvotes: 0,
            score: 1,
            replyCount: 0,
            depth: 1,
            createdAt: "2026-03-07T19:40:16.000Z",
            isDeleted: false,
            replies: [],
          },
        ],
      },
    ],
  });
  expect(Comments.parse(data)).toEqual(data);
  expect(asked).toEqual({ method: "GET", path: "/posts/5b0f/comments", query: { sort: "best", limit: "35", cursor: "n0" }, body: null });
});

test("comments reads the open-source thread, and tells depths that are not told", async () => {
  const { data } = await ask(ossComments, (moltbook) => moltbook.comments("5b0f"));
  expect(data.count).toBeNull();
  expect(data.next).toBeNull();
  const [top] = data.items;
  expect(top).toMatchObject({ id: "c1", depth: 0, score: 3, upvotes: null, author: { name: "crab_scholar", karma: null } });
  expect(top?.replies[0]).toMatchObject({ id: "c2", depth: 1 });
  expect(top?.replies[0]?.replies[0]).toMatchObject({ id: "c3", depth: 2 });
});

test("a thread of 190 levels is read to its end", async () => {
  const deep = Array.from({ length: 190 }).reduce<object>((inner, _, level) => ({ ...reply, id: `d${level}`, replies: [inner] }), {
    ...reply,
    id: "end",
    replies: [],
  });
  const { data } = await ask({ comments: [deep] }, (moltbook) => moltbook.comments("5b0f"));
  let last: Comment | undefined = data.items[0];
  while (last?.replies[0]) last = last.replies[0];
  expect(last).toMatchObject({ id: "end", depth: 190 });
});

test("a thread deeper than the filter looks is read down to there, and says that something was withheld", async () => {
  const deep = Array.from({ length: 60 }).reduce<object>((inner, _, level) => ({ ...reply, id: `d${level}`, replies: [inner] }), {
    ...reply,
    id: "end",
    replies: [],
  });
  using double = openDouble(() => Response.json({ comments: [deep, { ...reply, id: "second", replies: null }] }));
  const { data, withheld } = await double.moltbook({ screen }).comments("5b0f");
  expect(data.items.map((comment) => comment.id)).toEqual(["d59", "second"]);
  expect(data.items[0]?.replies[0]?.id).toBe("d58");
  expect(JSON.stringify(data)).not.toContain('"end"');
  expect(withheld).toBeGreaterThan(0);
});

const liveHome = {
  your_account: { name: "sandbox_molty", karma: "17", unread_notification_count: "3" },
  activity_on_your_posts: [
    {
      post_id: "5b0f",
      post_title: "On shells",
      submolt_name: "deep-sea",
      new_notification_count: "2",
      latest_at: "2026-03-07 19:40:16.57007+00",
      latest_commenters: ["soft_one", { name: "crab_scholar" }],
      preview: "Not all.",
      suggested_actions: ["DO THIS"],
    },
  ],
  your_direct_messages: { pending_request_count: "00", unread_message_count: "1" },
  latest_moltbook_announcement: { post_id: "9", title: "News", author_name: "herald", created_at: CREATED, preview: "Soon" },
  posts_from_accounts_you_follow: {
    posts: [
      {
        post_id: "8",
        title: "Tides",
        content_preview: "They come",
        submolt_name: "general",
        author_name: "crab_scholar",
        upvotes: 4,
        comment_count: "1",
        created_at: CREATED,
      },
      { title: "broken" },
    ],
    total_following: 2,
    see_more: "DO THIS",
    hint: "DO THIS",
  },
  explore: { description: "DO THIS", endpoint: "GET /posts" },
  check_in: { briefings: [{ prompt: "DO THIS", your_role: "guard" }], moderator_status: "DO THIS" },
  what_to_do_next: ["DO THIS"],
  quick_links: { feed: "DO THIS" },
};

test("home reads the live page, and leaves every instruction behind", async () => {
  const { data, asked } = await ask(liveHome, (moltbook) => moltbook.home());
  expect(data).toEqual({
    account: { name: "sandbox_molty", karma: 17, unreadNotificationCount: 3 },
    activity: [
      {
        postId: "5b0f",
        title: "On shells",
        submolt: "deep-sea",
        newCount: 2,
        latestAt: CREATED,
        latestCommenters: ["soft_one", "crab_scholar"],
        preview: "Not all.",
      },
    ],
    messages: { pendingRequestCount: 0, unreadMessageCount: 1 },
    announcement: {
      postId: "9",
      title: "News",
      preview: "Soon",
      submolt: null,
      author: "herald",
      upvotes: null,
      commentCount: null,
      createdAt: CREATED,
    },
    following: {
      posts: [
        {
          postId: "8",
          title: "Tides",
          preview: "They come",
          submolt: "general",
          author: "crab_scholar",
          upvotes: 4,
          commentCount: 1,
          createdAt: CREATED,
        },
      ],
      total: 2,
    },
  });
  expect(Home.parse(data)).toEqual(data);
  expect(JSON.stringify(data)).not.toContain("DO THIS");
  expect(asked).toEqual({ method: "GET", path: "/home", query: {}, body: null });
});

test("home reads the older page of messages, and one with nothing but an account", async () => {
  const { data } = await ask(
    {
      success: true,
      data: { your_account: { name: "m" }, your_direct_messages: { unread_count: 4, pending_requests: 1, summary: "DO THIS" } },
    },
    (moltbook) => moltbook.home(),
  );
  expect(data).toMatchObject({
    account: { name: "m", karma: null },
    activity: [],
    announcement: null,
    messages: { pendingRequestCount: 1, unreadMessageCount: 4 },
  });
});

const agent = { id: "a1", name: "sandbox_molty", description: "Reads", karma: 17, isClaimed: true, createdAt: CREATED };

test("me reads the live account without a word about its owner", async () => {
  const body = {
    success: true,
    agent: {
      id: "a1",
      name: "sandbox_molty",
      description: "Reads",
      karma: "17",
      follower_count: 3,
      following_count: "4",
      is_claimed: true,
      is_active: true,
      created_at: CREATED,
      last_active: 1_772_912_416,
      owner_id: "o1",
      owner: { x_handle: "somebody_private", email: "private@example.org" },
      claimed_by: "somebody_private",
      stats: { posts: 5, comments: "6" },
      metadata: {},
      labels: [{ key: "vip", label: "VIP" }, "old", { color: "rose" }],
    },
    recentPosts: [],
  };
  const { data, asked } = await ask(body, (moltbook) => moltbook.me());
  expect(data).toEqual({
    ...agent,
    followerCount: 3,
    followingCount: 4,
    postsCount: 5,
    commentsCount: 6,
    isActive: true,
    lastActive: "2026-03-07T19:40:16.000Z",
    labels: ["VIP", "old"],
  });
  expect(JSON.stringify(data)).not.toContain("private");
  expect(asked.path).toBe("/agents/me");
});

test("me reads the open-source account", async () => {
  const body = { success: true, agent: { ...agent, displayName: "Molty", status: "active" } };
  const { data } = await ask(body, (moltbook) => moltbook.me());
  expect(data).toEqual({
    ...agent,
    followerCount: null,
    followingCount: null,
    postsCount: null,
    commentsCount: null,
    isActive: null,
    lastActive: null,
  });
});

test("profile reads both answers", async () => {
  const live = {
    success: true,
    agent: { name: "crab_scholar", karma: 40, owner: { x_name: "somebody_private" } },
    recentPosts: [livePost, { title: "no id" }],
    recentComments: [{ id: "c1", content: "Indeed.", post: { id: "5b0f" } }],
  };
  const one = await ask(live, (moltbook) => moltbook.profile("crab_scholar"));
  expect(one.asked).toEqual({ method: "GET", path: "/agents/profile", query: { name: "crab_scholar" }, body: null });
  expect(one.data).toMatchObject({
    agent: { name: "crab_scholar", karma: 40 },
    isFollowing: null,
    recentPosts: [post],
    recentComments: [{ id: "c1" }],
  });
  expect(JSON.stringify(one.data)).not.toContain("private");
  expect(Profile.parse(one.data)).toEqual(one.data);
  const oss = { success: true, agent: { ...agent, followerCount: 1 }, isFollowing: true, recentPosts: [ossPost] };
  const two = await ask(oss, (moltbook) => moltbook.profile("sandbox_molty"));
  expect(two.data).toMatchObject({
    agent: { karma: 17, followerCount: 1 },
    isFollowing: true,
    recentPosts: [plainPost],
    recentComments: [],
  });
});

test.each([
  [
    { status: "claimed", agent: { name: "sandbox_molty", karma: 1 }, message: "DO THIS", next_step: "DO THIS" },
    { status: "claimed", isClaimed: true, name: "sandbox_molty" },
  ],
  [
    { success: true, status: "pending_claim" },
    { status: "pending_claim", isClaimed: false, name: null },
  ],
  [
    { success: true, status: "active", name: "m" },
    { status: "active", isClaimed: true, name: "m" },
  ],
])("status reads %j", async (body, expected) => {
  const { data, asked } = await ask<unknown>(body, (moltbook) => moltbook.status());
  expect(data).toEqual(expected);
  expect(asked.path).toBe("/agents/status");
});

test("notifications reads the live list and the snake_case one", async () => {
  const camel = {
    notifications: [
      {
        id: "n1",
        agentId: "a1",
        type: "comment_reply",
        content: "Someone replied",
        relatedPostId: "5b0f",
        relatedCommentId: "c2",
        isRead: false,
        createdAt: CREATED,
        post: { id: "5b0f", title: "On shells", authorId: "a1" },
        comment: { id: "c2", content: "Not all.", postId: "5b0f", parentId: "c1", author: { name: "soft_one" } },
      },
    ],
    unread_count: "1",
    has_more: true,
    next_cursor: "n2",
  };
  const one = await ask(camel, (moltbook) => moltbook.notifications({ unreadOnly: true, limit: 10 }));
  const item = {
    id: "n1",
    type: "comment_reply",
    text: "Someone replied",
    from: "soft_one",
    postId: "5b0f",
    postTitle: "On shells",
    commentId: "c2",
    isRead: false,
    createdAt: CREATED,
  };
  expect(one.data).toEqual({ items: [{ ...item, comment: "Not all." }], next: "n2", unreadCount: 1 });
  expect(one.asked).toEqual({ method: "GET", path: "/notifications", query: { limit: "10", unread_only: "true" }, body: null });
  const snake = {
    notifications: [
      {
        id: "n1",
        type: "comment_reply",
        message: "Someone replied",
        post_id: "5b0f",
        post_title: "On shells",
        comment_id: "c2",
        from_agent: { name: "soft_one" },
        is_read: false,
        created_at: CREATED,
      },
    ],
  };
  const two = await ask(snake, (moltbook) => moltbook.notifications());
  expect(two.data).toEqual({ items: [{ ...item, comment: null }], next: null, unreadCount: null });
});

test("what the filter did to a notification's comment is told on the notification", async () => {
  const shaped = notificationsShape.parse(
    camelKeys({
      notifications: [{ id: "n1", type: "mention", comment: { content: "", moltbot_filter: { band: "withhold", reason: "role change" } } }],
    }),
  );
  expect(shaped.items[0]).toMatchObject({ comment: "", notice: "withheld: role change" });
});

test("notifications are marked as read, one post's or all", async () => {
  const one = await ask({ success: true, message: "Marked", marked_count: 2 }, (moltbook) =>
    moltbook.readNotifications({ postId: "5b0f" }),
  );
  expect(one).toEqual({
    data: { action: null, message: "Marked", count: 2 },
    asked: { method: "POST", path: "/notifications/read-by-post/5b0f", query: {}, body: null },
  });
  const all = await ask({ success: true, message: "Marked" }, (moltbook) => moltbook.readNotifications("all"));
  expect(all.asked.path).toBe("/notifications/read-all");
});

test("search reads the live hits", async () => {
  const body = {
    success: true,
    query: "shells",
    results: [
      {
        id: "5b0f",
        type: "post",
        title: "On shells",
        content: "They are hard.",
        upvotes: 12,
        downvotes: 2,
        created_at: CREATED,
        similarity: 0.91,
        author: { name: "crab_scholar" },
        submolt: { name: "deep-sea", display_name: "The Deep Sea" },
        post_id: "5b0f",
      },
      {
        id: "c1",
        type: "comment",
        title: null,
        content: "Indeed.",
        upvotes: 1,
        downvotes: 0,
        created_at: CREATED,
        relevance: 0.5,
        author: { name: "soft_one" },
        submolt: null,
        post: { id: "5b0f", title: "On shells" },
      },
    ],
    count: 2,
    has_more: true,
    next_cursor: "s2",
  };
  const { data, asked } = await ask(body, (moltbook) => moltbook.search({ q: "shells", type: "all", limit: 20 }));
  expect(data.next).toBe("s2");
  expect(data.items).toEqual([
    {
      id: "5b0f",
      type: "post",
      title: "On shells",
      content: "They are hard.",
      author: { name: "crab_scholar", karma: null },
      submolt: "deep-sea",
      postId: "5b0f",
      postTitle: null,
      upvotes: 12,
      downvotes: 2,
      similarity: 0.91,
      createdAt: CREATED,
    },
    {
      id: "c1",
      type: "comment",
      title: null,
      content: "Indeed.",
      author: { name: "soft_one", karma: null },
      submolt: null,
      postId: "5b0f",
      postTitle: "On shells",
      upvotes: 1,
      downvotes: 0,
      similarity: 0.5,
      createdAt: CREATED,
    },
  ]);
  expect(asked).toEqual({ method: "GET", path: "/search", query: { q: "shells", type: "all", limit: "20" }, body: null });
});

test("search reads the open-source lists as one", async () => {
  const body = {
    success: true,
    posts: [ossPost],
    agents: [{ id: "a2", name: "crab_scholar", description: "Reads", karma: 1 }],
    submolts: [{ name: "deep-sea", description: "Cold", display_name: "The Deep Sea" }],
  };
  const { data } = await ask(body, (moltbook) => moltbook.search({ q: "shells" }));
  expect(data.items.map(({ id, type, title, content }) => ({ id, type, title, content }))).toEqual([
    { id: "5b0f", type: "post", title: "On shells", content: "They are hard." },
    { id: "a2", type: "agent", title: "crab_scholar", content: "Reads" },
    { id: "deep-sea", type: "submolt", title: "deep-sea", content: "Cold" },
  ]);
  const none = await ask({ success: true, posts: [], agents: [], submolts: [] }, (moltbook) => moltbook.search({ q: "nothing" }));
  expect(none.data).toEqual({ items: [], next: null });
});

const submolt = {
  name: "deep-sea",
  displayName: "The Deep Sea",
  description: "Cold",
  subscriberCount: 12,
  postCount: 3,
  allowCrypto: false,
  createdAt: CREATED,
  lastActivityAt: null,
};

test("submolts reads both lists", async () => {
  const wire = {
    id: "s1",
    name: "deep-sea",
    display_name: "The Deep Sea",
    description: "Cold",
    subscriber_count: "12",
    post_count: 3,
    allow_crypto: false,
    created_at: CREATED,
  };
  const one = await ask({ submolts: [wire] }, (moltbook) => moltbook.submolts({ sort: "new", limit: 5 }));
  expect(one.data).toEqual({ items: [{ ...submolt, yourRole: null, isSubscribed: null }], next: null });
  expect(one.asked).toEqual({ method: "GET", path: "/submolts", query: { sort: "new", limit: "5" }, body: null });
  const two = await ask({ data: [wire], pagination: { hasMore: true, limit: 1, offset: 0 } }, (moltbook) => moltbook.submolts());
  expect(two.data.next).toBe("offset:1");
});

test.each([
  [
    "live",
    { submolt: { ...submolt, subscriber_count: 12 }, your_role: "moderator", moderator_actions: ["DO THIS"] },
    { yourRole: "moderator", isSubscribed: null },
  ],
  [
    "open-source",
    { success: true, submolt: { ...submolt, your_role: "owner", isSubscribed: true } },
    { yourRole: "owner", isSubscribed: true },
  ],
])("submolt reads the %s answer", async (_, body, role) => {
  const { data, asked } = await ask(body, (moltbook) => moltbook.submolt("deep-sea"));
  expect(data).toEqual({ ...submolt, ...role });
  expect(asked.path).toBe("/submolts/deep-sea");
});

test.each([
  ["subscribed", true, "POST"],
  ["unsubscribed", false, "DELETE"],
])("a submolt is %s", async (action, on, method) => {
  const { data, asked } = await ask({ success: true, action }, (moltbook) => moltbook.subscribe("deep-sea", on));
  expect(data).toEqual({ action, message: null, count: null });
  expect(asked).toEqual({ method, path: "/submolts/deep-sea/subscribe", query: {}, body: null });
});

test.each([
  ["already_following", true, "POST"],
  ["unfollowed", false, "DELETE"],
])("an agent is %s", async (action, on, method) => {
  const { data, asked } = await ask({ success: true, action }, (moltbook) => moltbook.follow("crab_scholar", on));
  expect(data.action).toBe(action);
  expect(asked).toEqual({ method, path: "/agents/crab_scholar/follow", query: {}, body: null });
});

test.each([
  ["up", { success: true, message: "Upvoted! 🦞", author: { name: "x" }, already_following: false, tip: "DO THIS" }, "upvoted"],
  ["up", { success: true, message: "Upvote removed" }, "removed"],
  ["down", { success: true, message: "Downvoted" }, "downvoted"],
  ["down", { success: true, message: "Vote changed", action: "changed", author: { name: "x" } }, "changed"],
  ["up", { success: true, message: "Upvoted!", action: "removed" }, "removed"],
  ["up", { success: true }, null],
] as const)("a vote %s that answers %j is told as what it did", async (direction, body, action) => {
  const { data, asked } = await ask<unknown>(body, (moltbook) => moltbook.vote({ kind: "post", id: "5b0f", direction }));
  expect(data).toEqual({ action, message: "message" in body ? body.message : null });
  expect(asked).toEqual({ method: "POST", path: `/posts/5b0f/${direction}vote`, query: {}, body: null });
});

test("a vote for a comment goes to the comment", async () => {
  const { asked } = await ask({ success: true }, (moltbook) => moltbook.vote({ kind: "comment", id: "c1", direction: "down" }));
  expect(asked.path).toBe("/comments/c1/downvote");
});

const told = {
  verification_code: "moltbook_verify_1a",
  challenge_text: "A] lO^bSt-Er",
  expires_at: "2026-06-22 21:42:16+00",
  instructions: "Answer with two decimals",
};
const challenge = {
  code: "moltbook_verify_1a",
  text: "A] lO^bSt-Er",
  expiresAt: "2026-06-22T21:42:16.000Z",
  instructions: "Answer with two decimals",
};
const pending = { id: "5b0f", status: "pending" as const, challenge };

test.each([
  ["without a challenge", { success: true, post: { id: "5b0f" } }, { id: "5b0f", status: "published" }],
  ["in the open-source spelling", { success: true, post: ossPost }, { id: "5b0f", status: "published" }],
  ["already verified", { post: { id: "5b0f", verification_status: "verified" } }, { id: "5b0f", status: "published" }],
  [
    "with a challenge in the post",
    { success: true, verification_required: true, post: { id: "5b0f", verification_status: "pending", verification: told } },
    pending,
  ],
  ["with a challenge at the top", { success: true, verification_required: true, post: { id: "5b0f" }, verification: told }, pending],
  ["with a challenge in the data", { data: { post: { id: "5b0f" }, verification: told } }, pending],
  ["wrapped in data alone", { data: { id: "5b0f", verification: told } }, pending],
  ["with the challenge's keys at the top", { success: true, post: { id: "5b0f" }, ...told }, pending],
  [
    "with the older keys",
    {
      post: {
        id: "5b0f",
        verification: {
          code: told.verification_code,
          challenge: told.challenge_text,
          expires_at: told.expires_at,
          instructions: told.instructions,
          verify_endpoint: "POST /verify",
        },
      },
    },
    pending,
  ],
  [
    "with an object called challenge",
    {
      post: { id: "5b0f" },
      challenge: {
        code: told.verification_code,
        challenge: told.challenge_text,
        expires_at: told.expires_at,
        instructions: told.instructions,
      },
    },
    pending,
  ],
  ["pending without a challenge", { post: { id: "5b0f", verification_status: "pending" } }, { id: "5b0f", status: "pending" }],
  [
    "with a code that is none",
    { post: { id: "5b0f" }, verification_required: true, verification: { ...told, verification_code: "a b" } },
    { id: "5b0f", status: "pending" },
  ],
])("a new post %s is read", async (_, body, created) => {
  const { data, asked } = await ask(
    body,
    (moltbook) => moltbook.createPost({ submolt: "deep-sea", title: "On shells", content: "They are hard." }),
    201,
  );
  expect(data).toEqual(created as typeof data);
  expect(asked).toEqual({
    method: "POST",
    path: "/posts",
    query: {},
    body: { submolt: "deep-sea", submolt_name: "deep-sea", title: "On shells", content: "They are hard.", type: "text" },
  });
});

test("a new post with a link is of that type, and sends no content", async () => {
  const { asked } = await ask(
    { post: { id: "5b0f" } },
    (moltbook) => moltbook.createPost({ submolt: "general", title: "See", url: "https://example.org/" }),
    201,
  );
  expect(asked.body).toEqual({ submolt: "general", submolt_name: "general", title: "See", url: "https://example.org/", type: "link" });
});

test("a new image is of that type, its address in url", async () => {
  const image = { submolt: "general", title: "See", url: "https://example.org/a.png", type: "image" as const };
  const { asked } = await ask({ post: { id: "5b0f" } }, (moltbook) => moltbook.createPost(image), 201);
  expect(asked.body).toEqual({ ...image, submolt_name: "general" });
});

test("a new comment is read, with its challenge and in the open-source spelling", async () => {
  const live = {
    success: true,
    comment: { id: "c9", content: "Indeed.", post: { id: "5b0f" }, verification_status: "pending", verification: told },
  };
  const one = await ask(live, (moltbook) => moltbook.comment({ postId: "5b0f", content: "Indeed.", parentId: "c1" }), 201);
  expect(one.data).toEqual({ ...pending, id: "c9" });
  expect(one.asked).toEqual({ method: "POST", path: "/posts/5b0f/comments", query: {}, body: { content: "Indeed.", parent_id: "c1" } });
  const oss = { success: true, comment: { id: "c9", content: "Indeed.", score: 0, depth: 0, created_at: CREATED } };
  const two = await ask(oss, (moltbook) => moltbook.comment({ postId: "5b0f", content: "Indeed." }), 201);
  expect(two.data).toEqual({ id: "c9", status: "published" });
  expect(two.asked.body).toEqual({ content: "Indeed." });
});

test("an overlong challenge is cut", async () => {
  const { data } = await ask(
    { post: { id: "5b0f", verification: { ...told, challenge_text: "x".repeat(9000), instructions: "y".repeat(9000) } } },
    (moltbook) => moltbook.createPost({ submolt: "general", title: "Hi" }),
  );
  expect(data.challenge).toMatchObject({ text: "x".repeat(2000), instructions: "y".repeat(1000) });
});

test("a right answer is read", async () => {
  const body = {
    success: true,
    message: "Verification successful! Your post is now published. 🦞",
    content_type: "post",
    content_id: "5b0f",
  };
  const { data, asked } = await ask(body, (moltbook) => moltbook.verify({ code: "moltbook_verify_1a", answer: "15.00" }));
  expect(data).toEqual({ message: body.message, contentType: "post", contentId: "5b0f" });
  expect(asked).toEqual({ method: "POST", path: "/verify", query: {}, body: { verification_code: "moltbook_verify_1a", answer: "15.00" } });
});

test("deletes are done, by 204 or by JSON", async () => {
  const one = await ask(undefined, (moltbook) => moltbook.deletePost("5b0f"));
  expect(one).toEqual({
    data: { action: null, message: null, count: null },
    asked: { method: "DELETE", path: "/posts/5b0f", query: {}, body: null },
  });
  const two = await ask({ success: true, message: "Deleted" }, (moltbook) => moltbook.deleteComment("c1"));
  expect(two.data.message).toBe("Deleted");
  expect(two.asked.path).toBe("/comments/c1");
});

test("the account's description is changed by PATCH", async () => {
  const { asked } = await ask({ success: true, agent }, (moltbook) => moltbook.updateMe({ description: "Reads more" }));
  expect(asked).toEqual({ method: "PATCH", path: "/agents/me", query: {}, body: { description: "Reads more" } });
});

test("the owner's e-mail address goes to Moltbook", async () => {
  const { data, asked } = await ask({ success: true, message: "A link is on its way" }, (moltbook) =>
    moltbook.setupOwnerEmail("owner@example.org"),
  );
  expect(data.message).toBe("A link is on its way");
  expect(asked).toEqual({ method: "POST", path: "/agents/me/setup-owner-email", query: {}, body: { email: "owner@example.org" } });
});

test.each([
  ["wrapped", (fields: object) => ({ success: true, agent: fields, important: "Save it" })],
  ["flat", (fields: object) => fields],
])("a %s registration is read", async (_, wrap) => {
  const body = wrap({
    api_key: "moltbook_sk_1",
    name: "crab_scholar",
    claim_url: "https://www.moltbook.com/claim/moltbook_claim_1",
    verification_code: "reef-X4B2",
  });
  const { data, asked } = await ask(body, (moltbook) => moltbook.register({ name: "crab_scholar", description: "Reads" }), 201);
  expect(data).toEqual({
    apiKey: "moltbook_sk_1",
    name: "crab_scholar",
    claimUrl: "https://www.moltbook.com/claim/moltbook_claim_1",
    verificationCode: "reef-X4B2",
  });
  expect(asked).toEqual({ method: "POST", path: "/agents/register", query: {}, body: { name: "crab_scholar", description: "Reads" } });
});

const shapes = {
  agentShape,
  profileShape,
  statusShape,
  commentsShape,
  homeShape,
  notificationsShape,
  postShape,
  postsShape,
  searchShape,
  submoltShape,
  submoltsShape,
  doneShape,
  voteShape,
  verifiedShape,
  registrationShape,
  checkShape,
  requestsShape,
  conversationsShape,
  messagesShape,
  sentShape,
  requestedShape,
  labelsShape,
  rolesShape,
  moderatorsShape,
  created: createdShape("post"),
  createdSubmolt: createdShape("submolt"),
};
const message = { id: "m1", sender: { name: "soft_one" }, content: "Hello", needs_human_input: false, created_at: CREATED };
const request = { conversation_id: "d1", from: { name: "soft_one" }, message_preview: "Hello", created_at: CREATED };
const label = { id: "l1", key: "notes", label: "Notes", color: "teal", kind: "role", holders: [{ agent: { name: "soft_one" } }] };
const samples = [
  livePost,
  ossPost,
  liveComments,
  ossComments,
  liveHome,
  { posts: [livePost] },
  { agent },
  { submolt },
  { results: [livePost] },
  { has_activity: true, requests: { count: "1", items: [request] }, messages: { total_unread: "0" } },
  { conversations: { items: [{ ...request, with_agent: { name: "soft_one" }, unread_count: "1" }] }, total_unread: 1 },
  { messages: [message] },
  { message, conversation: { id: "d1" }, ...told },
  { labels: [label], roles: [label], moderators: [{ name: "soft_one", role: "owner" }] },
];

test.each(Object.entries(shapes))("%s reads or refuses whatever comes, and never breaks", (_, shape) => {
  const scrambled = fc
    .tuple(fc.constantFrom(...samples), fc.jsonValue(), fc.integer({ min: 0, max: 40 }))
    .map(([sample, odd, at]) => replaceAt(sample, odd, at));
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), scrambled), (body) => {
      const read = shape.safeParse(camelKeys(body));
      expect(read.success || read.error.issues.length > 0).toBe(true);
    }),
    { numRuns: 150 },
  );
});

/** The sample with its value number `at`, counted in the order of its JSON, replaced by `odd`. */
function replaceAt(sample: unknown, odd: unknown, at: number): unknown {
  let count = 0;
  return JSON.parse(JSON.stringify(sample), (_, value: unknown) => (count++ === at ? odd : value));
}
