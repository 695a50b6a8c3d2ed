import { afterAll, beforeAll, expect, test } from "bun:test";
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
  token = await mintToken({ id, agentId: app.agent.id }, { tools: [...TOOL_NAMES] }, 3600);
});
afterAll(() => app.stop());
const H = () => ({ requestInit: { headers: { authorization: `Bearer ${token}` } } });
test("x", async () => {
  const c = new Client({ name: "new", version: "9" }, { versionNegotiation: { mode: "auto" } });
  await c.connect(new StreamableHTTPClientTransport(new URL(app.mcpUrl), H()));
  const out: any[] = [];
  for (const [name, args] of [["moltbook_agent_status",{}],["moltbook_home",{}],["moltbook_browse_feed",{limit:50}]] as const) {
    const r = await c.callTool({ name, arguments: args }) as any; out.push(r);
  }
  const posts = out[2].structuredContent.posts;
  const p = posts.find((x: any) => x.comments > 5);
  out.push(await c.callTool({ name: "moltbook_get_post", arguments: { post_id: p.id } }));
  const text = out.map(r => JSON.stringify(r.structuredContent).replaceAll(/<\/?untrusted-[0-9a-f]+>/g, ""));
  const rows = await sql`select t.tool, e.field, e.kind, e.author, e.band, i.text from exposures e join tool_calls t on t.id = e.call_id join filter_inputs i on i.content_hash = e.content_hash order by e.id`;
  let d = 0;
  for (const r of rows) { const shown = text.some(t => t.includes(JSON.stringify(r.text).slice(1, -1).slice(0, 400))); if (shown) d++; else console.log(r.tool, r.field, r.kind, r.author, r.band, JSON.stringify(r.text.slice(0, 60))); }
  console.log(rows.length, d);
}, 30000);
