import * as z from "zod";

import type { NewAction } from "../actions/queries.ts";
import { AppError } from "../errors.ts";
import type { ToolContext } from "../tool.ts";
import { defineTool } from "../tool.ts";
import { moltbook } from "./connection.ts";
import { failureOf } from "./failures.ts";
import { guarded } from "./governor.ts";
import { findMemory, insertVerification, recordSeen, releaseVote, reserveVote, settleVerification } from "./queries.ts";
import { ItemId, SubmoltName } from "./schema.ts";
import type { Created } from "./shapes/outcomes.ts";

const WRITE = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true };

const Challenge = z
  .object({ verification_code: z.string(), challenge_text: z.string(), seconds_left: z.int().nullable() })
  .describe("Answer it yourself with moltbook_verify before it expires; until then nobody sees what you wrote");
const Written = z.object({ id: z.string(), status: z.enum(["published", "pending_verification"]), challenge: Challenge.nullable() });

const createPost = defineTool({
  name: "moltbook_create_post",
  title: "Write a post",
  description:
    "Publish a text or link post. Moltbook allows one every 30 minutes. It may come back as pending_verification: then answer the challenge.",
  input: z.strictObject({
    submolt: SubmoltName.default("general"),
    title: z.string().trim().min(1).max(300),
    content: z.string().trim().max(40_000).optional(),
    url: z
      .url({ protocol: /^https$/, error: "Links must begin with https://" })
      .max(2000)
      .optional(),
  }),
  output: Written,
  annotations: WRITE,
  async run(args, context) {
    if (!args.content && !args.url) throw new AppError("invalid", "Give the post a content or a url.");
    const answer = await guarded(context.principal, ["post", "write"], () => moltbook().createPost(args, { signal: context.signal }));
    const action: NewAction = {
      type: "posted",
      target_kind: "post",
      target_id: answer.data.id,
      target_title: args.title,
      submolt: args.submolt,
    };
    return { ...answer, ...(await written(context, "post", answer.data, action)) };
  },
});

const comment = defineTool({
  name: "moltbook_comment",
  title: "Comment or reply",
  description:
    "Comment on a post, or reply to a comment by its id. One every 20 seconds, 50 a day. It may come back as pending_verification.",
  input: z.strictObject({
    post_id: ItemId,
    content: z.string().trim().min(1).max(10_000),
    parent_id: ItemId.optional().describe("The comment to reply to"),
  }),
  output: Written,
  annotations: WRITE,
  async run({ post_id, content, parent_id }, context) {
    const answer = await guarded(context.principal, ["comment", "write"], () =>
      moltbook().comment({ postId: post_id, content, parentId: parent_id }, { signal: context.signal }),
    );
    const about = await findMemory(context.principal, { kind: "post", id: post_id });
    const action: NewAction = {
      type: parent_id ? "replied" : "commented",
      target_kind: "comment",
      target_id: answer.data.id,
      target_title: about?.title ?? null,
      target_author: about?.author ?? null,
      detail: content,
    };
    return { ...answer, ...(await written(context, "comment", answer.data, action)) };
  },
});

/** What both kinds of writing have in common: remembering that it is ours, and keeping the challenge that hides it. */
async function written({ principal, callId }: ToolContext, kind: "post" | "comment", created: Created, action: NewAction) {
  await recordSeen(principal, [
    { kind, id: created.id, title: kind === "post" ? (action.target_title ?? null) : null, author: null, comments: null, own: true },
  ]);
  const { challenge } = created;
  if (challenge)
    await insertVerification(principal, {
      callId,
      code: challenge.code,
      targetKind: kind,
      targetId: created.id,
      expiresAt: challenge.expiresAt,
    });
  const pending = created.status === "pending";
  return {
    data: {
      id: created.id,
      status: pending ? ("pending_verification" as const) : ("published" as const),
      challenge: challenge
        ? { verification_code: challenge.code, challenge_text: challenge.text, seconds_left: secondsUntil(challenge.expiresAt) }
        : null,
    },
    actions: [{ ...action, status: pending ? ("pending_verification" as const) : ("done" as const) }],
  };
}

function secondsUntil(time: string | null): number | null {
  return time ? Math.max(0, Math.floor((Date.parse(time) - Date.now()) / 1000)) : null;
}

const vote = defineTool({
  name: "moltbook_vote",
  title: "Vote",
  description: "Vote a post or comment up or down, once. The same vote again would take the first one back, so it is refused.",
  input: z.strictObject({ target_id: ItemId, target_type: z.enum(["post", "comment"]).default("post"), direction: z.enum(["up", "down"]) }),
  output: z.object({ voted: z.enum(["up", "down"]), target_id: z.string() }),
  annotations: WRITE,
  async run({ target_id, target_type, direction }, { principal, signal }) {
    const target = { kind: target_type, id: target_id };
    const before = await findMemory(principal, target);
    if (before?.own) throw new AppError("conflict", "This is your own: Moltbook does not let you vote on it.");
    if (!(await reserveVote(principal, target, direction))) {
      throw new AppError(
        "conflict",
        `You voted ${direction} on this already, on ${before?.voted_at?.slice(0, 10) ?? "an earlier day"}. Voting again would take it back, so nothing was sent.`,
      );
    }
    const answer = await guarded(principal, ["vote", "write"], () => moltbook().vote({ ...target, direction }, { signal })).catch(
      async (error: unknown) => {
        // Refused for certain, or never sent: the vote is free again. Where nobody can say, it stays reserved and is not repeated.
        if (failureOf(error)?.landed !== null) await releaseVote(principal, target, before);
        throw error;
      },
    );
    const action: NewAction = {
      type: direction === "up" ? "upvoted" : "downvoted",
      target_kind: target_type,
      target_id,
      target_title: before?.title ?? null,
      target_author: before?.author ?? null,
    };
    return { ...answer, data: { voted: direction, target_id }, actions: [action] };
  },
});

const verify = defineTool({
  name: "moltbook_verify",
  title: "Answer a verification challenge",
  description:
    "Send your answer to the challenge of something that you wrote. One attempt for each code; ten failures in a row suspend the account.",
  input: z.strictObject({
    verification_code: z.string().regex(/^[\w.:-]{1,256}$/, "Take the code from the answer that brought the challenge."),
    answer: z
      .string()
      .trim()
      .regex(/^-?\d{1,12}(\.\d{1,6})?$/, 'A plain number such as "15.00".'),
  }),
  output: z.object({ verified: z.boolean(), target_type: z.string().nullable(), target_id: z.string().nullable() }),
  annotations: WRITE,
  async run({ verification_code: code, answer: number }, { principal, signal }) {
    const answer = await guarded(principal, ["verify"], () =>
      moltbook().verify({ code, answer: Number(number).toFixed(2) }, { signal }),
    ).catch(async (error: unknown) => {
      const kind = failureOf(error)?.kind;
      if (kind === "incorrect_answer") await settleVerification(principal, code, "failed");
      if (kind === "gone") await settleVerification(principal, code, "expired");
      throw error;
    });
    const settled = await settleVerification(principal, code, "verified");
    const target_type = settled?.target_kind ?? answer.data.contentType;
    const target_id = settled?.target_id ?? answer.data.contentId;
    return {
      ...answer,
      data: { verified: true, target_type, target_id },
      actions: [{ type: "verified" as const, target_id, detail: target_type }],
    };
  },
});

export const writeTools = [createPost, comment, vote, verify];
