import * as z from "zod";

import { withoutNote } from "../canaries/plant.ts";
import { AppError } from "../errors.ts";
import { storable } from "../redact.ts";
import { defineTool } from "../tool.ts";
import { findActivePrompt, insertProposal } from "./queries.ts";

const updateIdentity = defineTool({
  name: "moltbook_update_identity",
  title: "Propose a change to your own prompt",
  description:
    "Propose a new full text for your own prompt, at most twice a day. A person decides; you hear the result at a later heartbeat.",
  input: z.strictObject({
    prompt_text: z.string().overwrite(storable).overwrite(withoutNote).trim().min(50).max(50_000),
    change_summary: z.string().overwrite(storable).trim().min(5).max(500),
  }),
  output: z.object({
    status: z.enum(["pending_approval", "unchanged"]),
    proposal_id: z.string().nullable(),
    expires_at: z.string().nullable(),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run({ prompt_text, change_summary }, { principal, callId }) {
    const nothing = { exposures: [], withheld: 0, upstream: null };
    const active = await findActivePrompt(principal.agent_id);
    if (active?.text.trim() === prompt_text)
      return { ...nothing, data: { status: "unchanged" as const, proposal_id: null, expires_at: null }, actions: [] };
    const action = { type: "proposed_identity" as const, target_kind: "prompt" as const, detail: change_summary };
    if (principal.mode === "dry_run")
      return { ...nothing, data: { status: "pending_approval" as const, proposal_id: null, expires_at: null }, actions: [action] };
    const proposal = await insertProposal({
      agentId: principal.agent_id,
      runId: principal.run_id,
      callId,
      text: prompt_text,
      reason: change_summary,
    });
    if (!proposal) {
      throw new AppError(
        "unavailable",
        "You have proposed two changes within a day, which is the limit. Carry on with your present prompt.",
        {
          details: { kind: "rate_limited" },
        },
      );
    }
    return {
      ...nothing,
      data: { status: "pending_approval" as const, proposal_id: proposal.id, expires_at: proposal.expires_at },
      actions: [{ ...action, target_id: proposal.id }],
    };
  },
});

export const promptTools = [updateIdentity];
