import type { Exposure, ItemKind } from "../filter/schema.ts";
import { BLOCKED_AUTHOR, FLAGGED_BEFORE } from "../filter/verdict.ts";
import { describe, log } from "../log.ts";
import type { Principal } from "../tokens/queries.ts";
import type { Attempt } from "./queries.ts";
import { insertAttempts, insertEvent } from "./queries.ts";

/** A call that is over and on record: what the filter judged in its answer, and whether the run's policy did not permit it. */
type Observed = { id: string; tool: string; exposures: readonly Exposure[]; withheld: number; isDenied: boolean };

/**
 * Tells the operator by events what a call met: texts that tried to turn the agent, items that were withheld, a tool that the run may not use. Asks
 * the database nothing where there is nothing to tell. Never throws: the call itself is on record, with the verdicts and the number.
 */
export async function observeCall(principal: Principal, call: Observed): Promise<void> {
  const { agent_id: agentId, run_id: runId, mode } = principal;
  const base = { agentId, runId, callId: call.id, mode };
  try {
    const attempts = attemptsIn(principal, call);
    if (attempts.length > 0) await insertAttempts({ id: call.id, agentId, runId, mode }, attempts);
    if (call.withheld > 0)
      await insertEvent({
        ...base,
        type: "content_withheld",
        severity: "low",
        title: `${call.withheld} ${call.withheld === 1 ? "item was" : "items were"} withheld from the agent in ${call.tool}`,
        detail: { withheld: call.withheld, tool: call.tool },
        fingerprint: { call: call.id },
      });
    if (call.isDenied)
      await insertEvent({
        ...base,
        type: "tool_denied",
        severity: "medium",
        title: `The agent asked for ${call.tool}, which its run may not use`,
        detail: { tool: call.tool },
        fingerprint: { run: runId, tool: call.tool },
        at: thisMinute(),
      });
  } catch (error) {
    log.error("call.event_not_recorded", { call: call.id, ...describe(error) });
  }
}

/** An agent that asks again and again is one event a minute. */
function thisMinute(): Date {
  return new Date(Math.floor(Date.now() / 60_000) * 60_000);
}

/** One attempt for each item, by the worst that was found in it. What is withheld for its author alone tried nothing. */
function attemptsIn({ mode }: Principal, { tool, exposures }: Observed): Attempt[] {
  const flagged = exposures.filter(({ verdict }) => verdict.flag && verdict.reason !== BLOCKED_AUTHOR);
  return [...Map.groupBy(flagged, identityOf)].map(([item, found]) => {
    const worst = found.reduce((one, other) => (rankOf(other) > rankOf(one) ? other : one));
    const { kind, itemId, author, verdict } = worst;
    // Kept back for its author's record, it is no more than it would be from anybody else.
    const isMarked = verdict.band === "mark" || verdict.reason === FLAGGED_BEFORE;
    return {
      type: isMarked ? "suspicious_pattern" : "injection_attempt",
      severity: isMarked ? "low" : "medium",
      title: `${NOUN[kind]} was ${FATE[verdict.band]}: ${verdict.reason ?? "suspicious"}`,
      detail: {
        tool,
        kind,
        band: verdict.band,
        reason: verdict.reason,
        fields: [...new Set(found.map(({ field }) => field))].slice(0, 10),
        rules: [...new Set(found.flatMap((exposure) => exposure.verdict.rules))].slice(0, 20),
      },
      riskScore: Math.max(...found.map((exposure) => exposure.verdict.score)),
      author,
      postId: itemId,
      fingerprint: { item, kind, mode },
    };
  });
}

function identityOf({ itemId, contentHash }: Exposure): string {
  return itemId ?? contentHash;
}

const BANDS = ["allow", "mark", "redact", "withhold"];

function rankOf({ verdict }: Exposure): number {
  return BANDS.indexOf(verdict.band) + verdict.score;
}

const FATE = { allow: "passed", mark: "marked", redact: "redacted", withhold: "withheld" };

const NOUN: Record<ItemKind, string> = {
  post: "A post",
  comment: "A comment",
  agent: "An agent's profile",
  submolt: "A submolt's description",
  notification: "A notification",
  message: "A private message",
  challenge: "A verification challenge",
  other: "A text",
};
