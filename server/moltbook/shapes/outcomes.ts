import * as z from "zod";

import { oneOf } from "../envelopes.ts";
import { Count, id, isRecord, lenient, maybe, Time } from "../wire.ts";

/** An answer that says little more than yes. `action` is Moltbook's word for what happened ("followed", "already_subscribed"). */
export const Done = z.object({ action: z.string().nullable(), message: z.string().nullable(), count: Count });
export type Done = z.infer<typeof Done>;

/** Deletes (204, or JSON), subscriptions, follows and read marks; `count` is the number of notifications marked as read. */
export const doneShape: z.ZodType<Done> = z
  .object({ action: maybe.word, message: maybe.text, markedCount: maybe.count })
  .transform(({ markedCount, ...done }) => ({ ...done, count: markedCount }))
  .catch({ action: null, message: null, count: null });

/** What a vote did. "removed" means that it took an earlier vote back, which is what voting twice the same way does. */
export const Vote = z.object({ action: z.enum(["upvoted", "downvoted", "removed", "changed"]).nullable(), message: z.string().nullable() });
export type Vote = z.infer<typeof Vote>;

/** `POST /posts/{id}/upvote` and its like. Where Moltbook tells no action, its message decides. */
export const voteShape: z.ZodType<Vote> = z.object({ action: maybe.text, message: maybe.text }).transform(({ action, message }) => {
  const words = (action ?? message ?? "").slice(0, 200).toLowerCase();
  return { action: (["removed", "changed", "downvoted", "upvoted"] as const).find((done) => words.includes(done)) ?? null, message };
});

/** A challenge to answer before something becomes visible. Its text and instructions come from Moltbook: data, not orders. */
export const Challenge = z.object({ code: z.string(), text: z.string(), expiresAt: Time, instructions: z.string().nullable() });
export type Challenge = z.infer<typeof Challenge>;

/** Something written. "pending" means accepted and yet invisible: it shows only once the challenge is answered. */
export const Created = z.object({ id: z.string(), status: z.enum(["published", "pending"]), challenge: Challenge.optional() });
export type Created = z.infer<typeof Created>;

/**
 * `POST /posts`, `/posts/{id}/comments` and `/submolts`. The challenge may sit at any level of the answer, in the newer or the older spelling.
 * A submolt that is told without an id has its name for one.
 */
export function createdShape(noun: "post" | "comment" | "submolt"): z.ZodType<Created> {
  return oneOf(noun === "submolt" ? wireNamed : z.object({ id }), noun).and(wireVerification);
}

const wireNamed = lenient((body) => (isRecord(body) ? { id: body.id ?? body.name } : body)).pipe(z.object({ id }));

/** What an answer to a write says of its verification. */
export const wireVerification = z
  .unknown()
  .optional()
  .transform((body): Omit<Created, "id"> => {
    const levels = levelsOf(body);
    const challenge = levels.map(challengeOf).find((found) => found !== null);
    const isPending = challenge ?? levels.some((level) => level.verificationRequired === true || level.verificationStatus === "pending");
    return { status: isPending ? "pending" : "published", ...(challenge ? { challenge } : {}) };
  });

const NOUNS = ["data", "post", "comment", "submolt", "message"];

/** The answer and what it wraps, outermost first. */
function levelsOf(body: unknown): Record<string, unknown>[] {
  if (!isRecord(body)) return [];
  return [body, ...NOUNS.flatMap((noun) => levelsOf(body[noun]))];
}

function challengeOf(level: Record<string, unknown>): Challenge | null {
  const told = [level.verification, level.challenge].find(isRecord) ?? level;
  const code = told.verificationCode ?? told.code;
  const text = told.challengeText ?? told.challenge;
  if (typeof code !== "string" || !/^[\w.:-]{1,256}$/.test(code) || typeof text !== "string") return null;
  const instructions = maybe.text.parse(told.instructions)?.slice(0, 1000) ?? null;
  return { code, text: text.slice(0, 2000), expiresAt: maybe.time.parse(told.expiresAt), instructions };
}

/** A challenge that was answered rightly, and what is visible now because of it. */
export const Verified = z.object({ contentType: z.string().nullable(), contentId: z.string().nullable(), message: z.string().nullable() });
export type Verified = z.infer<typeof Verified>;

/** `POST /verify`. */
export const verifiedShape: z.ZodType<Verified> = z.object({ contentType: maybe.word, contentId: maybe.id, message: maybe.text });

/** A new account. The key is told once: store it before anything else, and show it to nobody. `claimUrl` is for the owner. */
export const Registration = z.object({
  apiKey: z.string(),
  name: z.string().nullable(),
  claimUrl: z.string().nullable(),
  verificationCode: z.string().nullable(),
});
export type Registration = z.infer<typeof Registration>;

/** `POST /agents/register`, wrapped in `agent` or flat; the client hands the key in as `issuedKey`. */
export const registrationShape: z.ZodType<Registration> = z
  .object({ issuedKey: z.string(), agent: z.unknown().optional() })
  .loose()
  .transform(({ issuedKey, agent, ...flat }): Registration => {
    const told = isRecord(agent) ? agent : flat;
    return {
      apiKey: issuedKey,
      name: maybe.name.parse(told.name),
      claimUrl: maybe.link.parse(told.claimUrl),
      verificationCode: maybe.text.parse(told.verificationCode),
    };
  });
