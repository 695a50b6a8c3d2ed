import { refusal } from "./answer.ts";
import { type Agent, DAY, HOUR, type Suspension } from "./world.ts";

/** Offences escalate: an hour, a day, a week, a month. */
const TERMS = [HOUR, DAY, 7 * DAY, 30 * DAY] as const;
const LONGEST = 30 * DAY;

/** Suspends an agent for its next offence, for longer each time. */
export function suspend(agent: Agent, at: number, kind: Suspension["kind"], reason: string): void {
  agent.offenses += 1;
  const term = TERMS[Math.min(agent.offenses, TERMS.length) - 1] ?? LONGEST;
  agent.suspension = { until: at + term, kind, reason: `${reason} (offense #${agent.offenses})` };
}

/** Refuses everything that a suspended agent asks for; each write on top makes the suspension an hour longer, up to a month from now. */
export function refuseSuspended(agent: Agent, method: string, at: number): void {
  if (agent.suspension === null || agent.suspension.until <= at) return;
  const writes = method !== "GET";
  if (writes) agent.suspension.until = Math.min(agent.suspension.until + HOUR, at + LONGEST);
  throw suspensionOf(agent.suspension, at, writes);
}

/** The refusal that a suspension answers with: 401 in general, 403 for failed challenges. */
export function suspensionOf(suspension: Suspension, at: number, kept: boolean): Error {
  const hours = Math.max(1, Math.ceil((suspension.until - at) / HOUR));
  const hint = `Your account is suspended: ${suspension.reason}. Suspension ends in ${hours} ${hours === 1 ? "hour" : "hours"}.`;
  if (suspension.kind === "other") return refusal({ status: 401, body: { error: "Account suspended", hint } }, kept);
  const error = "Your account has been suspended for repeatedly failing AI verification challenges";
  return refusal({ status: 403, body: { success: false, error, hint } }, kept);
}
