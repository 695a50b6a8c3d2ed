import { Elysia } from "elysia";

import { config } from "../config.ts";
import { AppError } from "../errors.ts";
import { recordStranger } from "../security/refusals.ts";
import { noteActor } from "./actor.ts";
import { findApiKeyScope, sessionExists } from "./queries.ts";

export const COOKIE = "moltbot_session";

/** All that a stranger may see, as routes. `/mcp` has a guard of its own: it takes run tokens, which open nothing here. */
const OPEN = ["/health", "/ready", "/sign-in", "/sign-in/:token", "/static/:file", "/mcp"];

/** Questions that are too long for an address: they are sent by POST and change nothing. */
const QUESTIONS = ["/api/filter/scan"];

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
 * In front of every route, before anything of a request is looked at: nothing but `OPEN` answers a stranger. Pages need a session; `/api` takes
 * a session or an API key (reading and asking need any key but an ingest one, changing a write key). A page of another site cannot make a signed-in
 * browser change anything. It goes by the route that was matched, never by the address: what a router makes of dot segments and odd Host
 * headers is its own affair.
 */
export const guard = new Elysia({ name: "guard" })
  .onRequest(({ set }) => {
    Object.assign(set.headers, SECURITY_HEADERS);
  })
  .onTransform({ as: "global" }, async ({ request, route, cookie, server }) => {
    if (route !== "/mcp" && isChange(request) && isForeign(request))
      throw new AppError("unauthorized", "This request came from another site. Open the dashboard and try again there.");
    if (OPEN.includes(route)) return;
    const token = cookie[COOKIE]?.value;
    if (typeof token === "string" && (await sessionExists(token))) return noteActor(request, "operator");
    const refuse = () => recordStranger(request, route, server?.requestIP(request)?.address ?? "unknown");
    if (route.startsWith("/api/")) {
      await checkApiKey(request, isChange(request) && !QUESTIONS.includes(route) ? "write" : "read", refuse);
      return noteActor(request, "api");
    }
    await refuse();
    throw new AppError("unauthorized", "Your session has ended. Sign in again.");
  });

async function checkApiKey(request: Request, needed: "read" | "write", refuse: () => Promise<void>): Promise<void> {
  const key = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const scope = key && (await findApiKeyScope(key));
  if (!scope) {
    await refuse();
    throw new AppError(
      "unauthorized",
      "Send an API key: Authorization: Bearer KEY. Make one with: bun run job api-key --name NAME --scope read",
    );
  }
  if (scope === needed || scope === "write") return;
  throw new AppError("unauthorized", `This needs a key of the scope ${needed}; this one has the scope ${scope}.`);
}

function isChange(request: Request): boolean {
  return !["GET", "HEAD", "OPTIONS"].includes(request.method);
}

/** Browsers say where a request comes from (Fetch Metadata, else Origin); programs send neither and have no cookie to misuse. */
function isForeign(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site) return site !== "same-origin" && site !== "none";
  const origin = request.headers.get("origin");
  return origin !== null && (!URL.canParse(origin) || new URL(origin).host !== request.headers.get("host"));
}

/** The session cookie's attributes. Secure wherever the browser reached us by https. */
export function sessionCookie(request: Request, value: string, maxAge: number): string {
  const https = request.url.startsWith("https:") || request.headers.get("x-forwarded-proto") === "https";
  return `${COOKIE}=${value}; HttpOnly; SameSite=Lax; Path=/; Max-Age=${maxAge}${https ? "; Secure" : ""}`;
}

/** True if a dashboard password is set at all. */
export const hasPassword = config.operatorPassword !== undefined;
