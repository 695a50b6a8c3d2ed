import { diffLines } from "diff";
import { Elysia } from "elysia";
import * as z from "zod";

import { ProposalPage } from "../../views/proposal.tsx";
import { ensureAgent } from "../agents/queries.ts";
import { actorOf } from "../auth/actor.ts";
import { config } from "../config.ts";
import { AppError } from "../errors.ts";
import { html } from "../html.ts";
import { approveProposal, findProposal, rejectProposal } from "./queries.ts";

const Params = z.object({ id: z.uuid() });
const Decision = z.object({
  decision: z.enum(["approve", "reject"]),
  reason: z.string().trim().min(1, "Say why, in a few words.").max(500),
});

/** A proposal of the agent's, as a difference to its active prompt, and the operator's decision on it. */
export const promptPages = new Elysia({ name: "prompt-pages" })
  .get("/proposals/:id", ({ params }) => showProposal(params.id), { params: Params })
  .post(
    "/proposals/:id",
    async ({ params, body, request }) => {
      const agent = await ensureAgent(config.agentName);
      const decide = body.decision === "approve" ? approveProposal : rejectProposal;
      const decided = await decide({ agentId: agent.id, id: params.id, actor: actorOf(request), reason: body.reason });
      if (!decided)
        throw new AppError(
          "conflict",
          "This proposal can no longer be decided: it was decided, replaced or expired, or another prompt became active.",
        );
      return new Response(null, { status: 303, headers: { location: `/proposals/${params.id}` } });
    },
    { params: Params, body: Decision },
  );

async function showProposal(id: string): Promise<Response> {
  const agent = await ensureAgent(config.agentName);
  const proposal = await findProposal(agent.id, id);
  if (!proposal) throw new AppError("not_found", "There is no proposal with this id.");
  const parts = diffLines(proposal.parent_text, proposal.text).map(({ value, added, removed }) => ({
    text: value,
    change: added ? ("added" as const) : removed ? ("removed" as const) : ("kept" as const),
  }));
  return html(<ProposalPage proposal={proposal} parts={parts} mode={config.mode} />);
}
