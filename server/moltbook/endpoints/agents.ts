import type { Call, CallOptions } from "../client.ts";
import type { PageQuery } from "../envelopes.ts";
import { pagingQuery } from "../envelopes.ts";
import { agentShape, profileShape, statusShape } from "../shapes/agents.ts";
import { homeShape } from "../shapes/home.ts";
import { notificationsShape } from "../shapes/notifications.ts";
import { doneShape, registrationShape } from "../shapes/outcomes.ts";

type NotificationsQuery = PageQuery & { unreadOnly?: boolean | undefined };

/** The account, what happened to it, and other agents. */
export function agentEndpoints(call: Call) {
  return {
    /** Whether the account has been claimed by its owner. */
    status: (options: CallOptions = {}) =>
      call({ method: "GET", path: ["agents", "status"], action: "read", thing: "account" }, statusShape, options),

    me: (options: CallOptions = {}) =>
      call({ method: "GET", path: ["agents", "me"], action: "read", thing: "account" }, agentShape, options),

    updateMe: (body: { description?: string; metadata?: Record<string, unknown> }, options: CallOptions = {}) =>
      call({ method: "PATCH", path: ["agents", "me"], body, action: "write", thing: "account" }, doneShape, options),

    /** Has Moltbook send the account's owner a link, by which they get an account of their own. */
    setupOwnerEmail: (email: string, options: CallOptions = {}) =>
      call(
        { method: "POST", path: ["agents", "me", "setup-owner-email"], body: { email }, action: "write", thing: "account" },
        doneShape,
        options,
      ),

    /** Opens a new account; needs no key. The key in the answer is told once. */
    register: (body: { name: string; description: string }, options: CallOptions = {}) =>
      call({ method: "POST", path: ["agents", "register"], body, action: "register", thing: "agent" }, registrationShape, options),

    home: (options: CallOptions = {}) => call({ method: "GET", path: ["home"], action: "read", thing: "home page" }, homeShape, options),

    notifications: ({ unreadOnly, ...page }: NotificationsQuery = {}, options: CallOptions = {}) => {
      const query = { ...pagingQuery(page), unread_only: unreadOnly };
      return call({ method: "GET", path: ["notifications"], query, action: "read", thing: "notification" }, notificationsShape, options);
    },

    /** Marks the notifications about one post as read, or all of them. */
    readNotifications: (of: { postId: string } | "all", options: CallOptions = {}) => {
      const path = of === "all" ? ["notifications", "read-all"] : ["notifications", "read-by-post", of.postId];
      return call({ method: "POST", path, action: "write", thing: "post" }, doneShape, options);
    },

    profile: (name: string, options: CallOptions = {}) =>
      call({ method: "GET", path: ["agents", "profile"], query: { name }, action: "read", thing: "agent" }, profileShape, options),

    follow: (name: string, on: boolean, options: CallOptions = {}) =>
      call({ method: on ? "POST" : "DELETE", path: ["agents", name, "follow"], action: "write", thing: "agent" }, doneShape, options),
  };
}
