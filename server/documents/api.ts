import { Elysia } from "elysia";
import * as z from "zod";

import { actorOf } from "../auth/actor.ts";
import { answerList, exportable } from "../export.ts";
import { pageOf } from "../paging.ts";
import { decide, getDocumentVersion, ownReader } from "./decide.ts";
import { listDocuments, listDocumentVersions } from "./queries.ts";
import { DocumentDecision, DocumentFilter, DocumentSummary, DocumentVersion, PlatformDocument } from "./schema.ts";

const NoQuery = z.strictObject({});
const ById = z.object({ id: z.uuid() });

export const documentsApi = new Elysia({ name: "documents-api", prefix: "/api/documents", tags: ["documents"] })
  .get("", async () => ({ items: await listDocuments(await ownReader()), next: null }), {
    query: NoQuery,
    response: pageOf(PlatformDocument),
    detail: { summary: "What Moltbook publishes for agents, and where each document stands" },
  })
  .get(
    "/versions",
    ({ query }) =>
      answerList(query, async (page) => listDocumentVersions({ ...page, ...(await ownReader()) }), {
        name: "document-versions",
        item: DocumentSummary,
      }),
    {
      query: exportable(DocumentFilter),
      response: pageOf(DocumentSummary),
      detail: { summary: "Texts that were seen, newest first" },
    },
  )
  .get("/versions/:id", async ({ params }) => getDocumentVersion(await ownReader(), params.id), {
    params: ById,
    query: NoQuery,
    response: DocumentVersion,
    detail: { summary: "One text, beside the approved one of the same document" },
  })
  .post("/versions/:id/decide", async ({ params, body, request }) => decide(await ownReader(), params.id, body, actorOf(request)), {
    params: ById,
    query: NoQuery,
    body: DocumentDecision,
    response: DocumentVersion,
    detail: { summary: "Approve a text, which runs get from then on, or reject it" },
  });
