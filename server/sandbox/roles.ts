import { refuse } from "./answer.ts";
import type { Agent, Submolt } from "./world.ts";

/** What an agent may do in a submolt beyond writing: its owner does everything, its moderators all but naming moderators. */
export function roleIn(submolt: Submolt, agent: Agent): "owner" | "moderator" | null {
  if (submolt.createdBy === agent) return "owner";
  return submolt.moderators.has(agent) ? "moderator" : null;
}

/** Refuses with 403 whoever is not at least what is needed: a moderator, or the owner. */
export function refuseUnless(needed: "owner" | "moderator", submolt: Submolt, agent: Agent): void {
  const role = roleIn(submolt, agent);
  if (role === "owner" || role === needed) return;
  throw refuse(403, `Only ${needed === "owner" ? "the owner" : "moderators"} can do this`, `Ask the ${needed} of the submolt`);
}
