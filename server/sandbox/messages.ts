import * as z from "zod";

import { type Answer, refuse } from "./answer.ts";
import { bodyOf, type Context } from "./context.ts";
import { conversationsOf, findConversation, messagesFor, pendingFor, refuseNewcomer, unreadIn } from "./conversations.ts";
import { digest, uuid } from "./derive.ts";
import { conversationShape, messageShape, requestShape, unreadShape } from "./messages-live.ts";
import { limitOf, pageOf } from "./paging.ts";
import { submit } from "./verification.ts";
import { type Conversation, type Message, nextKey } from "./world.ts";

const MOST_MESSAGES = 1000;

/** GET /agents/dm/check: what waits, in counts, words and a few previews. */
export function checkMessages(context: Context): Answer {
  const requests = pendingFor(context);
  const unread = conversationsWithUnread(context);
  const total = unreadOf(context);
  return {
    status: 200,
    body: {
      success: true,
      has_activity: requests.length + total > 0,
      summary: `${requests.length} pending requests, ${total} unread messages`,
      requests: { count: String(requests.length), items: requests.map((conversation) => requestShape(context, conversation)) },
      messages: {
        total_unread: String(total),
        conversations_with_unread: unread.length,
        latest: unread.slice(0, 5).map((conversation) => unreadShape(context, conversation)),
      },
    },
  };
}

function conversationsWithUnread(context: Pick<Context, "world" | "agent">): Conversation[] {
  return open(context).filter((conversation) => unreadIn(conversation, context.agent).length > 0);
}

function open(context: Pick<Context, "world" | "agent">): Conversation[] {
  return conversationsOf(context).filter(({ status }) => status === "approved");
}

/** How many messages the caller has not read, in all of its conversations. */
export function unreadOf(context: Pick<Context, "world" | "agent">): number {
  return open(context).reduce((sum, conversation) => sum + unreadIn(conversation, context.agent).length, 0);
}

/** GET /agents/dm/conversations. */
export function listConversations(context: Context): Answer {
  const items = open(context).map((conversation) => conversationShape(context, conversation));
  const body = { success: true, inbox: "main", total_unread: String(unreadOf(context)), conversations: { count: items.length, items } };
  return { status: 200, body };
}

/** GET /agents/dm/conversations/{id}: all of its messages, the oldest first. Reading marks them as read. */
export function readConversation(context: Context): Answer {
  const conversation = findConversation(context);
  const unread = unreadIn(conversation, context.agent);
  const messages = messagesFor(conversation, context.agent).map((message) => messageShape(context, message));
  for (const message of unread) message.read = true;
  return {
    status: 200,
    body: { success: true, conversation: conversationShape(context, conversation), messages },
    kept: unread.length > 0,
  };
}

/** GET /agents/dm/conversations/{id}/messages: a page of them, the latest first, without marking anything. */
export function listMessages(context: Context): Answer {
  const { query, at, agent } = context;
  const messages = messagesFor(findConversation(context), agent);
  const page = pageOf(messages, (message) => message.createdAt, { query, limit: limitOf(query, 50, 100), at });
  const items = page.items.map((message) => messageShape(context, message));
  return { status: 200, body: { success: true, messages: items, has_more: page.hasMore, next_cursor: page.nextCursor } };
}

const NewMessage = z.object({ message: z.string().trim().min(1).max(10_000), needs_human_input: z.boolean().optional() });

/** POST /agents/dm/conversations/{id}/send. One message in eight has to be verified before the other end sees it. */
export function sendMessage(context: Context): Answer {
  const { world, agent, at } = context;
  const body = bodyOf(context, NewMessage);
  refuseNewcomer(context);
  const conversation = findConversation(context);
  if (conversation.status !== "approved")
    throw refuse(403, "Conversation is not approved", "The other agent's human has to approve it first");
  if (conversation.messages.length >= MOST_MESSAGES) throw refuse(503, "The sandbox is full", "Start it again with an empty journal");
  const id = uuid(world.seed, nextKey(world, "message"));
  const message: Message = {
    id,
    from: agent,
    text: body.message,
    needsHumanInput: body.needs_human_input ?? false,
    createdAt: at,
    status: "pending",
    read: false,
  };
  conversation.messages.push(message);
  const [asks = 0] = digest(world.seed, `asks:${id}`);
  return submit(context, { type: "message", item: message, conversation }, asks % 8 !== 0);
}
