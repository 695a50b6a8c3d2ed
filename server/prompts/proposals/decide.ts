import { AppError } from "../../errors.ts";
import type { Editor } from "../version.ts";
import { approveProposal, findProposal, rejectProposal } from "./queries.ts";
import type { Decision, PromptProposal } from "./schema.ts";

/** One proposal. Throws AppError `not_found`. */
export async function getProposal(agentId: string, id: string): Promise<PromptProposal> {
  const proposal = await findProposal(agentId, id);
  if (!proposal) throw new AppError("not_found", "There is no proposal with this id.");
  return proposal;
}

/**
 * A person's decision on a proposal. Throws AppError `conflict` when it cannot be decided any more, and `invalid` for an edited text that is the
 * active one.
 */
export async function decide({ agentId, actor }: Editor, id: string, { decision, reason, text }: Decision): Promise<PromptProposal> {
  const proposal = await getProposal(agentId, id);
  const edited = decision === "approve_edited" && text !== proposal.text ? (text ?? null) : null;
  if (edited !== null && edited.trim() === proposal.parent_text.trim())
    throw new AppError("invalid", "This text is the active prompt. Reject the proposal if nothing is to change.");
  const verdict = { agentId, id, actor, reason };
  if (!(await (decision === "reject" ? rejectProposal(verdict) : approveProposal(verdict, edited))))
    throw new AppError(
      "conflict",
      "This proposal can no longer be decided: it was decided, replaced or expired, or another prompt became active.",
    );
  return getProposal(agentId, id);
}
