import type { Caller } from "./actor.ts";

/** All that a stranger may see, as routes. `/mcp` has a guard of its own: it takes run tokens, which open nothing here. */
const OPEN = ["/health", "/ready", "/sign-in", "/sign-in/:token", "/static/:file", "/mcp"];

/** Questions that are too long for an address: they are sent by POST and change nothing. */
const QUESTIONS = ["POST /filter", "POST /api/filter/scan"];

/** What everybody changes of their own. */
const OWN = ["POST /sign-out", "POST /settings/password", "POST /settings/sessions/end", "POST /settings/sessions/:id/end"];

/** All that an ingest key opens: where programs report runs that were not started by us. */
const INGEST = ["POST /api/runs", "PATCH /api/runs/:id", "POST /api/runs/:id/actions"];

/** What is for operators themselves and for no program: who may get in, and the texts that the filter kept from the agent. */
const PERSONAL = ["/api/keys", "/api/users", "/api/sessions", "/filter/texts"];

/** Whether a route answers a stranger. */
export function isOpen(route: string): boolean {
  return OPEN.includes(route);
}

/**
 * Whether a caller may send this method to this route. Deny by default: a route that is named nowhere here can be read by whoever may read
 * anything of its kind, and changed by an operator or a write key alone. Pages are for people, `/api` is for both.
 */
export function mayCall(caller: Caller, method: string, route: string): boolean {
  const name = `${method} ${route}`;
  const isReading = ["GET", "HEAD", "OPTIONS"].includes(method) || QUESTIONS.includes(name);
  const isPersonal = PERSONAL.some((start) => route === start || route.startsWith(`${start}/`));
  if (caller.kind === "session") return caller.role === "operator" || OWN.includes(name) || (isReading && !isPersonal);
  if (!route.startsWith("/api/") || isPersonal) return false;
  if (caller.scope === "ingest") return INGEST.includes(name);
  return isReading || caller.scope === "write";
}
