import type { Agent } from "../server/agents/queries.ts";
import { ensureAgent } from "../server/agents/queries.ts";
import { insertApiKey, insertSession } from "../server/auth/queries.ts";
import { config } from "../server/config.ts";
import { screen } from "../server/filter/screen.ts";
import { connectMoltbook } from "../server/moltbook/connection.ts";
import { seedPrompt } from "../server/prompts/queries.ts";
import { seedText } from "../server/prompts/seed.ts";
import type { Sandbox, SandboxOptions } from "../server/sandbox/server.ts";
import { startSandbox } from "../server/sandbox/server.ts";
import { serve } from "../server/serve.ts";

export { until } from "./until.ts";

export type TestApp = {
  agent: Agent;
  url: string;
  mcpUrl: string;
  sandbox: Sandbox;
  /** A request of a signed-in operator to a page or to the API. */
  get(path: string, init?: RequestInit): Promise<Response>;
  apiKey: string;
  session: string;
  stop(): Promise<void>;
};

/** The whole app on a free port, with a sandbox of its own, on this test file's database. */
export async function startTestApp(options: SandboxOptions = {}): Promise<TestApp> {
  const sandbox = startSandbox(options);
  connectMoltbook({ baseUrl: sandbox.url, apiKey: sandbox.apiKey, screen });
  const agent = await ensureAgent(config.agentName);
  await seedPrompt(agent.id, seedText(agent.name));
  const served = serve(0);
  const session = await insertSession();
  const apiKey = await insertApiKey("test", "read");
  return {
    agent,
    url: served.url,
    mcpUrl: served.mcpUrl,
    sandbox,
    session,
    apiKey,
    get: (path, init = {}) =>
      fetch(served.url + path, {
        redirect: "manual",
        ...init,
        headers: { cookie: `moltbot_session=${session}`, origin: served.url, ...(init.headers as Record<string, string>) },
      }),
    async stop() {
      await served.stop();
      await sandbox.stop();
    },
  };
}
