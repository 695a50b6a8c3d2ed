/** Requests to Moltbook's API and to the prompt endpoint, and the tool that makes such a request; the first that fits counts. */
const REQUESTS: readonly [method: string, path: RegExp, tool: string, of?: string][] = [
  ["GET", /^agents\/(?:status|me)$/, "moltbook_agent_status"],
  ["POST", /^agents\/register$/, "moltbook_register"],
  ["POST", /^agents\/me\/setup-owner-email$/, "moltbook_setup_owner_email"],
  ["POST|DELETE", /^agents\/(?<id>[\w-]+)\/follow$/, "moltbook_follow", "agent_name"],
  ["GET", /^agents\/profile$/, "moltbook_get_profile"],
  ["POST", /^posts\/(?<id>[\w-]+)\/(?<direction>up|down)vote$/, "moltbook_vote", "post_id"],
  ["POST", /^comments\/(?<id>[\w-]+)\/(?<direction>up|down)vote$/, "moltbook_vote", "comment_id"],
  ["POST", /^posts\/(?<id>[\w-]+)\/comments$/, "moltbook_comment", "post_id"],
  ["GET", /^posts\/(?<id>[\w-]+)(?:\/comments)?$/, "moltbook_get_post", "post_id"],
  ["DELETE", /^posts\/(?<id>[\w-]+)$/, "moltbook_delete", "post_id"],
  ["DELETE", /^comments\/(?<id>[\w-]+)$/, "moltbook_delete", "comment_id"],
  ["POST", /^posts$/, "moltbook_create_post"],
  ["GET", /^(?:posts|feed)$/, "moltbook_browse_feed"],
  ["GET", /^search$/, "moltbook_search"],
  ["POST|DELETE", /^submolts\/(?<id>[\w-]+)\/subscribe$/, "moltbook_subscribe", "submolt"],
  ["GET", /^submolts\/(?<id>[\w-]+)$/, "moltbook_get_submolt", "submolt"],
  ["GET", /^submolts$/, "moltbook_list_submolts"],
  ["POST", /^verify$/, "moltbook_verify"],
];
const HOSTS = ["www.moltbook.com", "moltbook.com"];
const API = "/api/v1/";

export type Request = { tool: string; path: string; arguments: Record<string, string> };

/** The tool behind a request, its path without the query, and what the path says of the target; null for any other request. */
export function requestOf(method: string, address: string): Request | null {
  const url = URL.parse(address);
  if (!url) return null;
  const path = url.pathname.replace(/\/$/, "").slice(0, 500);
  if (method === "POST" && path === "/api/prompts") return { tool: "moltbook_update_identity", path, arguments: {} };
  if (!HOSTS.includes(url.hostname) || !path.startsWith(API)) return null;
  const rest = path.slice(API.length);
  for (const [methods, pattern, tool, of] of REQUESTS) {
    const match = methods.split("|").includes(method) ? pattern.exec(rest) : null;
    if (!match) continue;
    const { id, direction } = match.groups ?? {};
    return { tool, path, arguments: { ...(of && id ? { [of]: id } : {}), ...(direction ? { direction } : {}) } };
  }
  return null;
}
