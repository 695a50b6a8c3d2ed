import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as LegacyTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import { sql } from "../../db/client.ts";
import type { Agent } from "../agents/queries.ts";
import { ensureAgent } from "../agents/queries.ts";
import { config } from "../config.ts";
import { markStarted } from "../runs/queries.ts";
import { claimedRun } from "../runs/testing.ts";
import { mintToken } from "../tokens/queries.ts";
import { TOOL_NAMES } from "../tool.ts";

export type TestRun = { id: string; agent: Agent; token: string };

/**
 * A live run of an agent of that name, with the bearer token that its agent process would get, good for `seconds`. Its account on Moltbook is
 * known already, as after an earlier heartbeat.
 */
export async function openRun(name: string, tools: readonly string[] = TOOL_NAMES, seconds = 600): Promise<TestRun> {
  const agent = await ensureAgent(name);
  const id = await claimedRun(agent.id, { mode: config.mode });
  await markStarted(id, process.pid);
  await sql`
    insert into moltbook_accounts (agent_id, mode, name, state, registered_at)
    values (${agent.id}, ${config.mode}, ${config.agentName}, 'ok', now() - interval '10 days') on conflict do nothing`;
  return { id, agent, token: await mintToken({ id, agentId: agent.id }, { tools: [...tools] }, seconds) };
}

/** Makes everything on record of an agent's dealings with Moltbook so much older, as if that time had passed. */
export async function age(agentId: string, ms: number): Promise<void> {
  const by = sql`${ms / 1000} * interval '1 second'`;
  await sql`
    update moltbook_budgets set spent = array(select u - ${by} from unnest(spent) u), blocked_until = blocked_until - ${by}, resets_at = resets_at - ${by}
    where agent_id = ${agentId}`;
  await sql`
    update moltbook_accounts set suspended_until = suspended_until - ${by}, open_since = open_since - ${by}, probed_at = probed_at - ${by},
      faults = array(select f - ${by} from unnest(faults) f), checked_at = checked_at - ${by}
    where agent_id = ${agentId}`;
  await sql`update verifications set expires_at = expires_at - ${by}, created_at = created_at - ${by} where agent_id = ${agentId}`;
  await sql`update moltbook_intents set created_at = created_at - ${by}, next_check_at = next_check_at - ${by} where agent_id = ${agentId}`;
  await sql`update moltbook_writings set published_at = published_at - ${by}, next_check_at = next_check_at - ${by} where agent_id = ${agentId}`;
  await sql`update moltbook_features set checked_at = checked_at - ${by} where agent_id = ${agentId}`;
}

/** What came back from a tool, whole (`raw`) and taken apart. A test that walks into a member that is not there fails on it. */
export type Reply = { raw: string; text: string; data: Data; isError: boolean };
export type Data = { [key: string]: Data } & string;

type Result = { content?: unknown; structuredContent?: unknown; isError?: unknown };
export type TestAgent = {
  call: (name: string, args?: Record<string, unknown>, signal?: AbortSignal) => Promise<Reply>;
  client: Client;
  close: () => Promise<void>;
};

/** An agent's MCP client of either protocol era: the 2025 one is the SDK's first version, which most clients still carry. */
export async function connectAgent(mcpUrl: string, token: string, era: "legacy" | "modern" = "modern"): Promise<TestAgent> {
  const url = new URL(mcpUrl);
  const options = { requestInit: { headers: { authorization: `Bearer ${token}`, "user-agent": "tester/2.5 (test)" } } };
  const modern = new Client({ name: "modern-tester", version: "26.7" }, { versionNegotiation: { mode: "auto" } });
  const legacy = new LegacyClient({ name: "legacy-tester", version: "25.6" });
  if (era === "modern") await modern.connect(new StreamableHTTPClientTransport(url, options));
  else await legacy.connect(new LegacyTransport(url, options));
  return {
    async call(name, args = {}, signal) {
      const params = { name, arguments: args };
      const given = signal ? { signal } : {};
      const result = era === "modern" ? await modern.callTool(params, given) : await legacy.callTool(params, undefined, given);
      return read(result as Result);
    },
    client: era === "modern" ? modern : (legacy as unknown as Client),
    close: () => (era === "modern" ? modern : legacy).close(),
  };
}

function read({ content, structuredContent, isError }: Result): Reply {
  const [block] = content as { text: string }[];
  return {
    raw: JSON.stringify({ content, structuredContent }),
    text: block?.text ?? "",
    data: (structuredContent ?? {}) as Data,
    isError: isError === true,
  };
}

/** The entries of a list in an answer; what is none counts as empty. */
export function list(data: Data | undefined): Data[] {
  return Array.isArray(data) ? (data as Data[]) : [];
}

/** A text without the fence around it. */
export function unfenced(text: string): string {
  return text.replace(/^<untrusted-[0-9a-f]{8}>(.*)<\/untrusted-[0-9a-f]{8}>$/s, "$1");
}
