import * as z from "zod";

import type { NewAction } from "../../actions/queries.ts";
import { AppError } from "../../errors.ts";
import type { ToolContext } from "../../tool.ts";
import { defineTool } from "../../tool.ts";
import { moltbook } from "../connection.ts";
import { ageOf, excerptOf, told } from "../digest.ts";
import { reading } from "../governor.ts";
import { ItemId } from "../schema.ts";
import type { Notification } from "../shapes/notifications.ts";
import { write } from "../write.ts";
import { Cursor, Limit, Paging, partOf } from "./page.ts";

const Text = z.string().optional();

export const notifications = defineTool({
  name: "moltbook_notifications",
  title: "Notifications",
  description: "What others did that concerns you. Marks all, or those about one post, as read if asked.",
  input: z.strictObject({
    unread_only: z.boolean().default(false),
    limit: Limit,
    cursor: Cursor,
    mark_read: z.enum(["none", "all"]).default("none"),
    mark_read_post_id: ItemId.optional(),
  }),
  output: z.object({
    unread: z.int().optional(),
    notifications: z.array(
      z.object({
        from: Text,
        type: z.string(),
        is_read: z.boolean(),
        text: Text,
        comment: Text,
        comment_id: Text,
        post_id: Text,
        post_title: Text,
        age: Text,
        notice: Text,
      }),
    ),
    ...Paging,
  }),
  // Marking as read changes something, though nothing that others see.
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  feature: "notifications",
  async run({ unread_only: unreadOnly, limit, cursor: place, mark_read, mark_read_post_id: postId }, context) {
    if (postId && mark_read === "all") throw new AppError("invalid", "Give mark_read or mark_read_post_id, not both.");
    const answer = await reading(context, (options) => moltbook().notifications({ unreadOnly, limit, cursor: place?.cursor }, options));
    const beside = told({ unread: answer.data.unreadCount });
    const { items, ...paging } = await partOf({
      page: answer.data,
      withheld: answer.withheld,
      place,
      id: ({ id }) => id,
      show: (found) => found.map(digestOf),
      beside,
    });
    const actions: NewAction[] = [{ type: "checked_status", detail: `${items.length} notifications` }];
    if (postId ?? mark_read === "all") actions.push(...(await mark(postId ? { postId } : "all", context)));
    return { ...answer, data: { ...beside, notifications: items, ...paging }, withheld: paging.withheld, actions };
  },
});

async function mark(which: { postId: string } | "all", context: ToolContext): Promise<NewAction[]> {
  const { actions } = await write(context, {
    tool: "moltbook_notifications",
    args: { mark_read: which },
    once: false,
    classes: ["write"],
    action:
      which === "all"
        ? { type: "marked_read", detail: "all notifications" }
        : { type: "marked_read", target_kind: "post", target_id: which.postId },
    send: (options) => moltbook().readNotifications(which, options),
    rehearse: () => ({ action: null, message: null, count: null }),
    settle: async () => ({ data: {} }),
  });
  return actions;
}

function digestOf(item: Notification) {
  const { title: post_title, content: comment } = excerptOf(item.postTitle, item.comment);
  return told({
    from: item.from,
    type: item.type,
    is_read: item.isRead,
    text: excerptOf(null, item.text).content,
    comment,
    comment_id: item.commentId,
    post_id: item.postId,
    post_title,
    age: ageOf(item.createdAt),
    notice: item.notice,
  });
}
