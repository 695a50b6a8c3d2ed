import { timingSafeEqual } from "node:crypto";

import { Elysia } from "elysia";
import * as z from "zod";

import { SignInPage } from "../../views/sign-in.tsx";
import { ensureAgent } from "../agents/queries.ts";
import { config } from "../config.ts";
import { html } from "../html.ts";
import { countRecentEvents, insertEvent } from "../security/queries.ts";
import { hashOf } from "../tokens/queries.ts";
import { COOKIE, hasPassword, sessionCookie } from "./guard.ts";
import { deleteSession, insertSession, redeemSignInLink } from "./queries.ts";

const SESSION_SECONDS = 30 * 24 * 3600;
const ATTEMPTS = { most: 10, minutes: 10 };

/** Signing in by the one-time link or the operator's password, and out again. */
export const authPages = new Elysia({ name: "auth-pages" })
  .get("/sign-in", () => html(<SignInPage error={null} has_password={hasPassword} />))
  .get("/sign-in/:token", async ({ params, request }) => {
    const session = await redeemSignInLink(params.token);
    if (session) return signedIn(request, session);
    return refused("This link was used already, or is older than an hour. Make a new one: bun run job sign-in-link", 401);
  })
  .post(
    "/sign-in",
    ({ body, request, server }) => inTurn(() => checkPassword(body.password, request, server?.requestIP(request)?.address)),
    {
      body: z.object({ password: z.string().max(1000) }),
    },
  )
  .post("/sign-out", async ({ cookie, request }) => {
    const token = cookie[COOKIE]?.value;
    if (typeof token === "string") await deleteSession(token);
    return new Response(null, { status: 303, headers: { location: "/sign-in", "set-cookie": sessionCookie(request, "", 0) } });
  });

let turn: Promise<unknown> = Promise.resolve();

/** One attempt after the other, so that many at once do not get past the limit together. */
function inTurn(attempt: () => Promise<Response>): Promise<Response> {
  const answer = turn.then(attempt);
  turn = answer.catch(() => {});
  return answer;
}

async function checkPassword(password: string, request: Request, source = "unknown"): Promise<Response> {
  if (!hasPassword) return refused("No password is set. Make a one-time link: bun run job sign-in-link", 401);
  if ((await countRecentEvents("sign_in_failed", ATTEMPTS.minutes)) >= ATTEMPTS.most) {
    return refused("Too many wrong passwords. Wait ten minutes, or use a one-time link: bun run job sign-in-link", 429);
  }
  if (isPassword(password)) return signedIn(request, await insertSession());
  await recordFailure(source);
  return refused("That is not the password.", 401);
}

function isPassword(given: string): boolean {
  return config.operatorPassword !== undefined && timingSafeEqual(hashOf(given), hashOf(config.operatorPassword));
}

function signedIn(request: Request, session: string): Response {
  return new Response(null, { status: 303, headers: { location: "/", "set-cookie": sessionCookie(request, session, SESSION_SECONDS) } });
}

function refused(error: string, status: number): Response {
  return html(<SignInPage error={error} has_password={hasPassword} />, { status });
}

async function recordFailure(source: string): Promise<void> {
  const agent = await ensureAgent(config.agentName);
  await insertEvent({
    agentId: agent.id,
    type: "sign_in_failed",
    severity: "medium",
    title: "Someone tried a wrong dashboard password",
    detail: { source },
    fingerprint: { source, attempt: crypto.randomUUID() },
  });
}
