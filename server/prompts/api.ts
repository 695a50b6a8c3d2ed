import { Elysia } from "elysia";
import * as z from "zod";

import { ensureAgent } from "../agents/queries.ts";
import { actorOf } from "../auth/actor.ts";
import { config } from "../config.ts";
import { AppError } from "../errors.ts";
import { answerList, exportable } from "../export.ts";
import { pageOf, PageQuery } from "../paging.ts";
import { readPrompt } from "./copy.ts";
import { differenceOf, sizeOf } from "./difference.ts";
import { decide, getProposal } from "./proposals/decide.ts";
import { listProposals } from "./proposals/queries.ts";
import { Decision, PromptProposal, ProposalFilter, ProposalSummary } from "./proposals/schema.ts";
import { findActivePrompt, listActivations, listPromptVersions } from "./queries.ts";
import { Activate, Activation, Difference, NewPrompt, PromptFilter, PromptSummary, PromptVersion, VersionKey } from "./schema.ts";
import { activate, createVersion, getVersion } from "./version.ts";

const NoQuery = z.strictObject({});
const ById = z.object({ id: z.uuid() });
const ByKey = z.object({ id: VersionKey });
const DiffQuery = z.strictObject({
  against: VersionKey.optional().describe("A version by its id or number; the parent when it is left out"),
  by: z.enum(["words", "lines"]).default("words"),
  whitespace: z.enum(["keep", "ignore"]).default("keep"),
});
const NONE = "No prompt is active. Start the app once: it seeds the first one.";

export const promptsApi = new Elysia({ name: "prompts-api", prefix: "/api/prompts", tags: ["prompts"] })
  .get(
    "",
    ({ query }) =>
      answerList(query, async (page) => listPromptVersions({ ...page, mode: page.mode ?? config.mode, agent_id: await agentId() }), {
        name: "prompts",
        item: PromptSummary,
      }),
    {
      query: exportable(PromptFilter),
      response: pageOf(PromptSummary),
      detail: { summary: "Versions of the prompt, newest first, with what their runs came to" },
    },
  )
  .post(
    "",
    async ({ body, set, request }) => {
      const { version, is_new } = await createVersion({ agentId: await agentId(), actor: actorOf(request) }, body);
      set.status = is_new ? 201 : 200;
      return version;
    },
    {
      query: NoQuery,
      body: NewPrompt,
      response: { 200: PromptVersion, 201: PromptVersion },
      detail: { summary: "Make a version, and activate it; a text that is a version already makes none" },
    },
  )
  .get(
    "/active",
    async () => {
      const active = await findActivePrompt(await agentId());
      if (!active) throw new AppError("not_found", NONE);
      return active;
    },
    { query: NoQuery, response: PromptVersion, detail: { summary: "The active version" } },
  )
  .get("/active/text", ({ request }) => activeText(request), { query: NoQuery, detail: { summary: "The active prompt as plain text" } })
  .get(
    "/activations",
    ({ query }) =>
      answerList(query, async (page) => listActivations({ ...page, agent_id: await agentId() }), { name: "activations", item: Activation }),
    {
      query: exportable(PageQuery),
      response: pageOf(Activation),
      detail: { summary: "What was active when, newest first" },
    },
  )
  .get(
    "/proposals",
    ({ query }) =>
      answerList(query, async (page) => listProposals({ ...page, agent_id: await agentId() }), {
        name: "proposals",
        item: ProposalSummary,
      }),
    {
      query: exportable(ProposalFilter),
      response: pageOf(ProposalSummary),
      detail: { summary: "What the agent wanted its prompt to be, newest first" },
    },
  )
  .get("/proposals/:id", async ({ params }) => getProposal(await agentId(), params.id), {
    params: ById,
    query: NoQuery,
    response: PromptProposal,
    detail: { summary: "One proposal, with what was checked" },
  })
  .post(
    "/proposals/:id/decide",
    async ({ params, body, request }) => decide({ agentId: await agentId(), actor: actorOf(request) }, params.id, body),
    {
      params: ById,
      query: NoQuery,
      body: Decision,
      response: PromptProposal,
      detail: { summary: "Approve a proposal, approve it with edits, or reject it" },
    },
  )
  .get("/:id", async ({ params }) => getVersion(await agentId(), params.id), {
    params: ByKey,
    query: NoQuery,
    response: PromptVersion,
    detail: { summary: "One version, by its id or number" },
  })
  .get("/:id/diff", async ({ params, query }) => compare(params.id, query), {
    params: ByKey,
    query: DiffQuery,
    response: Difference,
    detail: { summary: "How a version differs from its parent or from another one" },
  })
  .post(
    "/:id/activate",
    async ({ params, body, request }) =>
      activate({ agentId: await agentId(), actor: actorOf(request) }, params.id, body.reason, body.expected_active ?? null),
    {
      params: ByKey,
      query: NoQuery,
      body: Activate,
      response: PromptVersion,
      detail: { summary: "Make a version active; an old one undoes what came after it" },
    },
  );

async function agentId(): Promise<string> {
  return (await ensureAgent(config.agentName)).id;
}

/** For runners outside: what a heartbeat of ours would be fed now. */
async function activeText(request: Request): Promise<Response> {
  const prompt = await readPrompt(await ensureAgent(config.agentName));
  if (!prompt) throw new AppError("not_found", NONE);
  const etag = `"${prompt.sha256}"`;
  const headers = {
    etag,
    "cache-control": "private, no-cache",
    "x-prompt-version": String(prompt.number),
    "x-prompt-source": prompt.source,
    "content-type": "text/plain; charset=utf-8",
  };
  if (request.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
  return new Response(prompt.text, { headers });
}

async function compare(key: VersionKey, { against, by, whitespace }: z.infer<typeof DiffQuery>): Promise<Difference> {
  const agent = await agentId();
  const version = await getVersion(agent, key);
  const otherKey = against ?? version.parent_id;
  const other = otherKey === null ? null : await getVersion(agent, otherKey);
  const pieces = differenceOf(other?.text ?? "", version.text, { by, ignoreSpace: whitespace === "ignore" });
  return { from: other?.number ?? null, to: version.number, by, ...sizeOf(pieces), pieces };
}
