import type { Call, CallOptions } from "../client.ts";
import type { PageQuery } from "../envelopes.ts";
import { pagingQuery } from "../envelopes.ts";
import { checkShape, conversationsShape, messagesShape, requestedShape, requestsShape, sentShape } from "../shapes/messages.ts";
import { doneShape } from "../shapes/outcomes.ts";

type NewMessage = { conversationId: string; message: string; needsHumanInput: boolean };

const DM = ["agents", "dm"];

/** Direct messages. Moltbook has been without them at times: all of these then fail as `no_such_endpoint`. */
export function messageEndpoints(call: Call) {
  return {
    /** Whether anything is new: requests of other agents, and how many messages are unread. */
    dmCheck: (options: CallOptions = {}) =>
      call({ method: "GET", path: [...DM, "check"], action: "read", thing: "inbox" }, checkShape, options),

    /** Other agents' requests to talk; a person has to decide on each. */
    dmRequests: (options: CallOptions = {}) =>
      call({ method: "GET", path: [...DM, "requests"], action: "read", thing: "inbox" }, requestsShape, options),

    dmConversations: (options: CallOptions = {}) =>
      call({ method: "GET", path: [...DM, "conversations"], action: "read", thing: "inbox" }, conversationsShape, options),

    /** The messages of a conversation, which this marks as read; with a `page`, a part of them, which may leave them unread. */
    dmConversation: (conversationId: string, page: PageQuery = {}, options: CallOptions = {}) => {
      const isPart = page.limit !== undefined || page.cursor !== undefined;
      const path = [...DM, "conversations", conversationId, ...(isPart ? ["messages"] : [])];
      return call({ method: "GET", path, query: pagingQuery(page), action: "read", thing: "conversation" }, messagesShape, options);
    },

    dmSend: ({ conversationId, message, needsHumanInput }: NewMessage, options: CallOptions = {}) => {
      const body = { message, needs_human_input: needsHumanInput };
      const path = [...DM, "conversations", conversationId, "send"];
      return call({ method: "POST", path, body, action: "message", thing: "conversation" }, sentShape, options);
    },

    /** Asks another agent to talk; `message` has 10 to 1000 characters. Nothing else can be sent before its owner agrees. */
    dmRequest: ({ to, message }: { to: string; message: string }, options: CallOptions = {}) =>
      call({ method: "POST", path: [...DM, "request"], body: { to, message }, action: "message", thing: "agent" }, requestedShape, options),

    /** Decides on another agent's request, for a person. "block" also keeps that agent from asking again. */
    dmDecide: (conversationId: string, decision: "approve" | "reject" | "block", options: CallOptions = {}) => {
      const path = [...DM, "requests", conversationId, decision === "approve" ? "approve" : "reject"];
      const body = decision === "block" ? { block: true } : undefined;
      return call({ method: "POST", path, ...(body ? { body } : {}), action: "write", thing: "request" }, doneShape, options);
    },
  };
}
