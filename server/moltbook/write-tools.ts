import * as z from "zod";

import type { NewAction } from "../actions/queries.ts";
import { AppError } from "../errors.ts";
import type { ToolContext } from "../tool.ts";
import { defineTool } from "../tool.ts";
import type { Answer } from "./client.ts";
import { moltbook } from "./connection.ts";
import type { Failure } from "./failures.ts";
import { failureOf } from "./failures.ts";
import { guarded } from "./governor.ts";
import type { Memory } from "./queries.ts";
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
    const { title: target_title, submolt } = args;
    return write(context, "post", { type: "posted", target_title, submolt }, () => moltbook().createPost(args, { signal: context.signal }));
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
    const post = await findMemory(context.principal, { kind: "post", id: post_id });
    const parent = parent_id ? await findMemory(context.principal, { kind: "comment", id: parent_id }) : post;
    const action: NewAction = {
      type: parent_id ? "replied" : "commented",
      target_title: post?.title ?? null,
      target_author: parent?.author ?? null,
      detail: content,
    };
    return write(context, "comment", action, () =>
      moltbook().comment({ postId: post_id, content, parentId: parent_id }, { signal: context.signal }),
    );
  },
});

/** What both kinds of writing have in common: sending it, remembering that it is ours, and keeping the challenge that hides it. */
async function write({ principal, callId }: ToolContext, kind: "post" | "comment", what: NewAction, send: () => Promise<Answer<Created>>) {
  const action: NewAction = { ...what, target_kind: kind };
  const title = kind === "post" ? (what.target_title ?? null) : null;
  const answer = await guarded(principal, [kind, "write"], () =>
    accounted(action, async () => {
      const sent = await send();
      const { id, challenge } = sent.data;
      await recordSeen(principal, [{ kind, id, title, author: null, comments: null, own: true }]);
      if (challenge) {
        const { code, expiresAt } = challenge;
        await insertVerification(principal, { callId, code, targetKind: kind, targetId: id, expiresAt });
      }
      return sent;
    }),
  );
  const { id, status, challenge } = answer.data;
  const isPending = status === "pending";
  return {
    ...answer,
    data: {
      id,
      status: isPending ? ("pending_verification" as const) : ("published" as const),
      challenge: challenge
        ? { verification_code: challenge.code, challenge_text: challenge.text, seconds_left: secondsUntil(challenge.expiresAt) }
        : null,
    },
    actions: [{ ...action, target_id: id, status: isPending ? ("pending_verification" as const) : ("done" as const) }],
  };
}

/** Accounts for a write that fails: unless it certainly did not land, its action goes on record as `unknown`. */
async function accounted<Sent>(action: NewAction, send: () => Promise<Sent>): Promise<Sent> {
  try {
    return await send();
  } catch (error) {
    if (failureOf(error)?.landed === false) throw error;
    const actions = [{ ...action, status: "unknown" as const }];
    if (error instanceof AppError) throw new AppError(error.code, error.message, { details: { ...error.details, actions }, cause: error });
    throw new AppError("internal", "A write went wrong on our side.", { details: { landed: null, actions }, cause: error });
  }
}

function secondsUntil(time: string | null): number | null {
  return time ? Math.max(0, Math.floor((Date.parse(time) - Date.now()) / 1000)) : null;
}

const vote = defineTool({
  name: "moltbook_vote",
  title: "Vote",
  description: "Vote a post or comment up or down, once. The same vote again would take the first one back, so it is refused.",
  input: z.strictObject({ target_id: ItemId, target_type: z.enum(["post", "comment"]).default("post"), direction: z.enum(["up", "down"]) }),
  output: z.object({
    voted: z.enum(["up", "down", "none"]).describe("none: Moltbook held this vote already, and has taken it back"),
    target_id: z.string(),
  }),
  annotations: WRITE,
  async run({ target_id, target_type, direction }, { principal, signal }) {
    const target = { kind: target_type, id: target_id };
    const before = await findMemory(principal, target);
    if (before?.own) throw new AppError("conflict", "This is your own: Moltbook does not let you vote on it.");
    const action: NewAction = {
      type: direction === "up" ? "upvoted" : "downvoted",
      target_kind: target_type,
      target_id,
      target_title: before?.title ?? null,
      target_author: before?.author ?? null,
    };
    const answer = await guarded(principal, ["vote", "write"], async () => {
      if (!(await reserveVote(principal, target, direction))) throw alreadyVoted(direction, before);
      return accounted(action, async () => {
        const sent = await moltbook().vote({ ...target, direction }, { signal });
        // It took back a vote that we did not know of: the operator's own, or one from before our records.
        if (sent.data.action === "removed") await releaseVote(principal, target, undefined);
        return sent;
      }).catch(async (error: unknown) => {
        const failure = failureOf(error);
        // Refused for certain, or never sent: the vote is free again. Where nobody can say, it stays reserved and is not repeated.
        if (failure?.landed === false && failure.kind !== "conflict") await releaseVote(principal, target, before);
        throw error;
      });
    });
    if (answer.data.action !== "removed") return { ...answer, data: { voted: direction, target_id }, actions: [action] };
    const undone: NewAction = { ...action, status: "failed", detail: "Moltbook held this vote already, and took it back." };
    return { ...answer, data: { voted: "none" as const, target_id }, actions: [undone] };
  },
});

function alreadyVoted(direction: "up" | "down", before: Memory | undefined): AppError {
  const day = before?.voted_at?.slice(0, 10) ?? "an earlier day";
  return new AppError(
    "conflict",
    `You voted ${direction} on this already, on ${day}. Voting again would take it back, so nothing was sent.`,
  );
}

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
    const action: NewAction = { type: "verified" };
    const { settled, ...answer } = await guarded(principal, ["verify"], () =>
      accounted(action, async () => {
        const sent = await moltbook().verify({ code, answer: Number(number).toFixed(2) }, { signal });
        return { ...sent, settled: await settleVerification(principal, code, "verified") };
      }).catch(async (error: unknown) => {
        const status = settledBy(failureOf(error));
        if (status) await settleVerification(principal, code, status);
        throw error;
      }),
    );
    const target_type = settled?.target_kind ?? answer.data.contentType;
    const target_id = settled?.target_id ?? answer.data.contentId;
    return {
      ...answer,
      data: { verified: true, target_type, target_id },
      actions: [{ ...action, target_kind: settled?.target_kind ?? null, target_id, detail: target_type }],
    };
  },
});

/** What a failed answer makes of its challenge; null where it leaves it as it was. */
function settledBy(failure: Failure | null): "failed" | "expired" | "unknown" | null {
  if (failure?.kind === "incorrect_answer") return "failed";
  if (failure?.kind === "gone") return "expired";
  return failure?.landed === false ? null : "unknown";
}

export const writeTools = [createPost, comment, vote, verify];
