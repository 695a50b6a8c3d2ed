import { Elysia } from "elysia";

import { AppError } from "../errors.ts";
import { recordStranger } from "../security/refusals.ts";
import { isOpen, mayCall } from "./access.ts";
import type { Caller } from "./actor.ts";
import { noteCaller } from "./actor.ts";
import { findApiKey, findSession } from "./queries.ts";

export const COOKIE = "moltbot_session";

const SECURITY_HEADERS = {
  "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};

/**
 * In front of every route, before anything of a request is looked at: who is it, and may they? Pages need a session, `/api` takes a session or
 * an API key, and `access.ts` says what each of them opens. A page of another site cannot make a signed-in browser change anything. It goes
 * by the route that was matched, never by the address: what a router makes of dot segments and odd Host headers is its own affair.
 */
export const guard = new Elysia({ name: "guard" })
  .onRequest(({ set }) => {
    Object.assign(set.headers, SECURITY_HEADERS);
  })
  .onTransform({ as: "global" }, async ({ request, route, cookie, server }) => {
    const token = cookie[COOKIE]?.value;
    const session = typeof token === "string" ? token : undefined;
    if (route !== "/mcp" && isChange(request) && isForeign(request, session !== undefined))
      throw new AppError("forbidden", "This request came from another site. Open the dashboard and try again there.");
    if (isOpen(route)) return;
    const caller = await findCaller(request, route, session);
    if (!caller) {
      await recordStranger(request, route, server?.requestIP(request)?.address ?? "unknown");
      throw new AppError("unauthorized", adviceForStrangers(route));
    }
    if (!mayCall(caller, request.method, route)) throw new AppError("forbidden", adviceFor(caller));
    noteCaller(request, caller);
  });

/** Who sends a request, by session or, to the API, by key; undefined for a stranger. */
async function findCaller(request: Request, route: string, session: string | undefined): Promise<Caller | undefined> {
  const person = session && (await findSession(session));
  if (person || !route.startsWith("/api/")) return person || undefined;
  const key = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  return key === undefined ? undefined : findApiKey(key);
}

function adviceForStrangers(route: string): string {
  if (!route.startsWith("/api/")) return "Your session has ended. Sign in again.";
  return "Send an API key: Authorization: Bearer KEY. Make one with: bun run job api-key --name NAME --scope read";
}

function adviceFor(caller: Caller): string {
  if (caller.kind === "session") return "You are signed in as a viewer, and this is for operators. Ask an operator.";
  return `The key's scope is ${caller.scope}, which does not open this. Use a key of another scope, or the dashboard.`;
}

function isChange(request: Request): boolean {
  return !["GET", "HEAD", "OPTIONS"].includes(request.method);
}

/**
 * Browsers say where a request comes from: by Fetch Metadata, else by Origin, else by Referer, which our own pages always send. A cookie with
 * none of them is no proof of a person's will, so it is refused; programs have keys, and no cookie to misuse.
 */
function isForeign(request: Request, hasCookie: boolean): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site) return site !== "same-origin" && site !== "none";
  const from = request.headers.get("origin") ?? request.headers.get("referer");
  if (from === null) return hasCookie;
  return !URL.canParse(from) || new URL(from).host !== request.headers.get("host");
}

/** The session cookie's attributes. Secure wherever the browser reached us by https. */
export function sessionCookie(request: Request, value: string, maxAge: number): string {
  const https = request.url.startsWith("https:") || request.headers.get("x-forwarded-proto") === "https";
  return `${COOKIE}=${value}; HttpOnly; SameSite=Lax; Path=/; Max-Age=${maxAge}${https ? "; Secure" : ""}`;
}
