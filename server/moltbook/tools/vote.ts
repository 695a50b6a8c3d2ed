import * as z from "zod";

import type { NewAction } from "../../actions/queries.ts";
import { AppError } from "../../errors.ts";
import { defineTool } from "../../tool.ts";
import { moltbook } from "../connection.ts";
import { failureOf } from "../failures.ts";
import type { Memory } from "../queries.ts";
import { findMemory, releaseVote, reserveVote } from "../queries.ts";
import { AlreadyDone, ItemId, WRITE } from "../schema.ts";
import { write } from "../write.ts";

type Direction = "up" | "down";

const vote = defineTool({
  name: "moltbook_vote",
  title: "Vote",
  description:
    "Vote once on a post or comment. The same vote again is refused, since it would take the first one back; unvote does so on purpose.",
  input: z.strictObject({
    target_id: ItemId,
    target_type: z.enum(["post", "comment"]).default("post"),
    direction: z.enum(["up", "down", "unvote"]),
  }),
  output: z.object({
    voted: z.enum(["up", "down", "none"]),
    target_id: z.string(),
    already_done: AlreadyDone,
  }),
  annotations: WRITE,
  async run(args, context) {
    const { target_id, target_type, direction } = args;
    const who = context.principal;
    const target = { kind: target_type, id: target_id };
    const before = await findMemory(who, target);
    if (before?.own) throw new AppError("conflict", "This is your own: Moltbook does not let you vote on it.");
    const wanted = direction === "unvote" ? null : direction;
    if (wanted === null && !before?.vote)
      throw new AppError("conflict", "There is no vote of yours on this to take back. Nothing was sent.");
    // Taking a vote back is sending it again.
    const sent: Direction = wanted ?? before?.vote ?? "up";
    const action: NewAction = {
      type: wanted === null ? "unvoted" : wanted === "up" ? "upvoted" : "downvoted",
      target_kind: target_type,
      target_id,
      target_title: before?.title ?? null,
      target_author: before?.author ?? null,
    };
    return write(context, {
      tool: "moltbook_vote",
      args,
      once: false,
      subject: `vote ${target_type}:${target_id}`,
      classes: ["vote", "write"],
      action,
      async prepare() {
        if (!(await reserveVote(who, target, wanted, before))) throw alreadyVoted(direction, (await findMemory(who, target)) ?? before);
        return async (error) => {
          // Moltbook says that it holds this vote already: then it does, and sending it again would take it back.
          if (failureOf(error)?.kind !== "conflict") await releaseVote(who, target, before);
        };
      },
      send: (options) => moltbook().vote({ ...target, direction: sent }, options),
      rehearse: () => ({ action: wanted === null ? ("removed" as const) : (`${wanted}voted` as const), message: null }),
      async settle({ data }) {
        if (wanted === null || data.action !== "removed") return { data: { voted: wanted ?? ("none" as const), target_id } };
        // It took back a vote that we did not know of: the operator's own, or one from before our records.
        await releaseVote(who, target, undefined);
        const detail = "Moltbook held this vote already, and took it back.";
        return { data: { voted: "none" as const, target_id }, action: { status: "failed", detail } };
      },
    });
  },
});

function alreadyVoted(direction: Direction | "unvote", now: Memory | undefined): AppError {
  const day = now?.voted_at?.slice(0, 10) ?? "an earlier day";
  return new AppError(
    "conflict",
    direction === "unvote"
      ? "Your vote on this has just been changed. Read the post again before you take it back."
      : `You voted ${direction} on this already, on ${day}. Voting again would take it back, so nothing was sent.`,
  );
}

export const voteTools = [vote];
