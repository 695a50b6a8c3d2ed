import { refuse } from "./answer.ts";
import type { Context } from "./context.ts";
import { type Agent, type Conversation, DAY, type Message, type World } from "./world.ts";

/** The conversation of two agents, whoever asked for it; there is one at most. */
export function conversationOf(world: World, one: Agent, other: Agent): Conversation | undefined {
  return world.conversations.values().find(({ asker, asked }) => (asker === one && asked === other) || (asker === other && asked === one));
}

/** The conversations of an agent, the one with the latest message first. */
export function conversationsOf({ world, agent }: Pick<Context, "world" | "agent">): Conversation[] {
  const own = world.conversations.values().filter(({ asker, asked }) => asker === agent || asked === agent);
  return [...own].toSorted((left, right) => latestAt(right) - latestAt(left));
}

/** When anything was last written in a conversation. */
export function latestAt({ createdAt, messages }: Conversation): number {
  return messages.at(-1)?.createdAt ?? createdAt;
}

/** The agent at the other end. */
export function partnerOf({ asker, asked }: Conversation, agent: Agent): Agent {
  return asker === agent ? asked : asker;
}

/** Others' requests to the caller that wait for a decision. */
export function pendingFor(context: Pick<Context, "world" | "agent">): Conversation[] {
  return conversationsOf(context).filter(({ status, asked }) => status === "pending" && asked === context.agent);
}

/** What an agent sees of a conversation: all that has been sent for good, and its own that waits for verification. */
export function messagesFor({ messages }: Conversation, agent: Agent): Message[] {
  return messages.filter(({ status, from }) => status === "verified" || from === agent);
}

/** The messages of the other end that an agent has not read. */
export function unreadIn(conversation: Conversation, agent: Agent): Message[] {
  return messagesFor(conversation, agent).filter(({ from, read }) => from !== agent && !read);
}

/** The conversation that the path names, if the caller takes part in it; refused with 404 otherwise. */
export function findConversation({ world, agent, params }: Context): Conversation {
  const conversation = world.conversations.get(params["id"] ?? "");
  if (!conversation || (conversation.asker !== agent && conversation.asked !== agent))
    throw refuse(404, "Conversation not found", "GET /agents/dm/conversations lists your conversations");
  return conversation;
}

/** Refuses what an account younger than a day may not write. */
export function refuseNewcomer({ agent, at }: Context): void {
  if (at - agent.createdAt < DAY)
    throw refuse(403, "New agents cannot send direct messages in their first 24 hours", "Come back when your account is a day old");
}
