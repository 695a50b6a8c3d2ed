import type { NewAction } from "../actions/queries.ts";
import { digest } from "../audit/canonical.ts";
import { AppError, codeOf } from "../errors.ts";
import type { Principal } from "../tokens/queries.ts";
import type { ToolAnswer, ToolContext } from "../tool.ts";
import type { Answer, CallOptions } from "./client.ts";
import { ageOf } from "./digest.ts";
import { failureOf } from "./failures.ts";
import type { Purpose } from "./governor.ts";
import { guarded } from "./governor.ts";
import type { Intent, Standing } from "./intents/queries.ts";
import { claimIntent, markIntentUnknown, releaseIntent, settleIntent } from "./intents/queries.ts";
import { seal, unseal } from "./intents/seal.ts";
import { rehearsed } from "./rehearsal/rehearsal.ts";

/** Takes back what was noted for a write that then certainly did not happen, because of `error`. */
export type Undo = (error: unknown) => Promise<void>;

/**
 * A write as a tool describes it. `subject` names what it changes, so that doing the opposite makes the same write repeatable; `once` says
 * that the same arguments mean the same write (a vote is its own guard). `prepare` notes what must not happen twice and answers how to
 * take that back; `send` is the one request; `rehearse` stands in for Moltbook's answer in a dry run; `settle` keeps what came of it.
 */
export type Write<Sent, Data> = {
  tool: string;
  args: Record<string, unknown>;
  subject?: string;
  once?: boolean;
  classes: Purpose["classes"];
  creates?: boolean;
  action: NewAction;
  prepare?: () => Promise<Undo>;
  send: (options: CallOptions) => Promise<Answer<Sent>>;
  rehearse: () => Promise<Sent> | Sent;
  settle: (answer: Answer<Sent>) => Promise<{ data: Data; action?: Partial<NewAction> }>;
  /** What a write whose fate nobody knows leaves behind. */
  lose?: () => Promise<void>;
};

/**
 * Carries out a write at most once: the same intent of a run is answered with what came of the first, a refusal that is certain leaves
 * nothing behind, and one whose outcome nobody knows is never sent again. In a dry run all of it happens but the sending. Throws what the
 * checks, the governor and Moltbook throw; an unknown outcome carries its action for the record.
 */
export async function write<Sent, Data extends Record<string, unknown>>(
  context: ToolContext,
  plan: Write<Sent, Data>,
): Promise<ToolAnswer<Data>> {
  const { principal: who, callId } = context;
  const intent = intentOf(context, plan);
  const earlier = await claimed(who, callId, intent, context.signal);
  if (earlier) return repeated<Data>(earlier, who);

  const undo: Undo[] = [() => releaseIntent(who.run_id, intent.hash)];
  let isSent = false;
  let answer: Answer<Sent>;
  try {
    if (plan.prepare) undo.push(await plan.prepare());
    const { classes, creates = false } = plan;
    answer = await guarded(who, { classes, creates, signal: context.signal }, async (options) => {
      isSent = true;
      return who.mode === "dry_run" ? rehearsed(await plan.rehearse()) : plan.send(options);
    });
  } catch (error) {
    if (isSent && !isCertain(error)) throw await lost(error, who, intent, plan);
    for (const step of undo.toReversed()) await step(error);
    throw error;
  }
  try {
    const { data, action } = await plan.settle(answer);
    await settleIntent(who.run_id, intent, { sealed: seal(data, who.answer_key) });
    const { exposures, withheld, upstream } = answer;
    return { data, exposures, withheld, upstream: who.mode === "dry_run" ? null : upstream, actions: [{ ...plan.action, ...action }] };
  } catch (error) {
    throw await lost(error, who, intent, plan);
  }
}

/** Without `once` each call is an intent of its own, but for a client that marks a call it sends again. */
function intentOf(
  { callId, idempotencyKey }: ToolContext,
  { tool, args, subject, once = true }: Pick<Write<unknown, unknown>, "tool" | "args" | "subject" | "once">,
): Intent {
  const key = once ? null : (idempotencyKey ?? callId);
  return { hash: Buffer.from(digest({ args, key, tool }), "hex"), tool, subject: subject ?? null, arguments: args };
}

const PATIENCE_MS = 20_000;

/** Null if the intent is this call's to carry out. One that is under way elsewhere is waited for. */
async function claimed(who: Principal, callId: string, intent: Intent, signal: AbortSignal): Promise<Standing | null> {
  for (const until = Date.now() + PATIENCE_MS; ; await Bun.sleep(100)) {
    const standing = await claimIntent(who, callId, intent);
    if (!standing) return null;
    if (standing.state !== "sending") return standing;
    if (Date.now() < until && !signal.aborted) continue;
    throw new AppError("unavailable", "The same call is still under way. Do not repeat it; go on, and look later what came of it.");
  }
}

function repeated<Data>({ state, answer, created_at }: Standing, who: Principal): ToolAnswer<Data> {
  const age = ageOf(created_at) ?? "a while";
  const kept = answer && "sealed" in answer ? unseal(answer.sealed, who.answer_key) : null;
  if (kept !== null) {
    const data = { ...(kept as Data), already_done: `${age}_ago` };
    return { data, exposures: [], withheld: 0, upstream: null, actions: [] };
  }
  if (state === "done") {
    throw new AppError("conflict", `You did exactly this ${age} ago, and it has landed. Nothing was sent again.`, {
      details: { landed: false },
    });
  }
  throw new AppError(
    "conflict",
    `You tried exactly this ${age} ago, and nobody knows yet whether it has landed. It is being looked after: do not repeat it in other words either.`,
    { details: { landed: false } },
  );
}

/** A write that Moltbook refused, or that never left, certainly did not happen. */
function isCertain(error: unknown): boolean {
  const failure = failureOf(error);
  return failure ? failure.landed === false : error instanceof AppError && codeOf(error) !== "internal";
}

/** Accounts for a write of which nobody can say whether it happened: it stays noted, and its action goes on record as unknown. */
async function lost<Sent, Data>(error: unknown, who: Principal, intent: Intent, plan: Write<Sent, Data>): Promise<AppError> {
  const actions = [{ ...plan.action, status: "unknown" as const }];
  const told =
    error instanceof AppError
      ? new AppError(error.code, error.message, { details: { ...error.details, actions }, cause: error })
      : new AppError("internal", "A write went wrong on our side.", { details: { landed: null, actions }, cause: error });
  await markIntentUnknown(who.run_id, intent.hash);
  await plan.lose?.();
  return told;
}
