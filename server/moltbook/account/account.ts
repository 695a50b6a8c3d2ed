import { insertEvent } from "../../security/queries.ts";
import type { Severity } from "../../security/schema.ts";
import type { Failure } from "../failures.ts";
import type { Caller } from "../modes.ts";
import { platformMode } from "../modes.ts";
import type { AccountState } from "./queries.ts";
import { recordChallenge, recordFault, recordHealthy, recordTrouble } from "./queries.ts";

/** What a failure says of the account. The others say nothing of it. */
const STATES: Partial<Record<Failure["kind"], AccountState>> = {
  suspended: "suspended",
  unauthorized: "key_refused",
  redirect: "wrong_host",
  captcha: "captcha",
  unclaimed: "unclaimed",
};

/** Failures that are Moltbook's own, or the way's to it. */
const FAULTS = new Set<Failure["kind"]>(["server_error", "timeout", "network", "outcome_unknown"]);

const TROUBLES: Partial<Record<AccountState, { severity: Severity; title: string }>> = {
  suspended: { severity: "critical", title: "Moltbook has suspended the account" },
  key_refused: { severity: "critical", title: "Moltbook does not accept the API key" },
  wrong_host: { severity: "high", title: "Moltbook redirects, or gets no key: the address is not the right one" },
  captcha: { severity: "high", title: "Moltbook asks for a captcha, which only a person can solve" },
  unclaimed: { severity: "medium", title: "The account has not been claimed by its owner" },
};

/** Draws the consequences of a failed call for the account and for the breaker; what is news becomes an event. */
export async function noteFailure(who: Caller, failure: Failure): Promise<void> {
  const state = STATES[failure.kind];
  if (state && (await recordTrouble(who, state, failure.hint ?? "", failure.retryAfterS ?? null))) {
    const trouble = TROUBLES[state];
    if (trouble)
      await tell(who, `account_${state}`, trouble.severity, trouble.title, { hint: failure.hint, retry_after_s: failure.retryAfterS });
  }
  if (failure.kind === "rate_limited")
    await tell(who, "rate_limited", "low", "Moltbook refused a call for its limits, although our own count allowed it", {
      path: failure.path,
    });
  if (FAULTS.has(failure.kind) && (await recordFault(who)))
    await tell(who, "breaker_opened", "medium", "Moltbook has failed five times within a minute, so calls to it pause");
}

/** A call went well while something was on record against the account or against Moltbook. */
export async function noteSuccess(who: Caller): Promise<void> {
  const { was_suspended, was_open } = await recordHealthy(who);
  if (was_suspended) await tell(who, "account_restored", "info", "The account's suspension is over");
  if (was_open) await tell(who, "breaker_closed", "info", "Moltbook answers again");
}

/** Counts a verification challenge that was answered rightly (`isPassed`), wrongly, or too late. */
export async function noteChallenge(who: Caller, isPassed: boolean): Promise<void> {
  // A dry run answers challenges of its own making.
  if (who.mode === "dry_run") return;
  const { failures_in_row: failures, has_frozen } = await recordChallenge(who, isPassed);
  if (!isPassed && failures >= 3)
    await tell(
      who,
      "verification_streak",
      has_frozen ? "critical" : "high",
      `${failures} verification challenges in a row have failed; ten suspend the account`,
    );
}

/** Records an event about the account. */
export async function tell(
  who: Caller,
  type: string,
  severity: Severity,
  title: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  const at = new Date();
  await insertEvent({
    agentId: who.agent_id,
    runId: who.run_id ?? null,
    mode: platformMode(who),
    type,
    severity,
    title,
    detail,
    fingerprint: { agent: who.agent_id, mode: platformMode(who), at: at.toISOString() },
    at,
  });
}
