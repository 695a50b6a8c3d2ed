import { buildApp } from "./app.ts";
import { config } from "./config.ts";
import { AppError } from "./errors.ts";
import { openMcp } from "./mcp.ts";

/** Starts listening; answers the address for people, the one for agents on this machine, and how to stop. Throws AppError when the port is taken. */
export function serve(port: number): { url: string; mcpUrl: string; stop: () => Promise<void> } {
  let mcpUrl = "";
  const mcp = openMcp();
  const app = buildApp(() => mcpUrl, mcp);
  try {
    app.listen({ hostname: config.host, port, reusePort: false });
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === "EADDRINUSE")
      throw new AppError("conflict", `Port ${port} is taken. Stop what uses it, or choose another one: PORT=${port + 1}`);
    throw new AppError("invalid", `Cannot listen on ${config.host}:${port} (${code}). Check HOST and PORT.`);
  }
  const bound = app.server?.port ?? port;
  const everywhere = ["0.0.0.0", "::"].includes(config.host);
  const url = `http://${everywhere ? "127.0.0.1" : config.host.includes(":") ? `[${config.host}]` : config.host}:${bound}`;
  mcpUrl = `${url}/mcp`;
  return {
    url,
    mcpUrl,
    async stop() {
      await mcp.close();
      await app.stop(true);
    },
  };
}
