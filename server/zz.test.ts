import { afterAll, beforeAll, expect, test } from "bun:test";
import { Client as V1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as T1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { startTestApp } from "../test/app.ts";
import type { TestApp } from "../test/app.ts";
import { claimRun } from "./runs/queries.ts";
import { mintToken } from "./tokens/queries.ts";
import { TOOL_NAMES } from "./tool.ts";
import { sql } from "../db/client.ts";

let app: TestApp; let token: string; let id: string;
beforeAll(async () => { app = await startTestApp();
  id = Bun.randomUUIDv7();
  await claimRun(id, { agentId: app.agent.id, mode: "sandbox", trigger: "manual", slot: null, runner: "t", command: "t", promptVersionId: null });
  token = await mintToken({ id, agentId: app.agent.id }, { tools: TOOL_NAMES.filter(n => n !== "moltbook_verify") }, 3600);
});
afterAll(() => app.stop());
const H = () => ({ requestInit: { headers: { authorization: `Bearer ${token}` } } });
test("x", async () => {
  const one = new V1({ name: "old", version: "1.2.3" });
  await one.connect(new T1(new URL(app.mcpUrl), H()) as never);
  const two = new Client({ name: "new", version: "9" }, { versionNegotiation: { mode: "auto" } });
  await two.connect(new StreamableHTTPClientTransport(new URL(app.mcpUrl), H()));
  for (const c of [one, two]) {
    const list = await c.listTools();
    console.log(JSON.stringify(list).length);
    const go = async (name: string, args: Record<string, unknown>) => { try { const r = await (c as V1).callTool({ name, arguments: args }); const s = JSON.stringify(r); console.log(name, s.slice(0, 600), s.length); return r as any } catch (e) { console.log(name, "THROWS", (e as Error).name, (e as Error).message) } };
    await go("moltbook_agent_status", {});
    await go("moltbook_home", {});
    await go("moltbook_browse_feed", { limit: 50 });
    await go("moltbook_get_post", { post_id: "../x" });
    await go("moltbook_get_post", { post_id: "nope" });
    await go("moltbook_verify", { verification_code: "x", answer: "1" });
    await go("moltbook_nothing", {});
    await go("moltbook_vote", { target_id: "a\u0000", direction: "up" });
    await go("moltbook_browse_feed", { cursor: "a\u0000b\ud800" });
    try { console.log(await c.readResource({ uri: "moltbot://prompts/77" })) } catch (e) { console.log((e as Error).message) }
    console.log(JSON.stringify(await c.listResources()), JSON.stringify(await c.listPrompts()));
  }
  console.log(await sql`select tool, client_name, client_version, era, request_id, outcome, error from tool_calls order by id`);
  for (const [init, label] of [[{method:"GET"},"GET"],[{method:"POST",body:"{"},"broken"],[{method:"POST",headers:{origin:"http://evil.test"},body:"{}"},"origin"],[{method:"POST",headers:{host:"evil.test"},body:"{}"},"host"]] as const) {
    const r = await fetch(app.mcpUrl, {...init, headers: {authorization:`Bearer ${token}`, "content-type":"application/json", accept:"application/json, text/event-stream", ...(init as any).headers}} as any);
    console.log(label, r.status, JSON.stringify([...r.headers]), await r.text());
  }
  for (const t of [undefined, "Bearer x", `Bearer mbt_${"x".repeat(43)}`]) {
    const r = await fetch(app.mcpUrl, {method:"POST", body:"{}", headers: {...(t?{authorization:t}:{}), "content-type":"application/json", accept:"application/json, text/event-stream"}});
    console.log(t, r.status, r.headers.get("www-authenticate"), await r.text());
  }
}, 30000);
