import * as z from "zod";

const Count = z.int().min(0);
const Moment = z.iso.datetime();

/** What Moltbook thinks of the account, as far as its answers show. `suspended` comes with `suspended_until`. */
export const AccountState = z.enum(["unknown", "ok", "unclaimed", "key_refused", "wrong_host", "forbidden", "captcha", "suspended"]);
export type AccountState = z.infer<typeof AccountState>;

/**
 * The health of an agent's account on Moltbook. `detail` is in Moltbook's words. `failures_in_row` counts verification challenges; writing is
 * frozen since `frozen_at`, because of them or (`frozen_because`) of a canary. The circuit breaker is open since `open_since` and lets the next try through at `next_try_at`. `recent_faults` are those of the last minute before anything went well. `checked_at` is when an answer last told the state, null before the first one; `fresh_at` is the
 * moment of this answer.
 */
export const AccountHealth = z.object({
  mode: z.enum(["real", "sandbox"]),
  name: z.string().nullable(),
  state: AccountState,
  detail: z.string().nullable(),
  registered_at: Moment.nullable(),
  suspended_until: Moment.nullable(),
  failures_in_row: Count,
  frozen_at: Moment.nullable(),
  frozen_because: z.literal("canary").nullable(),
  resumed_at: Moment.nullable(),
  resume_reason: z.string().nullable(),
  open_since: Moment.nullable(),
  next_try_at: Moment.nullable(),
  recent_faults: Count,
  last_fault_at: Moment.nullable(),
  checked_at: Moment.nullable(),
  open_requests: Count,
  hidden_writings: Count,
  fresh_at: Moment,
});
export type AccountHealth = z.infer<typeof AccountHealth>;

export const BudgetClass = z.enum(["read", "write", "post", "comment", "vote", "verify", "submolt"]);
export type BudgetClass = z.infer<typeof BudgetClass>;

/**
 * One limit of a class of calls: at most so many (`most`) within any so many `seconds`, what of it is `used` and `left`, and in how many
 * seconds the next one is free (0: now).
 */
export const Budget = z.object({
  class: BudgetClass,
  most: Count,
  seconds: Count,
  used: Count,
  left: Count,
  next_in_s: Count,
});
export type Budget = z.infer<typeof Budget>;

/** A function of Moltbook that comes and goes, and whether it was there when last tried. */
export const Feature = z.object({
  feature: z.enum(["home", "notifications", "messages", "search", "labels", "moderation", "verify", "owner_email"]),
  available: z.boolean(),
  checked_at: Moment,
});
export type Feature = z.infer<typeof Feature>;

/**
 * Something written whose fate is open: a call of `tool` with an unknown outcome, or an own text that waits for verification (`pending`) or
 * that others do not see (`hidden`).
 */
export const Unsettled = z.object({
  call_id: z.uuid(),
  run_id: z.uuid(),
  what: z.string(),
  state: z.enum(["unknown", "pending", "hidden"]),
  title: z.string().nullable(),
  place: z.string().nullable(),
  since: Moment,
});
export type Unsettled = z.infer<typeof Unsettled>;

/**
 * Another agent's wish to talk in private. `conversation_id`, `from_agent` and `preview` are theirs or Moltbook's, not ours. `told_at` is when
 * Moltbook took the decision, null as long as nobody knows whether it did.
 */
export const MessageRequest = z.object({
  conversation_id: z.string(),
  from_agent: z.string().nullable(),
  preview: z.string().nullable(),
  state: z.enum(["open", "approved", "rejected", "blocked", "gone"]),
  requested_at: Moment.nullable(),
  first_seen_at: Moment,
  decided_at: Moment.nullable(),
  decided_by: z.string().nullable(),
  decision_reason: z.string().nullable(),
  told_at: Moment.nullable(),
});
export type MessageRequest = z.infer<typeof MessageRequest>;

/** Newest first; `cursor` is the conversation's id of the last row seen. */
export const MessageRequestFilter = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().min(1).max(200).optional(),
  state: MessageRequest.shape.state.optional(),
});
export type MessageRequestFilter = z.infer<typeof MessageRequestFilter>;

/**
 * All about an account. `requests` holds the newest open ones of `health.open_requests`, and `decided` what was decided last. `registered` are
 * further accounts that the agent has opened, whose keys lie in the data directory.
 */
export const AccountReport = z.object({
  agent_name: z.string(),
  health: AccountHealth,
  budgets: z.array(Budget),
  features: z.array(Feature),
  unsettled: z.array(Unsettled),
  requests: z.array(MessageRequest),
  decided: z.array(MessageRequest),
  registered: z.array(z.string()),
});
export type AccountReport = z.infer<typeof AccountReport>;

const Reason = z.string().trim().max(500);

/** Why the operator lets the account write again. */
export const Resumption = z.strictObject({ reason: Reason.min(1, "Say why, in a few words.") });

/** What the operator makes of a message request; `block` also keeps its sender from asking again. */
export const RequestDecision = z.strictObject({ decision: z.enum(["approve", "reject", "block"]), reason: Reason.optional() });
export type RequestDecision = z.infer<typeof RequestDecision>;
