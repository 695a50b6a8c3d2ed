import { Elysia } from "elysia";
import * as z from "zod";

import type { Look } from "../../views/difference.tsx";
import { PromptPage } from "../../views/prompt.tsx";
import type { Kept } from "../../views/prompts.tsx";
import { PromptsPage } from "../../views/prompts.tsx";
import { ProposalPage } from "../../views/proposal.tsx";
import { ensureAgent } from "../agents/queries.ts";
import { actorOf, mayChange } from "../auth/actor.ts";
import { config } from "../config.ts";
import { countDocumentsToReview } from "../documents/queries.ts";
import { AppError, STATUS } from "../errors.ts";
import { html } from "../html.ts";
import { differenceOf } from "./difference.ts";
import { decide, getProposal } from "./proposals/decide.ts";
import { listProposals } from "./proposals/queries.ts";
import { Decision } from "./proposals/schema.ts";
import { findActivePrompt, findPromptSummary, listActivations, listPromptVersions } from "./queries.ts";
import { PromptText, Reason, VersionKey } from "./schema.ts";
import { activate, createVersion, getVersion } from "./version.ts";

const Id = z.object({ id: z.uuid() });
const Number = z.object({ number: z.coerce.number().int().min(1).max(2_000_000_000) });
const Shown = {
  view: z.enum(["unified", "side"]).catch("unified"),
  by: z.enum(["words", "lines"]).catch("words"),
  whitespace: z.enum(["keep", "ignore"]).catch("keep"),
};
const Edit = z.object({
  text: PromptText,
  reason: Reason,
  expected_parent: VersionKey.optional(),
  activate: z.enum(["yes", "no"]).default("yes"),
});

/** Prompts: the active one and its history, one version, and the agent's proposals with the operator's decision on them. */
export const promptPages = new Elysia({ name: "prompt-pages" })
  .get("/prompts", async ({ query, request }) => html(await promptsPage(request, null, query)), {
    query: z.object({ cursor: z.uuid().optional().catch(undefined), proposals: z.uuid().optional().catch(undefined) }),
  })
  .post("/prompts", async ({ body, request }) => saved(body, request), { body: Edit })
  .get("/prompts/:number", async ({ params, query, request }) => html(await promptPage(request, params.number, query)), {
    params: Number,
    query: z.object({ ...Shown, against: VersionKey.optional().catch(undefined) }),
  })
  .post(
    "/prompts/:number/activate",
    async ({ params, body, request }) => {
      const editor = { agentId: await agentId(), actor: actorOf(request) };
      await activate(editor, params.number, body.reason, body.expected_active ?? null);
      return seeOther("/prompts");
    },
    { params: Number, body: z.object({ reason: Reason, expected_active: VersionKey.optional() }) },
  )
  .get("/proposals", () => seeOther("/prompts#proposals"))
  .get("/proposals/:id", async ({ params, query, request }) => html(await proposalPage(request, params.id, query)), {
    params: Id,
    query: z.object(Shown),
  })
  .post("/proposals/:id", async ({ params, body, request }) => decided(params.id, body, request), { params: Id, body: Decision });

async function agentId(): Promise<string> {
  return (await ensureAgent(config.agentName)).id;
}

function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location } });
}

async function promptsPage(
  request: Request,
  kept: Kept | null,
  from: { cursor?: string | undefined; proposals?: string | undefined } = {},
) {
  const agent_id = await agentId();
  const [active, versions, activations, open, proposals, documents] = await Promise.all([
    findActivePrompt(agent_id),
    listPromptVersions({ agent_id, mode: config.mode, limit: 25, cursor: from.cursor }),
    listActivations({ agent_id, limit: 10 }),
    listProposals({ agent_id, limit: 1, status: "open" }),
    listProposals({ agent_id, limit: 10, cursor: from.proposals }),
    countDocumentsToReview({ agent_id, mode: config.mode }),
  ]);
  const rest = { versions, activations: activations.items, open: open.items[0] ?? null, proposals, documents };
  return <PromptsPage active={active ?? null} mode={config.mode} mayChange={mayChange(request)} kept={kept} {...rest} />;
}

/** Back to the list; a text that met a conflict comes back with its difference, and may be sent again on top of what is active now. */
async function saved(edit: z.infer<typeof Edit>, request: Request): Promise<Response> {
  const agent = await agentId();
  try {
    const { version, is_new } = await createVersion(
      { agentId: agent, actor: actorOf(request) },
      { ...edit, activate: edit.activate === "yes" },
    );
    return seeOther(is_new && edit.activate === "yes" ? "/prompts" : `/prompts/${version.number}`);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "conflict") throw error;
    const active = await findActivePrompt(agent);
    const pieces = differenceOf(active?.text ?? "", edit.text, { by: "words", ignoreSpace: false });
    const kept = { text: edit.text, reason: edit.reason, fault: error.message, pieces };
    return html(await promptsPage(request, kept), { status: STATUS.conflict });
  }
}

async function promptPage(request: Request, number: number, { against, ...look }: Look & { against?: VersionKey | undefined }) {
  const agent = await agentId();
  const [version, summary, active] = await Promise.all([
    getVersion(agent, number),
    findPromptSummary(agent, number, config.mode),
    findActivePrompt(agent),
  ]);
  const otherKey = against ?? version.parent_id;
  const other = otherKey === null ? null : await getVersion(agent, otherKey);
  if (!summary) throw new AppError("not_found", "There is no such version of the prompt.");
  return (
    <PromptPage
      version={version}
      summary={summary}
      pieces={piecesOf(other?.text ?? "", version.text, look)}
      against={other?.number ?? null}
      active={active?.number ?? null}
      look={onlyLook(look)}
      mode={config.mode}
      mayChange={mayChange(request)}
    />
  );
}

async function proposalPage(request: Request, id: string, look: Look, fault: string | null = null) {
  const proposal = await getProposal(await agentId(), id);
  const pieces = piecesOf(proposal.parent_text, proposal.text, look);
  const shown = { proposal, pieces, look: onlyLook(look), mayChange: mayChange(request) };
  return <ProposalPage {...shown} mode={config.mode} fault={fault} />;
}

async function decided(id: string, decision: Decision, request: Request): Promise<Response> {
  try {
    await decide({ agentId: await agentId(), actor: actorOf(request) }, id, decision);
    return seeOther(`/proposals/${id}`);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "not_found") throw error;
    const page = await proposalPage(request, id, { view: "unified", by: "words", whitespace: "keep" }, error.message);
    return html(page, { status: STATUS[error.code] });
  }
}

function piecesOf(before: string, after: string, { by, whitespace }: Look) {
  return differenceOf(before, after, { by, ignoreSpace: whitespace === "ignore" });
}

function onlyLook({ view, by, whitespace }: Look): Look {
  return { view, by, whitespace };
}
