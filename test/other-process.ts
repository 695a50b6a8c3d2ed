import { join } from "node:path";

import { ownerUrl } from "../db/testing.ts";

/** Another process of the app on this test file's database, which reaches the Moltbook of that address. End it with `using`. */
export async function startOtherProcess(moltbookUrl: string): Promise<{ mcpUrl: string } & AsyncDisposable> {
  const script = `
    const { connect } = await import("./db/client.ts");
    connect(${JSON.stringify(ownerUrl())});
    const { connectMoltbook } = await import("./server/moltbook/connection.ts");
    const { openScreen, TEST_KEY } = await import("./server/moltbook/testing.ts");
    connectMoltbook({ baseUrl: ${JSON.stringify(moltbookUrl)}, apiKey: TEST_KEY, screen: openScreen });
    const { serve } = await import("./server/serve.ts");
    console.log(serve(0).mcpUrl);`;
  const env = { PATH: process.env.PATH ?? "", LOG_LEVEL: "error" };
  const child = Bun.spawn([process.execPath, "--eval", script], {
    cwd: join(import.meta.dir, ".."),
    env,
    stdout: "pipe",
    stderr: "inherit",
  });
  const { value } = await child.stdout.getReader().read();
  return { mcpUrl: new TextDecoder().decode(value).trim(), [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}
