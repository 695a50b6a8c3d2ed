import { randomBytes } from "node:crypto";

import type { NewAction } from "../actions/queries.ts";
import { AppError } from "../errors.ts";
import { challengeFor } from "../sandbox/challenge.ts";
import type { ToolAnswer, ToolContext } from "../tool.ts";
import { lookAtAccount } from "./account/look.ts";
import { findAccount } from "./account/queries.ts";
import type { Answer, CallOptions } from "./client.ts";
import { ageOf } from "./digest.ts";
import type { Purpose } from "./governor.ts";
import { recordSeen } from "./queries.ts";
import { DRY } from "./rehearsal/rehearsal.ts";
import type { Written } from "./schema.ts";
import type { Sent } from "./shapes/messages.ts";
import { countOpenChallenges, insertVerification } from "./verifications/queries.ts";
import { write } from "./write.ts";
import type { Earlier, NewWriting } from "./writings/queries.ts";
import { releaseWriting, reserveWriting, settleWriting } from "./writings/queries.ts";

/** New content as a tool describes it: what is written and where, under which limits, and the one request that writes it. */
export type Creation = {
  tool: string;
  args: Record<string, unknown>;
  classes: Purpose["classes"];
  writing: NewWriting;
  action: NewAction;
  send: (options: CallOptions) => Promise<Answer<Sent>>;
};

/** How many failed and open challenges together stop new content; Moltbook suspends the account at ten failures in a row. */
const STREAK = 5;

/** How soon after publishing it must be visible to others. */
const VISIBLE_AFTER_S = 600;

/**
 * Writes something new: not if the agent has written (nearly) the same before, nor while challenges that it failed or left open mount up.
 * What is accepted is remembered as the agent's own, its challenge is kept, and it is followed until others can see it.
 */
export async function create(context: ToolContext, { writing, ...plan }: Creation): Promise<ToolAnswer<Written>> {
  const { principal: who, callId } = context;
  return write<Sent, Written>(context, {
    ...plan,
    creates: true,
    async prepare() {
      await checkStreak(context);
      const earlier = await reserveWriting(who, callId, writing);
      if (earlier) throw alreadyWritten(earlier);
      return () => releaseWriting(callId);
    },
    rehearse: () => pretended(writing),
    async settle({ data: { id, status, challenge } }) {
      const { kind, title } = writing;
      const isPending = status === "pending";
      if (id !== null && (kind === "post" || kind === "comment"))
        await recordSeen(who, [{ kind, id, title, author: null, comments: null, own: true }]);
      if (challenge)
        await insertVerification(who, { callId, code: challenge.code, targetKind: kind, targetId: id, expiresAt: challenge.expiresAt });
      const secondsLeft = secondsUntil(challenge?.expiresAt ?? null);
      await settleWriting(callId, isPending ? "pending" : "published", id, isPending ? (secondsLeft ?? 300) + 60 : VISIBLE_AFTER_S);
      return {
        data: {
          id,
          status: isPending ? "pending_verification" : "published",
          challenge: challenge ? { verification_code: challenge.code, challenge_text: challenge.text, seconds_left: secondsLeft } : null,
        },
        action: { target_id: id, status: isPending ? "pending_verification" : "done" },
      };
    },
    lose: () => settleWriting(callId, "unknown", null, null),
  });
}

/** Also looks at the account if nothing is known of it yet: its age decides its limits. */
async function checkStreak(context: ToolContext): Promise<void> {
  const { principal: who } = context;
  let account = await findAccount(who);
  // Where Moltbook does not tell, the limits of a young account hold.
  if (!account?.name)
    account = await lookAtAccount(who, context.signal).then(
      () => findAccount(who),
      () => account,
    );
  const open = await countOpenChallenges(who);
  const failures = account?.failures_in_row ?? 0;
  if (open === 0 || failures + open < STREAK) return;
  throw new AppError(
    "conflict",
    `${failures} verification challenges in a row have failed and ${open} more ${open === 1 ? "waits" : "wait"} for an answer: answer that first with moltbook_verify. Nothing was sent.`,
    { details: { kind: "denied", landed: false } },
  );
}

function alreadyWritten({ kind, place, item_id, written_at }: Earlier): AppError {
  const where = kind === "post" ? `in m/${place}` : kind === "comment" ? `under the post ${place}` : `as a ${kind}`;
  return new AppError(
    "conflict",
    `You wrote this, or nearly this, ${ageOf(written_at)} ago ${where}${item_id ? ` (${item_id})` : ""}. Moltbook suspends accounts that repeat themselves, so nothing was sent. Write something new, or leave it.`,
    { details: { landed: false } },
  );
}

/** The seed of the challenges in dry runs: the sandbox's own, so that its scripted agent can answer them. */
const SEED = "moltbook";

/** What Moltbook would most probably answer: accepted, and hidden until its challenge is answered. */
function pretended({ kind }: NewWriting): Sent {
  const code = `moltbook_verify_${randomBytes(16).toString("hex")}`;
  const expiresAt = new Date(Date.now() + (kind === "submolt" ? 30_000 : 300_000)).toISOString();
  const challenge = { code, text: challengeFor(SEED, code).text, expiresAt, instructions: null };
  return { id: `${DRY}${Bun.randomUUIDv7()}`, status: "pending", challenge };
}

/** Whether an answer to a dry run's challenge is right. */
export function isRightInRehearsal(code: string, answer: string): boolean {
  return challengeFor(SEED, code).answer === answer;
}

function secondsUntil(time: string | null): number | null {
  return time ? Math.max(0, Math.floor((Date.parse(time) - Date.now()) / 1000)) : null;
}
