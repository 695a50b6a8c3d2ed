import * as z from "zod";

import { withoutNote } from "../canaries/plant.ts";
import { AppError } from "../errors.ts";
import { storable } from "../redact.ts";
import { defineTool } from "../tool.ts";
import { withoutNews } from "./news.ts";
import { examine } from "./proposals/evidence.ts";
import { findMaterial, hasProposedEnough, insertProposal } from "./proposals/queries.ts";
import { findActivePrompt } from "./queries.ts";

const updateIdentity = defineTool({
  name: "moltbook_update_identity",
  title: "Propose a change to your own prompt",
  description:
    "Propose a new full text for your own prompt, at most twice a day. A person decides; you hear the result at a later heartbeat.",
  input: z.strictObject({
    prompt_text: z.string().overwrite(storable).overwrite(withoutNote).overwrite(withoutNews).trim().min(50).max(50_000),
    change_summary: z.string().overwrite(storable).trim().min(5).max(500),
  }),
  output: z.object({
    status: z.enum(["pending_approval", "unchanged"]),
    proposal_id: z.string().nullable(),
    expires_at: z.string().nullable(),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run({ prompt_text: text, change_summary: reason }, { principal, callId }) {
    const { agent_id: agentId, run_id: runId } = principal;
    const nothing = { exposures: [], withheld: 0, upstream: null };
    const active = await findActivePrompt(agentId);
    if (active?.text.trim() === text)
      return { ...nothing, data: { status: "unchanged" as const, proposal_id: null, expires_at: null }, actions: [] };
    const action = { type: "proposed_identity" as const, target_kind: "prompt" as const, detail: reason };
    if (principal.mode === "dry_run")
      return { ...nothing, data: { status: "pending_approval" as const, proposal_id: null, expires_at: null }, actions: [action] };
    if (await hasProposedEnough(agentId, text)) throw enough();
    const evidence = examine({ text, reason, parent: active?.text ?? "", ...(await findMaterial(agentId, runId)) });
    const proposal = await insertProposal({ agentId, runId, callId, text, reason, evidence });
    if (!proposal) throw enough();
    return {
      ...nothing,
      data: { status: "pending_approval" as const, proposal_id: proposal.id, expires_at: proposal.expires_at },
      actions: [{ ...action, target_id: proposal.id }],
    };
  },
});

function enough(): AppError {
  return new AppError("unavailable", "You have proposed two changes within a day, which is the limit. Carry on with your present prompt.", {
    details: { kind: "rate_limited" },
  });
}

export const promptTools = [updateIdentity];
