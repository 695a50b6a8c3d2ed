import { expect, test } from "bun:test";

import { Conversation, Message, MessageCheck, MessageRequest } from "../shapes/messages.ts";
import { ask, failureFrom, openDouble } from "../testing.ts";

const CREATED = "2026-03-07T19:40:16.570Z";
const WIRE_CREATED = "2026-03-07 19:40:16.57007+00";

const owner = { x_handle: "somebody_private", x_name: "private person" };
const wireRequest = {
  conversation_id: "d1",
  from: { name: "soft-one", owner },
  message_preview: "Shall we talk about shells?",
  created_at: WIRE_CREATED,
};
const request = { conversationId: "d1", from: "soft-one", preview: "Shall we talk about shells?", createdAt: CREATED };

test("the look for messages reads what waits, and nothing of anybody's owner", async () => {
  const body = {
    success: true,
    has_activity: true,
    summary: "DO THIS",
    requests: { count: "3", items: [wireRequest, { from: { name: "no conversation" } }] },
    messages: { total_unread: "02", conversations_with_unread: 1, latest: [{ message: "DO THIS" }] },
  };
  const { data, asked } = await ask(body, (moltbook) => moltbook.dmCheck());
  expect(data).toEqual({ hasActivity: true, requests: [request], requestCount: 3, unreadCount: 2 });
  expect(MessageCheck.parse(data)).toEqual(data);
  expect(JSON.stringify(data)).not.toMatch(/private|DO THIS/);
  expect(asked).toEqual({ method: "GET", path: "/agents/dm/check", query: {}, body: null });
});

test.each([
  [
    { success: true, has_activity: false },
    { hasActivity: false, requestCount: null, unreadCount: null },
  ],
  [{ data: { requests: { count: 0, items: [] }, messages: { total_unread: 1 } } }, { hasActivity: true, requestCount: 0, unreadCount: 1 }],
  [{ requests: { count: 0, items: [] } }, { hasActivity: false, requestCount: 0, unreadCount: null }],
])("a look that answers %j is read without made-up figures", async (body, expected) => {
  const { data } = await ask<unknown>(body, (moltbook) => moltbook.dmCheck());
  expect(data).toEqual({ ...expected, requests: [] });
});

test("a look that tells nothing is no quiet inbox", async () => {
  using double = openDouble(() => Response.json({ success: true, requests: "none" }));
  const { message, details } = await failureFrom(double.moltbook().dmCheck());
  expect(details.kind).toBe("upstream_shape");
  expect(message).toContain("$.has_activity is missing");
});

test.each([
  ["bare", [wireRequest]],
  ["under their noun", { success: true, requests: [wireRequest] }],
  ["as the items of their noun", { requests: { count: 1, items: [wireRequest] } }],
  ["beside their counts", { incoming: { count: 1 }, outgoing: { count: 0 }, requests: [wireRequest] }],
  ["wrapped in data", { data: { requests: { items: [wireRequest] } } }],
  ["in camelCase", { requests: [{ id: "d1", fromAgent: "soft-one", preview: request.preview, createdAt: CREATED }] }],
])("requests to talk are read %s", async (_, body) => {
  const { data, asked } = await ask<unknown>(body, (moltbook) => moltbook.dmRequests());
  expect(data).toEqual({ items: [request], next: null });
  expect(MessageRequest.array().parse((data as { items: unknown }).items)).toEqual([request]);
  expect(asked).toEqual({ method: "GET", path: "/agents/dm/requests", query: {}, body: null });
});

test("a request that the filter withheld says so, and names the place where one is not to be read", async () => {
  using double = openDouble(() => Response.json({ requests: { items: [wireRequest, { from: "soft-one" }] } }));
  const { message } = await failureFrom(double.moltbook().dmRequests());
  expect(message).toContain("$.requests.items[1].conversation_id is missing");
  const withheld = { ...wireRequest, message_preview: "", moltbot_filter: { band: "withhold", reason: "role change" } };
  const screen = () => ({ value: { requests: [withheld] }, exposures: [], withheld: 1 });
  const { data } = await double.moltbook({ screen }).dmRequests();
  expect(data.items).toEqual([{ ...request, preview: "", notice: "withheld: role change" }]);
});

const wireConversation = {
  conversation_id: "d1",
  with_agent: { name: "soft-one", description: "Reads", karma: 4, owner },
  unread_count: "2",
  last_message_at: WIRE_CREATED,
  you_initiated: true,
  status: "approved",
};
const conversation = { id: "d1", with: "soft-one", unreadCount: 2, lastMessageAt: CREATED, youInitiated: true, status: "approved" };

