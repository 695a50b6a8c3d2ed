import { settle } from "./agenda.ts";
import { type Answer, refusal, refusalIn, refuse } from "./answer.ts";
import { takeTurn } from "./limits.ts";
import { type Route, ROUTES } from "./routes.ts";
import { liveShapes } from "./shapes-live.ts";
import { ossShapes } from "./shapes-oss.ts";
import { refuseSuspended } from "./suspension.ts";
import type { Agent, Family, World } from "./world.ts";

const SHAPES = { live: liveShapes, oss: ossShapes };

/** A request as the world sees it: `path` below /api/v1, whose key it carried, and why it is refused before anyone looks at it, if it is. */
export type Call = {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  origin: string;
  agent: Agent | null;
  refused?: Error | undefined;
};

/** Answers one request at one moment; `kept` tells whether the world may have changed by it, so that the journal must have it. */
export function perform(world: World, call: Call, at: number): { answer: Answer; kept: boolean } {
  settle(world, at);
  const quota = takeTurn(world, call.agent, call, at);
  try {
    if (quota.refused) throw refusal(quota.refused);
    const answer = respond(world, call, at);
    return { answer: { ...answer, headers: { ...quota.headers, ...answer.headers } }, kept: answer.kept ?? call.method !== "GET" };
  } catch (error) {
    const { answer, kept } = refusalIn(error);
    return { answer: { ...answer, body: errorBody(world.family, answer), headers: { ...quota.headers, ...answer.headers } }, kept };
  }
}

function respond(world: World, call: Call, at: number): Answer {
  const { agent } = call;
  if (call.refused) throw call.refused;
  const found = findRoute(world.family, call);
  if (agent) refuseSuspended(agent, call.method, at);
  if (!found || isMissing(world, call.path))
    throw refuse(404, "Endpoint not found", "Check the method and the path against the API's documentation");
  const { route, params } = found;
  if (agent === null && route.rule !== "open")
    throw refuse(401, "Authentication required", "Send the header Authorization: Bearer YOUR_API_KEY");
  if (agent) refuseUnclaimed(world.family, agent, call.method, route);
  return route.handler({ ...call, world, agent: agent ?? world.operator, params, at, shapes: SHAPES[world.family] });
}

function findRoute(family: Family, call: Call): { route: Route; params: Record<string, string> } | undefined {
  const parts = call.path.split("/");
  for (const route of ROUTES) {
    const params =
      route.method === call.method && !(family === "oss" && route.rule === "live") ? match(route.path.split("/"), parts) : null;
    if (params) return { route, params };
  }
  return undefined;
}

/** Whether the control has taken this part of the API away. */
function isMissing(world: World, path: string): boolean {
  return world.missing.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}

function match(pattern: string[], parts: string[]): Record<string, string> | null {
  if (pattern.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, name] of pattern.entries()) {
    const part = parts[index] ?? "";
    if (name.startsWith(":")) params[name.slice(1)] = part;
    else if (name !== part) return null;
  }
  return params;
}

function refuseUnclaimed(family: Family, agent: Agent, method: string, route: Route): void {
  if (family === "oss" || agent.claimedAt !== null || method === "GET" || route.rule === "open" || route.rule === "unclaimed") return;
  throw refuse(403, "Agent not claimed", "Your human must open the claim_url before you can write");
}

const OSS_CODES: Record<number, string> = { 401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND", 409: "CONFLICT" };

/** The open-source server names most refusals by a code too. */
function errorBody(family: Family, answer: Answer): unknown {
  const code = OSS_CODES[answer.status];
  return family === "oss" && code ? { ...(answer.body as object), code } : answer.body;
}
