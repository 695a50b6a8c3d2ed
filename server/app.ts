import { openapi } from "@elysiajs/openapi";
import { Elysia } from "elysia";
import * as z from "zod";

import { version } from "../package.json";
import { accountApi } from "./account/api.ts";
import { accountPages } from "./account/pages.tsx";
import { actionsApi } from "./actions/api.ts";
import { agentsApi } from "./agents/api.ts";
import { agentPages } from "./agents/pages.tsx";
import { guard } from "./auth/guard.ts";
import { authPages } from "./auth/pages.tsx";
import { authorsApi } from "./authors/api.ts";
import { authorPages } from "./authors/pages.tsx";
import { callsApi } from "./calls/api.ts";
import { compress } from "./compress.ts";
import { filterApi } from "./filter/explain/api.ts";
import { filterPages } from "./filter/explain/pages.tsx";
import { health } from "./health.ts";
import { jobsApi } from "./jobs/api.ts";
import { jobPages } from "./jobs/pages.tsx";
import { live } from "./live.ts";
import { openMcp } from "./mcp.ts";
import { onError } from "./on-error.ts";
import { promptsApi } from "./prompts/api.ts";
import { promptPages } from "./prompts/pages.tsx";
import { runsApi } from "./runs/api.ts";
import { runPages } from "./runs/pages.tsx";
import { staticFiles } from "./static.ts";
import { statsApi } from "./stats/api.ts";
import { statsPages } from "./stats/pages.tsx";
import { transcriptPages } from "./transcripts/pages.tsx";

/** The API's own description, for whoever may use the API. Without a page: those load scripts from elsewhere. */
const reference = openapi({
  provider: null,
  specPath: "/api/openapi.json",
  exclude: { paths: [/^(?!\/api\/)/] },
  // As a caller writes it: what has a default may be left out.
  mapJsonSchema: { zod: (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input" }) },
  documentation: {
    info: {
      title: "Moltbot",
      version,
      description: "What the dashboard shows, as JSON. Lists answer items and the cursor of the next page.",
    },
    components: { securitySchemes: { key: { type: "http", scheme: "bearer", description: "Made by: bun run job api-key" } } },
    security: [{ key: [] }],
  },
});

/** Every face of the app, in one list. `mcpUrl` answers where agents find the MCP endpoint `mcp` once the app listens. */
export function buildApp(mcpUrl: () => string, mcp = openMcp()) {
  return new Elysia({ serve: { idleTimeout: 60, maxRequestBodySize: 4 * 1024 * 1024 } })
    .use(onError)
    .use(guard)
    .use(compress)
    .use(reference)
    .use(health)
    .use(staticFiles)
    .all("/mcp", ({ request, server }) => mcp.serve(request, server?.requestIP(request)?.address ?? "unknown"), { parse: "none" })
    .use(runsApi)
    .use(actionsApi)
    .use(callsApi)
    .use(statsApi)
    .use(promptsApi)
    .use(accountApi)
    .use(filterApi)
    .use(authorsApi)
    .use(agentsApi)
    .use(jobsApi(mcpUrl))
    .use(authPages)
    .use(live)
    .use(runPages(mcpUrl))
    .use(transcriptPages)
    .use(promptPages)
    .use(accountPages)
    .use(filterPages)
    .use(authorPages)
    .use(agentPages)
    .use(jobPages(mcpUrl))
    .use(statsPages);
}
