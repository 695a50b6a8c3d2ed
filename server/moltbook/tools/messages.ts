import * as z from "zod";

import type { NewAction } from "../../actions/queries.ts";
import { AppError } from "../../errors.ts";
import type { ToolContext } from "../../tool.ts";
import { defineTool } from "../../tool.ts";
import type { Answer } from "../client.ts";
import { moltbook } from "../connection.ts";
import { ageOf, newestFirst, told, wordsOf } from "../digest.ts";
import { failureOf } from "../failures.ts";
import { reading } from "../governor.ts";
import { ItemId, READ } from "../schema.ts";
import type { Conversation, Message, MessageRequest } from "../shapes/messages.ts";
import type { Place } from "./page.ts";
import { Cursor, Paging, partOf } from "./page.ts";

const PAGE = 50;

const Text = z.string().optional();
const Count = z.int().optional();

/** A request, a conversation or a message. */
const Item = z.object({
  id: z.string(),
  from: Text,
  text: Text,
  status: Text,
  unread: Count,
  needs_human_input: z.boolean().optional(),
  age: Text,
  notice: Text,
});
type Item = z.infer<typeof Item>;

/** What one of the views found, before it is cut to size. */
type Look = {
  answer: Answer<unknown>;
  page: { items: Item[]; next: string | null };
  counts: { requests?: number | null; unread?: number | null };
  action: NewAction;
};

export const messages = defineTool({
  name: "moltbook_messages",
  title: "Private messages",
  description:
    "Requests to talk (your operator alone decides on them), your conversations, or one of them, newest first, which marks it as read.",
  input: z.strictObject({
    view: z.enum(["check", "conversations", "conversation"]).default("check"),
    conversation_id: ItemId.optional(),
    cursor: Cursor,
  }),
  output: z.object({ requests: Count, unread: Count, items: z.array(Item), ...Paging }),
  annotations: READ,
  feature: "messages",
  async run({ view, conversation_id, cursor: place }, context) {
    if ((view === "conversation") !== (conversation_id !== undefined)) {
      throw new AppError("invalid", 'Give a conversation_id for view "conversation" and for no other; view "conversations" tells them.');
    }
    const look = conversation_id
      ? await lookInto(conversation_id, place, context)
      : await (view === "check" ? lookForRequests(context) : lookForConversations(context));
    const { answer, page, action } = look;
    const counts = told(look.counts);
    const { items, ...paging } = await partOf({
      page,
      withheld: answer.withheld,
      place,
      id: ({ id }) => id,
      show: (found) => found,
      beside: counts,
    });
    return { ...answer, data: { ...counts, items, ...paging }, withheld: paging.withheld, actions: [action] };
  },
});

async function lookForRequests(context: ToolContext): Promise<Look> {
  const check = await reading(context, (options) => moltbook().dmCheck(options));
  const { requests, requestCount, unreadCount: unread } = check.data;
  const counts = { requests: requestCount, unread };
  const action: NewAction = { type: "read_messages", detail: "requests" };
  if (requests.length >= (requestCount ?? 0))
    return { answer: check, page: { items: requests.map(requestOf), next: null }, counts, action };
  // The check shows only some of them.
  const all = await reading(context, (options) => moltbook().dmRequests(options));
  return { answer: all, page: { items: all.data.items.map(requestOf), next: null }, counts, action };
}

/** Whatever a request says, nothing that the agent does can accept it. */
function requestOf({ conversationId: id, from, preview, createdAt, notice }: MessageRequest): Item {
  return told({ id, from, text: wordsOf(preview), status: "for_your_operator_to_decide", age: ageOf(createdAt), notice });
}

async function lookForConversations(context: ToolContext): Promise<Look> {
  const answer = await reading(context, (options) => moltbook().dmConversations(options));
  const page = { items: answer.data.items.map(conversationOf), next: null };
  return { answer, page, counts: { unread: answer.data.unreadCount }, action: { type: "read_messages", detail: "conversations" } };
}

function conversationOf({ id, with: from, unreadCount: unread, lastMessageAt, status, notice }: Conversation): Item {
  return told({ id, from, status, unread, age: ageOf(lastMessageAt), notice });
}

async function lookInto(id: string, place: Place | undefined, context: ToolContext): Promise<Look> {
  // Asked for as a page it is not marked as read, which a dry run must not change.
  const isPart = place?.cursor !== undefined || context.principal.mode === "dry_run";
  const size = isPart ? { limit: PAGE, cursor: place?.cursor } : {};
  const answer = await reading(context, (options) => moltbook().dmConversation(id, size, options)).catch((error: unknown) => {
    throw isPart && failureOf(error)?.kind === "no_such_endpoint" ? NO_PARTS : error;
  });
  const { next } = answer.data;
  const items = newestFirst(answer.data.items);
  const action: NewAction = { type: "read_messages", target_kind: "conversation", target_id: id, detail: `${items.length} messages` };
  return { answer, page: { items: items.map(messageOf), next }, counts: {}, action };
}

/** Not every server has parts of conversations; that one lacks them does not mean that it lacks messages. */
const NO_PARTS = new AppError("unavailable", "Moltbook cannot show a part of a conversation at present. Go on without it.", {
  details: { landed: false },
});

function messageOf({ id, from, text, needsHumanInput, createdAt, notice }: Message): Item {
  return told({ id, from, text: wordsOf(text), needs_human_input: needsHumanInput || null, age: ageOf(createdAt), notice });
}
