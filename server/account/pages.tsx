import { Elysia } from "elysia";
import * as z from "zod";

import { AccountPage, AccountPanel } from "../../views/account.tsx";
import { actorOf, mayChange } from "../auth/actor.ts";
import { AppError, STATUS } from "../errors.ts";
import { html, isFragment } from "../html.ts";
import { getAccountReport, ownAccount } from "./api.ts";
import { decideRequest, resume } from "./decide.ts";
import { RequestDecision, Resumption } from "./schema.ts";

const Params = z.object({ id: z.string().min(1).max(200) });

/** The account on Moltbook in one look, and the operator's two kinds of decisions about it. */
export const accountPages = new Elysia({ name: "account-pages" })
  .get("/account", async ({ request }) => {
    const props = { report: await getAccountReport(await ownAccount()), mayChange: mayChange(request) };
    return html(isFragment(request) ? <AccountPanel {...props} /> : <AccountPage {...props} fault={null} />);
  })
  .post(
    "/account/resume",
    async ({ body, request }) => decided(resume(await ownAccount(), { actor: actorOf(request), reason: body.reason })),
    {
      body: Resumption,
    },
  )
  .post(
    "/account/message-requests/:id",
    async ({ params, body, request }) => decided(decideRequest(await ownAccount(), { id: params.id, actor: actorOf(request), ...body })),
    { params: Params, body: RequestDecision },
  );

/** Back to the page once a decision is made; what kept it from being made is said on the page itself. */
async function decided(decision: Promise<void>): Promise<Response> {
  try {
    await decision;
    return new Response(null, { status: 303, headers: { location: "/account" } });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const report = await getAccountReport(await ownAccount());
    return html(<AccountPage report={report} mayChange fault={error.message} />, { status: STATUS[error.code] });
  }
}
