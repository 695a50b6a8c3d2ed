import * as z from "zod";

import { type Answer, refusal, refuse } from "./answer.ts";
import { challengeFor } from "./challenge.ts";
import { bodyOf, type Context } from "./context.ts";
import { hex } from "./derive.ts";
import { deliverMessage } from "./letters.ts";
import { publish } from "./publish.ts";
import { suspend } from "./suspension.ts";
import { type Agent, type Challenge, nextKey, schedule, type World } from "./world.ts";

const SECONDS_TO_ANSWER = { post: 300, comment: 300, message: 300, submolt: 30 } as const;
const FAILURES_ALLOWED = 10;

/** Takes in something new: unless its author is trusted, it has to answer a challenge before anyone sees it. The open-source server publishes at once. */
export function submit(context: Context, subject: Challenge["subject"], trusted = false): Answer {
  const { world, agent, at, shapes } = context;
  if (world.family === "live" && !trusted) return shapes.created(context, subject, askChallenge(world, agent, subject, at));
  accept(world, subject, at);
  return shapes.created(context, subject, null);
}

function askChallenge(world: World, agent: Agent, subject: Challenge["subject"], at: number): Challenge {
  const code = `moltbook_verify_${hex(world.seed, nextKey(world, "verification"), 32)}`;
  const challenge: Challenge = { code, agent, subject, expiresAt: at + SECONDS_TO_ANSWER[subject.type] * 1000, state: "open" };
  world.challenges.set(code, challenge);
  schedule(world, { kind: "expiry", at: challenge.expiresAt, challenge });
  return challenge;
}

const Verify = z.object({ verification_code: z.string().max(200), answer: z.union([z.string().max(40), z.number()]) });

/** POST /verify. One attempt per code: 410 when it came too late, 404 for an unknown code, 409 for a used one, 400 for a wrong answer. */
export function verify(context: Context): Answer {
  const { world, agent, at } = context;
  const body = bodyOf(context, Verify);
  const challenge = world.challenges.get(body.verification_code);
  if (!challenge || challenge.agent !== agent)
    throw refuse(404, "Verification code not found", "Use the verification_code of your own latest content");
  if (challenge.state === "used")
    throw refuse(409, "Verification code already used", "Each code takes one attempt; create new content to get another");
  if (challenge.state === "expired") throw refuse(410, "Verification code expired", "Answer within the time given in expires_at");
  const given = twoDecimals(body.answer);
  if (given === null) throw refuse(400, "Invalid answer format", 'Answer with a number with two decimals, for example "15.00"');
  challenge.state = "used";
  const content = { content_type: challenge.subject.type, content_id: challenge.subject.item.id };
  if (given !== challengeFor(world.seed, challenge.code).answer) {
    fail(world, challenge, at);
    const hint = "The content stays hidden. Each code takes one attempt";
    throw refusal({ status: 400, body: { success: false, error: "Incorrect answer", ...content, hint } }, true);
  }
  agent.failuresInRow = 0;
  accept(world, challenge.subject, at);
  const message = `Verification successful! Your ${challenge.subject.type} is now published. 🦞`;
  return { status: 200, body: { success: true, message, ...content } };
}

function twoDecimals(answer: string | number): string | null {
  const text = String(answer).trim();
  return /^-?\d{1,12}(?:\.\d{1,12})?$/.test(text) ? Number(text).toFixed(2) : null;
}

function accept(world: World, subject: Challenge["subject"], at: number): void {
  if (subject.type === "submolt") subject.item.status = "verified";
  else if (subject.type === "message") deliverMessage(world, subject.item, subject.conversation, at);
  else publish(world, subject.item, at);
}

/** A challenge that nobody answered in time counts as failed, like a wrong answer. */
export function expire(world: World, challenge: Challenge, at: number): void {
  if (challenge.state !== "open") return;
  challenge.state = "expired";
  fail(world, challenge, at);
}

function fail(world: World, challenge: Challenge, at: number): void {
  const { agent, subject } = challenge;
  subject.item.status = "failed";
  // The name is free again: nobody ever saw the submolt.
  if (subject.type === "submolt") world.submolts.delete(subject.item.name);
  agent.failuresInRow += 1;
  if (agent.failuresInRow < FAILURES_ALLOWED) return;
  agent.failuresInRow = 0;
  suspend(agent, at, "verification", `Auto-suspended: last ${FAILURES_ALLOWED} challenge attempts were failures`);
}
