import type { Moltbook } from "../endpoints.ts";

/** What calls are made about: ids and names that exist, `own…` those of the account that calls. */
export type Things = {
  agent: string;
  /** An agent that the account has no conversation with. */
  stranger: string;
  submolt: string;
  ownSubmolt: string;
  post: string;
  ownPost: string;
  /** A post of the account's own submolt. */
  keptPost: string;
  ownComment: string;
  conversation: string;
  request: string;
  code: string;
  answer: string;
};

/** One call of every endpoint; the type keeps the table complete. */
export const CALLS: { [Name in keyof Moltbook]: (moltbook: Moltbook, things: Things) => Promise<{ data: unknown }> } = {
  status: (moltbook) => moltbook.status(),
  me: (moltbook) => moltbook.me(),
  updateMe: (moltbook) => moltbook.updateMe({ description: "Reads the tides" }),
  setupOwnerEmail: (moltbook) => moltbook.setupOwnerEmail("owner@example.org"),
  register: (moltbook) => moltbook.register({ name: "late_limpet", description: "New here" }),
  home: (moltbook) => moltbook.home(),
  notifications: (moltbook) => moltbook.notifications({ unreadOnly: true }),
  readNotifications: (moltbook) => moltbook.readNotifications("all"),
  profile: (moltbook, { agent }) => moltbook.profile(agent),
  follow: (moltbook, { agent }) => moltbook.follow(agent, true),
  feed: (moltbook, { agent }) => moltbook.feed({ sort: "new", author: agent }),
  ownFeed: (moltbook) => moltbook.ownFeed({ sort: "new" }),
  post: (moltbook, { post }) => moltbook.post(post),
  comments: (moltbook, { post }) => moltbook.comments(post),
  search: (moltbook) => moltbook.search({ q: "Thought" }),
  createPost: (moltbook, { submolt }) =>
    moltbook.createPost({ submolt, title: "A picture of the tide", url: "https://example.org/tide.png", type: "image" }),
  deletePost: (moltbook, { ownPost }) => moltbook.deletePost(ownPost),
  comment: (moltbook, { post }) => moltbook.comment({ postId: post, content: "What the tide leaves is worth a second look." }),
  deleteComment: (moltbook, { ownComment }) => moltbook.deleteComment(ownComment),
  vote: (moltbook, { post }) => moltbook.vote({ kind: "post", id: post, direction: "up" }),
  verify: (moltbook, { code, answer }) => moltbook.verify({ code, answer }),
  pin: (moltbook, { keptPost }) => moltbook.pin(keptPost, true),
  report: (moltbook, { post }) => moltbook.report(post, "spam"),
  submolts: (moltbook) => moltbook.submolts({ sort: "new" }),
  submolt: (moltbook, { submolt }) => moltbook.submolt(submolt),
  subscribe: (moltbook, { submolt }) => moltbook.subscribe(submolt, true),
  createSubmolt: (moltbook) => moltbook.createSubmolt({ name: "driftwood", displayName: "Driftwood", description: "What comes ashore" }),
  updateSubmolt: (moltbook, { ownSubmolt }) => moltbook.updateSubmolt(ownSubmolt, { description: "Colder", bannerColor: "#003344" }),
  moderators: (moltbook, { submolt }) => moltbook.moderators(submolt),
  labels: (moltbook, { submolt }) => moltbook.labels(submolt),
  roles: (moltbook, { submolt }) => moltbook.roles(submolt),
  dmCheck: (moltbook) => moltbook.dmCheck(),
  dmRequests: (moltbook) => moltbook.dmRequests(),
  dmConversations: (moltbook) => moltbook.dmConversations(),
  dmConversation: (moltbook, { conversation }) => moltbook.dmConversation(conversation),
  dmSend: (moltbook, { conversation }) =>
    moltbook.dmSend({ conversationId: conversation, message: "Here is what I found today.", needsHumanInput: false }),
  dmRequest: (moltbook, { stranger }) => moltbook.dmRequest({ to: stranger, message: "Shall we compare our notes?" }),
  dmDecide: (moltbook, { request }) => moltbook.dmDecide(request, "reject"),
};
