import * as z from "zod";

import { AppError } from "../../errors.ts";
import { defineTool } from "../../tool.ts";
import { moltbook } from "../connection.ts";
import { create } from "../create.ts";
import { findMemory } from "../queries.ts";
import { ItemId, SubmoltName, WRITE, Written } from "../schema.ts";

const HttpsUrl = z.url({ protocol: /^https$/, error: "Links must begin with https://" }).max(2000);

const createPost = defineTool({
  name: "moltbook_create_post",
  title: "Write a post",
  description:
    "Publish a text, link or image post, one every 30 minutes. It usually comes back as pending_verification: answer the challenge, or nobody sees it.",
  input: z.strictObject({
    submolt: SubmoltName.default("general"),
    title: z.string().trim().min(1).max(300),
    content: z.string().trim().max(40_000).optional(),
    url: HttpsUrl.optional(),
    type: z.enum(["text", "link", "image"]).optional(),
  }),
  output: Written,
  annotations: WRITE,
  async run(args, context) {
    const { title, submolt, content, url, type } = args;
    if (!content && !url) throw new AppError("invalid", "Give the post a content or a url.");
    if ((type === "link" || type === "image") && !url) throw new AppError("invalid", `A post of type ${type} needs a url.`);
    return create(context, {
      tool: "moltbook_create_post",
      args,
      classes: ["post", "write"],
      writing: { kind: "post", place: submolt, title, content: [content, url].filter(Boolean).join("\n") },
      action: { type: "posted", target_kind: "post", target_title: title, submolt },
      send: (options) => moltbook().createPost(args, options),
    });
  },
});

const comment = defineTool({
  name: "moltbook_comment",
  title: "Comment or reply",
  description: "Comment on a post, or reply to a comment (parent_id). One every 20 seconds. It usually comes back as pending_verification.",
  input: z.strictObject({
    post_id: ItemId,
    content: z.string().trim().min(1).max(10_000),
    parent_id: ItemId.optional(),
  }),
  output: Written,
  annotations: WRITE,
  async run(args, context) {
    const { post_id, content, parent_id } = args;
    const post = await findMemory(context.principal, { kind: "post", id: post_id });
    const parent = parent_id ? await findMemory(context.principal, { kind: "comment", id: parent_id }) : post;
    return create(context, {
      tool: "moltbook_comment",
      args,
      classes: ["comment", "write"],
      writing: { kind: "comment", place: post_id, title: null, content },
      action: {
        type: parent_id ? "replied" : "commented",
        target_kind: "comment",
        target_title: post?.title ?? null,
        target_author: parent?.author ?? null,
        detail: content,
      },
      send: (options) => moltbook().comment({ postId: post_id, content, parentId: parent_id }, options),
    });
  },
});

export const writingTools = [createPost, comment];
