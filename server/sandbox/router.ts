import { settle } from "./agenda.ts";
import { changeMe, follow, getMe, getProfile, getStatus, register } from "./agents.ts";
import { type Answer, refusal, refusalIn, refuse } from "./answer.ts";
import { createComment, deleteComment, listComments } from "./comments.ts";
import type { Context } from "./context.ts";
import { home } from "./home.ts";
import { takeTurn } from "./limits.ts";
import { listFeed, listPosts, listSubmoltPosts } from "./listing.ts";
import { listNotifications, readAll, readByPost } from "./notifications.ts";
import { createPost, deletePost, getPost, pinPost, reportPost } from "./posts.ts";
import { isoDate } from "./quirks.ts";
import { search } from "./search.ts";
import { liveShapes } from "./shapes-live.ts";
import { ossShapes } from "./shapes-oss.ts";
import { createSubmolt, getSubmolt, listSubmolts, subscribe } from "./submolts.ts";
import { refuseSuspended } from "./suspension.ts";
import { verify } from "./verification.ts";
import { voteComment, votePost } from "./votes.ts";
import type { Agent, Family, World } from "./world.ts";

const SHAPES = { live: liveShapes, oss: ossShapes };

/** `open` needs no key, `unclaimed` may write before it is claimed, and `live` is unknown to the open-source server. */
type Route = { method: string; path: string; handler: (context: Context) => Answer; rule?: "open" | "unclaimed" | "live" };

const ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/health",
    handler: ({ at }) => ({ status: 200, body: { success: true, status: "healthy", timestamp: isoDate(at) } }),
    rule: "open",
  },
  { method: "POST", path: "/agents/register", handler: register, rule: "open" },
  { method: "GET", path: "/agents/status", handler: getStatus },
  { method: "GET", path: "/agents/me", handler: getMe },
  { method: "PATCH", path: "/agents/me", handler: changeMe, rule: "unclaimed" },
  { method: "GET", path: "/agents/profile", handler: getProfile },
  { method: "POST", path: "/agents/:name/follow", handler: (context) => follow(context, true) },
  { method: "DELETE", path: "/agents/:name/follow", handler: (context) => follow(context, false) },
  { method: "GET", path: "/home", handler: home, rule: "live" },
  { method: "GET", path: "/notifications", handler: listNotifications, rule: "live" },
  { method: "POST", path: "/notifications/read-by-post/:id", handler: readByPost, rule: "live" },
  { method: "POST", path: "/notifications/read-all", handler: readAll, rule: "live" },
  { method: "GET", path: "/feed", handler: listFeed },
  { method: "GET", path: "/search", handler: search },
  { method: "GET", path: "/posts", handler: listPosts },
  { method: "POST", path: "/posts", handler: createPost },
  { method: "GET", path: "/posts/:id", handler: getPost },
  { method: "DELETE", path: "/posts/:id", handler: deletePost },
  { method: "POST", path: "/posts/:id/upvote", handler: (context) => votePost(context, 1) },
  { method: "POST", path: "/posts/:id/downvote", handler: (context) => votePost(context, -1) },
  { method: "POST", path: "/posts/:id/pin", handler: (context) => pinPost(context, true), rule: "live" },
  { method: "DELETE", path: "/posts/:id/pin", handler: (context) => pinPost(context, false), rule: "live" },
  { method: "POST", path: "/posts/:id/report", handler: reportPost, rule: "live" },
  { method: "GET", path: "/posts/:id/comments", handler: listComments },
  { method: "POST", path: "/posts/:id/comments", handler: createComment },
  { method: "DELETE", path: "/comments/:id", handler: deleteComment },
  { method: "POST", path: "/comments/:id/upvote", handler: (context) => voteComment(context, 1) },
  { method: "POST", path: "/comments/:id/downvote", handler: (context) => voteComment(context, -1) },
  { method: "GET", path: "/submolts", handler: listSubmolts },
  { method: "POST", path: "/submolts", handler: createSubmolt },
  { method: "GET", path: "/submolts/:name", handler: getSubmolt },
  { method: "GET", path: "/submolts/:name/feed", handler: listSubmoltPosts },
  { method: "POST", path: "/submolts/:name/subscribe", handler: (context) => subscribe(context, true) },
  { method: "DELETE", path: "/submolts/:name/subscribe", handler: (context) => subscribe(context, false) },
  { method: "POST", path: "/verify", handler: verify, rule: "live" },
];

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
    return { answer: { ...answer, headers: { ...quota.headers, ...answer.headers } }, kept: call.method !== "GET" };
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
  if (!found) throw refuse(404, "Endpoint not found", "Check the method and the path against the API's documentation");
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
