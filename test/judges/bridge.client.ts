import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

import { BRIDGE } from "../../server/bridge/testing.ts";

/** The client that the conformance suite starts: the SDK's, over the bridge, to the suite's own server. It uses all that the server offers. */
const url = process.argv.at(-1) ?? "";
const { MCP_CONFORMANCE_PROTOCOL_VERSION: version, MCP_CONFORMANCE_CONTEXT: context = "{}" } = process.env;
type Call = { name: string; arguments: Record<string, unknown> };
const { toolCalls = [] } = JSON.parse(context) as { toolCalls?: Call[] };

const client = new Client(
  { name: "bridge-judge", version: "1" },
  { versionNegotiation: { mode: version === "2026-07-28" ? "auto" : "legacy" } },
);
const env = { PATH: process.env.PATH ?? "", MOLTBOT_URL: url };
await client.connect(new StdioClientTransport({ command: process.execPath, args: [BRIDGE], env, stderr: "inherit" }));

const offered = client.getServerCapabilities() ?? {};
const { tools } = await client.listTools();
for (const call of toolCalls.length > 0 ? toolCalls : tools.map(callOf)) await client.callTool(call);
if (offered.resources) for (const { uri } of (await client.listResources()).resources) await client.readResource({ uri });
if (offered.prompts) for (const { name } of (await client.listPrompts()).prompts) await client.getPrompt({ name });
await client.close();

/** A call with arguments of the right types. */
function callOf({ name, inputSchema }: (typeof tools)[number]): Call {
  const typed = Object.entries(inputSchema.properties ?? {}) as [string, { type?: unknown }][];
  return { name, arguments: Object.fromEntries(typed.map(([key, { type }]) => [key, type === "number" ? 2 : "value"])) };
}
