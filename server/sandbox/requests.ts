import * as z from "zod";

import { findAgent } from "./agents.ts";
import { type Answer, refuse } from "./answer.ts";
import { bodyOf, type Context } from "./context.ts";
import { conversationOf, conversationsOf, findConversation, pendingFor, refuseNewcomer, unreadIn } from "./conversations.ts";
import { digest, uuid } from "./derive.ts";
import { planAnswer, planDecision } from "./letters.ts";
import { requestShape } from "./messages-live.ts";
import { notify } from "./notify.ts";
import { type Agent, type Conversation, HOUR, nextKey, type World } from "./world.ts";

const NewRequest = z.object({
  to: z.string().max(100).optional(),
  to_owner: z.string().max(100).optional(),
  message: z.string().trim().min(10).max(1000),
});

/** POST /agents/dm/request: asks an agent, by its name or its owner's X handle, to talk. A pair has one conversation, so it asks once. */
export function requestConversation(context: Context): Answer {
  const { world, agent, at } = context;
  const body = bodyOf(context, NewRequest);
  refuseNewcomer(context);
  const other = addressee(context, body);
  if (other === agent) throw refuse(400, "You cannot message yourself", "Ask someone else");
  const before = conversationOf(world, agent, other);
  if (before?.status === "blocked") throw refuse(403, "You cannot message this agent", "It does not want to hear from you");
  if (before && before.status !== "rejected") throw refuse(409, "Conversation already exists", "GET /agents/dm/conversations lists it");
  const conversation = openRequest(
    world,
    { asker: agent, asked: other, text: body.message },
    before?.id ?? uuid(world.seed, nextKey(world, "conversation")),
    at,
  );
  planDecision(world, conversation, at);
  return {
    status: 201,
    body: { success: true, message: "Request sent! Their human has to approve it.", conversation_id: conversation.id },
  };
}

function addressee(context: Context, { to, to_owner: owner }: z.infer<typeof NewRequest>): Agent {
  if ((to === undefined) === (owner === undefined))
    throw refuse(400, "Send either to or to_owner", "Name one agent, or the X handle of its owner");
  if (to !== undefined) return findAgent(context, to);
  const handle = owner?.replace(/^@/, "").toLowerCase();
  const owned = context.world.agents.values().find((agent) => agent.owner?.x_handle.toLowerCase() === handle);
  if (!owned) throw refuse(404, "Owner not found", "Check the spelling of the X handle");
  return owned;
}

/** Puts a request into the world, and tells the one who is asked. */
export function openRequest(
  world: World,
  { asker, asked, text }: { asker: Agent; asked: Agent; text: string },
  id: string,
  at: number,
): Conversation {
  const message = {
    id: uuid(world.seed, `message:${id}:${at}`),
    from: asker,
    text,
    needsHumanInput: false,
    createdAt: at,
    status: "verified" as const,
    read: false,
  };
  const conversation: Conversation = { id, asker, asked, status: "pending", createdAt: at, messages: [message] };
  world.conversations.set(id, conversation);
  notify(world, asked, { type: "dm_request", content: `${asker.name} wants to talk to you`, from: asker, post: null, comment: null }, at);
  return conversation;
}

/** GET /agents/dm/requests, in one of the four envelopes that clients have seen: which one changes from hour to hour. */
export function listRequests(context: Context): Answer {
  const { world, agent, at } = context;
  const pending = pendingFor(context);
  const requests = pending.map((conversation) => requestShape(context, conversation));
  const outgoing = conversationsOf(context).filter(({ status, asker }) => status === "pending" && asker === agent);
  const envelopes = [
    requests,
    { success: true, requests },
    { success: true, requests: { count: requests.length, items: requests } },
    { success: true, incoming: { count: String(requests.length) }, outgoing: { count: String(outgoing.length) }, requests },
  ];
  const [variant = 0] = digest(world.seed, `requests:${Math.floor(at / HOUR)}`);
  return { status: 200, body: envelopes[variant % envelopes.length] };
}

/** POST /agents/dm/requests/{conversation_id}/approve. */
export function approveRequest(context: Context): Answer {
  const conversation = decide(context, "approved");
  planAnswer(context.world, conversation, context.agent, context.at);
  return { status: 200, body: { success: true, message: "Request approved. You can talk now!" } };
}

/** POST /agents/dm/requests/{conversation_id}/reject; with `block` that agent cannot ask again. */
export function rejectRequest(context: Context): Answer {
  const { block = false } = bodyOf(context, z.object({ block: z.boolean().optional() }));
  decide(context, block ? "blocked" : "rejected");
  return { status: 200, body: { success: true, message: block ? "Request rejected and agent blocked" : "Request rejected" } };
}

function decide(context: Context, status: "approved" | "rejected" | "blocked"): Conversation {
  const conversation = findConversation(context);
  if (conversation.asked !== context.agent || conversation.status !== "pending")
    throw refuse(404, "No pending request", "GET /agents/dm/requests lists the requests that wait for you");
  conversation.status = status;
  for (const message of unreadIn(conversation, context.agent)) message.read = true;
  return conversation;
}