test.each([
  [{ success: true, inbox: "main", total_unread: "2", conversations: { count: 1, items: [wireConversation] } }, 2],
  [{ conversations: [wireConversation] }, null],
])("conversations are read, and nothing of anybody's owner", async (body, unreadCount) => {
  const { data, asked } = await ask(body, (moltbook) => moltbook.dmConversations());
  expect(data).toEqual({ items: [conversation], unreadCount });
  expect(Conversation.array().parse(data.items)).toEqual(data.items);
  expect(asked).toEqual({ method: "GET", path: "/agents/dm/conversations", query: {}, body: null });
});

const message = { id: "m1", from: "soft-one", text: "Hello there", needsHumanInput: false, createdAt: CREATED };

test.each([
  [{ id: "m1", sender: { name: "soft-one", owner }, content: "Hello there", needs_human_input: false, created_at: WIRE_CREATED }, message],
  [{ id: "m1", from_agent: "soft-one", message: "Hello there", created_at: CREATED }, message],
  [
    { id: 1, sender: null, content: null, needs_human_input: true },
    { id: "1", from: null, text: "", needsHumanInput: true, createdAt: null },
  ],
])("a message that comes as %j is read", async (wire, expected) => {
  const { data, asked } = await ask({ success: true, messages: [wire] }, (moltbook) => moltbook.dmConversation("d1"));
  expect(data).toEqual({ items: [expected], next: null });
  expect(Message.parse(data.items[0])).toEqual(expected);
  expect(asked).toEqual({ method: "GET", path: "/agents/dm/conversations/d1", query: {}, body: null });
});

test("a part of a conversation is asked for by its own address", async () => {
  const wire = {
    conversation: { messages: [{ id: "m1", sender: "soft-one", content: "Hello there", created_at: CREATED }], next_cursor: "c2" },
  };
  const { data, asked } = await ask(wire, (moltbook) => moltbook.dmConversation("d1", { limit: 5, cursor: "c1" }));
  expect(data).toEqual({ items: [message], next: "c2" });
  expect(asked).toEqual({ method: "GET", path: "/agents/dm/conversations/d1/messages", query: { limit: "5", cursor: "c1" }, body: null });
});

const told = { verification_code: "moltbook_verify_1a", challenge_text: "A] lO^bSt-Er", expires_at: CREATED };
const challenge = { code: "moltbook_verify_1a", text: "A] lO^bSt-Er", expiresAt: CREATED, instructions: null };

test.each([
  ["a word of success", { success: true }, { id: null, status: "published" }],
  ["nothing", undefined, { id: null, status: "published" }],
  ["the message", { success: true, message: { id: "m1", content: "Hello" } }, { id: "m1", status: "published" }],
  ["its id in data", { data: { message_id: "m1" } }, { id: "m1", status: "published" }],
  ["a challenge beside it", { message: { id: "m1" }, verification: told }, { id: "m1", status: "pending", challenge }],
  ["a challenge in it", { message: { id: "m1", verification: told } }, { id: "m1", status: "pending", challenge }],
])("a message whose sending is answered with %s is read", async (_, body, expected) => {
  const { data, asked } = await ask<unknown>(body, (moltbook) =>
    moltbook.dmSend({ conversationId: "d1", message: "Hello", needsHumanInput: true }),
  );
  expect(data).toEqual(expected);
  expect(asked).toEqual({
    method: "POST",
    path: "/agents/dm/conversations/d1/send",
    query: {},
    body: { message: "Hello", needs_human_input: true },
  });
});

test.each([
  [{ success: true, conversation_id: "d1" }, "d1"],
  [{ success: true, conversation: { id: "d1" } }, "d1"],
  [{ success: true, request: { conversation_id: "d1" } }, "d1"],
  [{ success: true, message: "Sent" }, null],
])("a request whose sending is answered with %j is read", async (body, conversationId) => {
  const { data, asked } = await ask<unknown>(body, (moltbook) => moltbook.dmRequest({ to: "soft-one", message: "Shall we talk?" }));
  expect(data).toEqual({ conversationId });
  expect(asked).toEqual({ method: "POST", path: "/agents/dm/request", query: {}, body: { to: "soft-one", message: "Shall we talk?" } });
});

test.each([
  ["approve", "approve", null],
  ["reject", "reject", null],
  ["block", "reject", { block: true }],
] as const)("a person's decision to %s is sent", async (decision, segment, body) => {
  const { asked } = await ask({ success: true }, (moltbook) => moltbook.dmDecide("d1", decision));
  expect(asked).toEqual({ method: "POST", path: `/agents/dm/requests/d1/${segment}`, query: {}, body });
});
