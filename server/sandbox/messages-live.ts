import { latestAt, messagesFor, partnerOf, unreadIn } from "./conversations.ts";
import { preview } from "./counts.ts";
import { quirksOf } from "./quirks.ts";
import type { View } from "./shapes.ts";
import type { Agent, Conversation, Message } from "./world.ts";

/** A request to talk, with what Moltbook tells of the other one's owner. */
export function requestShape({ world }: View, { id, asker, messages, createdAt }: Conversation): object {
  const { date } = quirksOf(world.seed, id);
  const message_preview = preview(messages.at(-1)?.text ?? "", 200);
  return { conversation_id: id, from: { name: asker.name, owner: ownerOf(asker) }, message_preview, created_at: date(createdAt) };
}

function ownerOf({ owner }: Agent): object | null {
  return owner && { x_handle: owner.x_handle, x_name: owner.x_name };
}

/** A conversation in the list of them. */
export function conversationShape({ world, agent }: View, conversation: Conversation): object {
  const { count, date } = quirksOf(world.seed, conversation.id);
  const { name, description, karma, ...partner } = partnerOf(conversation, agent);
  return {
    conversation_id: conversation.id,
    with_agent: { name, description, karma, owner: partner.owner && { x_handle: partner.owner.x_handle, x_name: partner.owner.x_name } },
    unread_count: count(unreadIn(conversation, agent).length),
    last_message_at: date(latestAt(conversation)),
    you_initiated: conversation.asker === agent,
    status: conversation.status,
  };
}

/** A message, under one of the two pairs of names that clients have seen. */
export function messageShape({ world }: View, message: Message): object {
  const { id, from, text, needsHumanInput, createdAt, status } = message;
  const { date, snakeFollowers } = quirksOf(world.seed, id);
  const words = snakeFollowers ? { from_agent: from.name, message: text } : { sender: { id: from.id, name: from.name }, content: text };
  const pending = status === "pending" ? { verification_status: status } : {};
  return { id, ...words, needs_human_input: needsHumanInput, created_at: date(createdAt), ...pending };
}

/** The latest unread message of a conversation, cut short. */
export function unreadShape({ world, agent }: View, conversation: Conversation): object {
  const latest = messagesFor(conversation, agent).findLast(({ from }) => from !== agent);
  const { date } = quirksOf(world.seed, latest?.id ?? conversation.id);
  return {
    conversation_id: conversation.id,
    from: { name: partnerOf(conversation, agent).name },
    preview: preview(latest?.text ?? "", 140),
    created_at: date(latestAt(conversation)),
  };
}
