import { Elysia } from "elysia";
import * as z from "zod";

import { MadeKeyPage, MadeLinkPage, SettingsPage } from "../../../views/settings.tsx";
import { config } from "../../config.ts";
import { AppError, STATUS } from "../../errors.ts";
import { html } from "../../html.ts";
import { actorOf, mayChange, personOf } from "../actor.ts";
import { sessionCookie } from "../guard.ts";
import { endUser, inviteUser, linkForUser, makeApiKey, revokeKey } from "../manage.ts";
import { closeSessions, listApiKeys, listSessions } from "../queries.ts";
import { NewApiKey, NewPassword, NewUser } from "../schema.ts";
import { getUser, listUsers } from "../users/queries.ts";
import { changePassword, isFixed } from "./change-password.ts";
import { settingsInForce } from "./in-force.ts";

const Params = z.object({ id: z.uuid() });

/** What a person sees and changes of their own, and what operators do about who gets in. */
export const settingsPages = new Elysia({ name: "settings-pages" })
  .get("/settings", async ({ request }) => showSettings(request))
  .post("/settings/password", async ({ body, request, server }) => {
    const source = server?.requestIP(request)?.address ?? "unknown";
    return decided(request, async () => changePassword(personOf(request), parsed(NewPassword, body), { source, actor: actorOf(request) }));
  })
  .post("/settings/sessions/end", async ({ request }) => {
    await closeSessions({ userId: personOf(request).user_id }, actorOf(request));
    return new Response(null, { status: 303, headers: { location: "/sign-in", "set-cookie": sessionCookie(request, "", 0) } });
  })
  .post(
    "/settings/sessions/:id/end",
    async ({ params, request }) => {
      const userId = mayChange(request) ? undefined : personOf(request).user_id;
      return decided(request, () => closeSessions({ id: params.id, userId }, actorOf(request)));
    },
    { params: Params },
  )
  .post("/settings/users", async ({ body, request }) =>
    shown(request, async () => MadeLinkPage({ link: await inviteUser(parsed(NewUser, body), actorOf(request)), ...frameOf(request) })),
  )
  .post(
    "/settings/users/:id/link",
    async ({ params, request }) =>
      shown(request, async () => MadeLinkPage({ link: await linkForUser(params.id, actorOf(request)), ...frameOf(request) })),
    { params: Params },
  )
  .post(
    "/settings/users/:id/disable",
    async ({ params, request }) =>
      decided(request, () => endUser(params.id, { user_id: personOf(request).user_id, actor: actorOf(request) })),
    { params: Params },
  )
  .post("/settings/keys", async ({ body, request }) =>
    shown(request, async () => MadeKeyPage({ made: await makeApiKey(parsed(NewApiKey, body), actorOf(request)), mode: config.mode })),
  )
  .post("/settings/keys/:id/revoke", async ({ params, request }) => decided(request, () => revokeKey(params.id, actorOf(request))), {
    params: Params,
  });

async function showSettings(request: Request, fault: AppError | null = null): Promise<Response> {
  const me = personOf(request);
  const isOperator = mayChange(request);
  const [user, sessions, users, keys] = await Promise.all([
    getUser(me.user_id),
    listSessions(isOperator ? null : me.user_id),
    isOperator ? listUsers() : [],
    isOperator ? listApiKeys({ active_only: "false", limit: 100 }) : { items: [], next: null },
  ]);
  const operators = isOperator ? { users, keys: keys.items, settings: settingsInForce() } : null;
  const password = { is_fixed: isFixed(me.name), needs_current: user.has_password && me.opened_by === "password" };
  const markup = (
    <SettingsPage
      user={user}
      session_id={me.session_id}
      {...{ sessions, password, operators }}
      fault={fault?.message ?? null}
      mode={config.mode}
    />
  );
  return html(markup, { status: fault ? STATUS[fault.code] : 200 });
}

/** Back to the page once something is done; what kept it from being done is said on the page itself. */
async function decided(request: Request, doing: () => Promise<unknown>): Promise<Response> {
  return shown(request, doing, () => new Response(null, { status: 303, headers: { location: "/settings" } }));
}

/** A page with something that is shown once: it is the answer itself, which no cache keeps and no address leads to. */
async function shown<Made>(
  request: Request,
  make: () => Promise<Made>,
  show = (made: Made) => html(made as JSX.Element),
): Promise<Response> {
  try {
    return show(await make());
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return showSettings(request, error);
  }
}

/** A form's fields, or AppError `invalid` in the words of the schema. */
function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new AppError("invalid", result.error.issues.map(({ message }) => message).join(" "));
}

/** Where the browser sees us, perhaps through a proxy; the guard has compared it with the Host header. */
function frameOf(request: Request) {
  return { origin: request.headers.get("origin") ?? new URL(request.url).origin, mode: config.mode };
}
