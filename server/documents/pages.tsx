import { Elysia } from "elysia";
import * as z from "zod";

import type { Look } from "../../views/difference.tsx";
import { DocumentPage } from "../../views/document.tsx";
import { DocumentsPage } from "../../views/documents.tsx";
import { actorOf, mayChange } from "../auth/actor.ts";
import { config } from "../config.ts";
import { html } from "../html.ts";
import { differenceOf } from "../prompts/difference.ts";
import { decide, getDocumentVersion, ownReader } from "./decide.ts";
import { listDocuments, listDocumentVersions } from "./queries.ts";
import { DocumentDecision } from "./schema.ts";

const Id = z.object({ id: z.uuid() });
const Shown = z.object({
  view: z.enum(["unified", "side"]).catch("unified"),
  by: z.enum(["words", "lines"]).catch("words"),
  whitespace: z.enum(["keep", "ignore"]).catch("keep"),
});

/** What Moltbook asks of agents: where each document stands, and the operator's decision on what is new. */
export const documentPages = new Elysia({ name: "document-pages" })
  .get("/documents", async ({ query }) => showDocuments(query.cursor), {
    query: z.object({ cursor: z.uuid().optional().catch(undefined) }),
  })
  .get("/documents/:id", async ({ params, query, request }) => showDocument(request, params.id, query), { params: Id, query: Shown })
  .post(
    "/documents/:id",
    async ({ params, body, request }) => {
      await decide(await ownReader(), params.id, body, actorOf(request));
      return new Response(null, { status: 303, headers: { location: "/documents" } });
    },
    { params: Id, body: DocumentDecision },
  );

async function showDocuments(cursor: string | undefined): Promise<Response> {
  const reader = await ownReader();
  const [documents, versions] = await Promise.all([listDocuments(reader), listDocumentVersions({ ...reader, limit: 25, cursor })]);
  return html(<DocumentsPage documents={documents} versions={versions} mode={config.mode} />);
}

async function showDocument(request: Request, id: string, look: Look): Promise<Response> {
  const version = await getDocumentVersion(await ownReader(), id);
  const { by, whitespace } = look;
  const pieces = differenceOf(version.approved_text ?? "", version.text, { by, ignoreSpace: whitespace === "ignore" });
  return html(<DocumentPage {...{ version, pieces, look }} mode={config.mode} mayChange={mayChange(request)} />);
}
