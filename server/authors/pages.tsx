import { Elysia } from "elysia";
import * as z from "zod";

import { AuthorsPage, AuthorsPanel } from "../../views/authors.tsx";
import { ownAccount } from "../account/api.ts";
import { actorOf, mayChange } from "../auth/actor.ts";
import { AppError, STATUS } from "../errors.ts";
import { html, isFragment } from "../html.ts";
import { blockAuthor, unblockAuthor } from "./block.ts";
import { countBlockedAuthors, listBlockedAuthors } from "./queries.ts";
import { Block } from "./schema.ts";

const Params = z.object({ id: z.uuid() });
const Shown = z.object({ cursor: z.uuid().optional().catch(undefined) });

/** The authors that the agent is kept from reading, and the operator's decisions about them. */
export const authorPages = new Elysia({ name: "author-pages" })
  .get(
    "/authors",
    async ({ request, query }) => {
      const props = await propsOf(request, query.cursor);
      return html(isFragment(request) ? <AuthorsPanel {...props} /> : <AuthorsPage {...props} fault={null} />);
    },
    { query: Shown },
  )
  .post("/authors", async ({ body, request }) => decided(request, blockAuthor(await ownAccount(), body, actorOf(request))), { body: Block })
  .post(
    "/authors/:id/unblock",
    async ({ params, request }) => decided(request, unblockAuthor(await ownAccount(), { id: params.id }, actorOf(request))),
    {
      params: Params,
    },
  );

async function propsOf(request: Request, cursor?: string) {
  const owner = await ownAccount();
  const [page, active] = await Promise.all([
    listBlockedAuthors(owner, { active_only: "false", limit: 50, cursor }),
    countBlockedAuthors(owner),
  ]);
  return { page, active, mode: owner.mode, cursor: cursor ?? null, mayChange: mayChange(request) };
}

/** Back to the page once a decision is made; what kept it from being made is said on the page itself. */
async function decided(request: Request, decision: Promise<string>): Promise<Response> {
  try {
    await decision;
    return new Response(null, { status: 303, headers: { location: "/authors" } });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return html(<AuthorsPage {...await propsOf(request)} fault={error.message} />, { status: STATUS[error.code] });
  }
}
