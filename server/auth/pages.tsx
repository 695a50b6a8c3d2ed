import { Elysia } from "elysia";
import * as z from "zod";

import { SignInPage } from "../../views/sign-in.tsx";
import { html } from "../html.ts";
import { actorOf } from "./actor.ts";
import { attemptPassword, recordWrongLink } from "./attempts/attempt.ts";
import { COOKIE, sessionCookie } from "./guard.ts";
import { isPasswordUseful } from "./password.ts";
import type { Opening } from "./queries.ts";
import { closeSessions, insertSession, redeemSignInLink } from "./queries.ts";
import { OPERATOR } from "./users/queries.ts";

const SESSION_SECONDS = 30 * 24 * 3600;

const Credentials = z.object({ name: z.string().trim().max(100).default(OPERATOR.name), password: z.string().max(1000) });

/** Signing in by a one-time link or a password, and out again. */
export const authPages = new Elysia({ name: "auth-pages" })
  .get("/sign-in", async () => html(<SignInPage error={null} has_password={await isPasswordUseful()} />))
  .get("/sign-in/:token", async ({ params, request, route, server, cookie }) => {
    // Whoever only asks what would be there, as programs that show links do, does not use it up.
    if (request.method === "HEAD") return html("");
    const source = server?.requestIP(request)?.address ?? "unknown";
    const session = await redeemSignInLink(params.token, openingOf(request, source));
    if (session) return signedIn(request, session, cookie[COOKIE]?.value);
    await recordWrongLink({ source, path: route });
    return refused("This link was used already, or is older than an hour. Make a new one: bun run job sign-in-link", 401);
  })
  .post(
    "/sign-in",
    async ({ body, request, route, server, cookie }) => {
      const source = server?.requestIP(request)?.address ?? "unknown";
      const { person, wait } = await attemptPassword(body.name, body.password, { source, path: route });
      if (person) return signedIn(request, await insertSession(person.id, "password", openingOf(request, source)), cookie[COOKIE]?.value);
      if (wait > 0) return tooMany(wait);
      if (await isPasswordUseful()) return refused("That is not the name and the password of anybody here.", 401);
      return refused("No password is set. Make a one-time link: bun run job sign-in-link", 401);
    },
    { body: Credentials },
  )
  .post("/sign-out", async ({ cookie, request }) => {
    await closeSessions({ token: String(cookie[COOKIE]?.value) }, actorOf(request));
    return new Response(null, { status: 303, headers: { location: "/sign-in", "set-cookie": sessionCookie(request, "", 0) } });
  });

function openingOf(request: Request, source: string): Opening {
  return { source, client: request.headers.get("user-agent") ?? undefined };
}

/** The browser gets a session that nobody knew before; the one that it had is over. */
async function signedIn(request: Request, session: string, before: unknown): Promise<Response> {
  if (typeof before === "string") await closeSessions({ token: before }, "sign_in");
  return new Response(null, { status: 303, headers: { location: "/", "set-cookie": sessionCookie(request, session, SESSION_SECONDS) } });
}

async function tooMany(wait: number): Promise<Response> {
  const text = `Too many wrong passwords. Wait ${wait < 90 ? `${wait} seconds` : `${Math.ceil(wait / 60)} minutes`}, or use a one-time link: bun run job sign-in-link`;
  return refused(text, 429, { "retry-after": String(wait) });
}

async function refused(error: string, status: number, headers: Record<string, string> = {}): Promise<Response> {
  return html(<SignInPage error={error} has_password={await isPasswordUseful()} />, { status, headers });
}
