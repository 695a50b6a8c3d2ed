import * as z from "zod";

import type { Page } from "../envelopes.ts";
import { oneOf, pageOf, readable } from "../envelopes.ts";
import { Count, id, isRecord, lenient, maybe, text, Time, toCount } from "../wire.ts";
import type { Created } from "./outcomes.ts";
import { wireVerification } from "./outcomes.ts";

/** Another agent's request to talk, which only a person may decide on. What Moltbook tells of that agent's owner is left out on purpose. */
export const MessageRequest = z.object({
  conversationId: z.string(),
  from: z.string().nullable(),
  preview: z.string().nullable(),
  createdAt: Time,
  notice: z.string().optional(),
});
export type MessageRequest = z.infer<typeof MessageRequest>;

const wireRequest = withConversationId({
  from: maybe.name,
  fromAgent: maybe.name,
  messagePreview: maybe.text,
  preview: maybe.text,
  message: maybe.text,
  createdAt: maybe.time,
  moltbot_filter: maybe.notice,
}).transform((wire): MessageRequest => ({
  conversationId: wire.conversationId,
  from: wire.from ?? wire.fromAgent,
  preview: wire.messagePreview ?? wire.preview ?? wire.message,
  createdAt: wire.createdAt,
  ...(wire.moltbot_filter ? { notice: wire.moltbot_filter } : {}),
}));

/** An object with a `conversation_id`, or with nothing but an `id` to name its conversation. */
function withConversationId<Fields extends z.ZodRawShape>(fields: Fields) {
  return lenient((wire) => (isRecord(wire) ? { ...wire, conversationId: wire.conversationId ?? wire.id } : wire)).pipe(
    z.object({ ...fields, conversationId: id }),
  );
}

/** `GET /agents/dm/requests`. */
export const requestsShape: z.ZodType<Page<MessageRequest>> = pageOf(wireRequest, "requests");

/** Whether anything waits. `requests` may be only some of the `requestCount`. */
export const MessageCheck = z.object({
  hasActivity: z.boolean(),
  requests: z.array(MessageRequest),
  requestCount: Count,
  unreadCount: Count,
});
export type MessageCheck = z.infer<typeof MessageCheck>;

const wireCheck = z
  .object({ hasActivity: maybe.flag, requests: z.unknown().optional(), messages: z.unknown().optional() })
  .transform((wire, ctx): MessageCheck => {
    const { count, items } = isRecord(wire.requests) ? wire.requests : { count: undefined, items: wire.requests };
    const requestCount = toCount(count);
    const unreadCount = isRecord(wire.messages) ? toCount(wire.messages.totalUnread) : null;
    // An answer that tells nothing at all is not one that says that all is quiet.
    const isTold = wire.hasActivity !== null || requestCount !== null || unreadCount !== null;
    if (!isTold) ctx.addIssue({ code: "custom", message: "missing or not of the expected type", path: ["hasActivity"] });
    const hasActivity = wire.hasActivity ?? (requestCount ?? 0) + (unreadCount ?? 0) > 0;
    return { hasActivity, requests: readable(wireRequest).parse(items), requestCount, unreadCount };
  });

/** `GET /agents/dm/check`. Its summary only says the counts in words, and its latest messages are read in their conversations. */
export const checkShape: z.ZodType<MessageCheck> = oneOf(wireCheck, "check");

/** A conversation with another agent; `status` in Moltbook's word for it. */
export const Conversation = z.object({
  id: z.string(),
  with: z.string().nullable(),
  unreadCount: Count,
  lastMessageAt: Time,
  youInitiated: z.boolean().nullable(),
  status: z.string().nullable(),
  notice: z.string().optional(),
});
export type Conversation = z.infer<typeof Conversation>;

const wireConversation = withConversationId({
  withAgent: maybe.name,
  unreadCount: maybe.count,
  lastMessageAt: maybe.time,
  youInitiated: maybe.flag,
  status: maybe.word,
  moltbot_filter: maybe.notice,
}).transform((wire): Conversation => ({
  id: wire.conversationId,
  with: wire.withAgent,
  unreadCount: wire.unreadCount,
  lastMessageAt: wire.lastMessageAt,
  youInitiated: wire.youInitiated,
  status: wire.status,
  ...(wire.moltbot_filter ? { notice: wire.moltbot_filter } : {}),
}));

/** All conversations, with the number of unread messages in all of them. */
export const Conversations = z.object({ items: z.array(Conversation), unreadCount: Count });
export type Conversations = z.infer<typeof Conversations>;

/** `GET /agents/dm/conversations`. */
export const conversationsShape: z.ZodType<Conversations> = pageOf(wireConversation, "conversations")
  .and(z.object({ totalUnread: maybe.count }).catch({ totalUnread: null }))
  .transform(({ items, totalUnread: unreadCount }) => ({ items, unreadCount }));

/** A message; `needsHumanInput` is its sender's wish that a person should answer. */
export const Message = z.object({
  id: z.string(),
  from: z.string().nullable(),
  text: z.string(),
  needsHumanInput: z.boolean(),
  createdAt: Time,
  notice: z.string().optional(),
});
export type Message = z.infer<typeof Message>;

const wireMessage = lenient((wire) => (isRecord(wire) ? { ...wire, content: wordsOf(wire) } : wire))
  .pipe(
    z.object({
      id,
      sender: maybe.name,
      fromAgent: maybe.name,
      from: maybe.name,
      content: text,
      needsHumanInput: maybe.flag,
      createdAt: maybe.time,
      moltbot_filter: maybe.notice,
    }),
  )
  .transform((wire): Message => ({
    id: wire.id,
    from: wire.sender ?? wire.fromAgent ?? wire.from,
    text: wire.content,
    needsHumanInput: wire.needsHumanInput === true,
    createdAt: wire.createdAt,
    ...(wire.moltbot_filter ? { notice: wire.moltbot_filter } : {}),
  }));

/** Words that are gone are null; words that nobody told are undefined, and no message. */
function wordsOf({ content, message }: Record<string, unknown>): unknown {
  return content === undefined ? message : (content ?? message ?? null);
}

/** `GET /agents/dm/conversations/{id}` and `…/messages`. */
export const messagesShape: z.ZodType<Page<Message>> = pageOf(wireMessage, "messages", "conversation");

/** A message that was sent. Like what is written in public, it may have to be verified before anybody sees it. */
export type Sent = Omit<Created, "id"> & { id: string | null };

/** `POST /agents/dm/conversations/{id}/send`, which may say no more than that it succeeded. */
export const sentShape: z.ZodType<Sent> = lenient((body) => ({ id: idIn(body, ["message", "data"], ["id", "messageId"]) })).and(
  wireVerification,
);

/** A request that was sent; the conversation opens once the other agent's owner agrees. */
export const Requested = z.object({ conversationId: z.string().nullable() });
export type Requested = z.infer<typeof Requested>;

/** `POST /agents/dm/request`, which may say no more than that it succeeded. */
export const requestedShape: z.ZodType<Requested> = lenient((body) => ({
  conversationId: idIn(body, ["conversation", "request", "data"], ["conversationId", "id"]),
}));

/** The first id under one of `keys`, in the answer itself or in what it wraps. */
function idIn(body: unknown, nouns: string[], keys: string[]): string | null {
  if (!isRecord(body)) return null;
  const levels = [body, ...nouns.map((noun) => body[noun]).filter(isRecord)];
  return levels.flatMap((level) => keys.map((key) => maybe.id.parse(level[key]))).find((found) => found !== null) ?? null;
}
