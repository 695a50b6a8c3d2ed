import type { AnyElysia } from "elysia";
import { Elysia } from "elysia";

import { accountApi } from "./account/api.ts";
import { accountPages } from "./account/pages.tsx";
import { actionsApi } from "./actions/api.ts";
import { actionPages } from "./actions/pages.tsx";
import { agentsApi } from "./agents/api.ts";
import { agentPages } from "./agents/pages.tsx";
import { auditApi } from "./audit/api.ts";
import { auditPages } from "./audit/pages.tsx";
import { accessApi } from "./auth/api.ts";
import { guard } from "./auth/guard.ts";
import { authPages } from "./auth/pages.tsx";
import { settingsPages } from "./auth/settings/pages.tsx";
import { authorsApi } from "./authors/api.ts";
import { authorPages } from "./authors/pages.tsx";
import { callsApi } from "./calls/api.ts";
import { claimsApi } from "./claims/api.ts";
import { toldApi } from "./claims/told/api.ts";
import { compress } from "./compress.ts";
import { documentsApi } from "./documents/api.ts";
import { documentPages } from "./documents/pages.tsx";
import { etag } from "./etag.ts";
import { evidenceApi } from "./evidence/api.ts";
import { filterApi } from "./filter/explain/api.ts";
import { filterPages } from "./filter/explain/pages.tsx";
import { health } from "./health.ts";
import { issuesApi } from "./issues/api.ts";
import { jobsApi } from "./jobs/api.ts";
import { jobPages } from "./jobs/pages.tsx";
import { live } from "./live.ts";
import { openMcp } from "./mcp.ts";
import { oddityApi } from "./oddities/api.ts";
import { onError } from "./on-error.ts";
import { promptsApi } from "./prompts/api.ts";
import { promptPages } from "./prompts/pages.tsx";
import { referencePages } from "./reference/pages.tsx";
import { runsApi } from "./runs/api.ts";
import { runPages } from "./runs/pages.tsx";
import { securityApi } from "./security/api.ts";
import { securityPages } from "./security/pages.tsx";
import { staticFiles } from "./static.ts";
import { statsApi } from "./stats/api.ts";
import { statsPages } from "./stats/pages.tsx";
import { transcriptPages } from "./transcripts/pages.tsx";

/** Every face of the app, in one list. `mcpUrl` answers where agents find the MCP endpoint `mcp` once the app listens. */
export function buildApp(mcpUrl: () => string, mcp = openMcp()) {
  const app = new Elysia({ serve: { idleTimeout: 60, maxRequestBodySize: 4 * 1024 * 1024 } })
    .use(onError)
    .use(guard)
    .use(compress)
    .use(etag)
    .use(referencePages((): AnyElysia => app))
    .use(health)
    .use(staticFiles)
    .all("/mcp", ({ request, server }) => mcp.serve(request, server?.requestIP(request)?.address ?? "unknown"), { parse: "none" })
    .use(runsApi)
    .use(toldApi)
    .use(claimsApi)
    .use(evidenceApi)
    .use(actionsApi)
    .use(callsApi)
    .use(statsApi)
    .use(promptsApi)
    .use(documentsApi)
    .use(accountApi)
    .use(filterApi)
    .use(authorsApi)
    .use(securityApi)
    .use(issuesApi)
    .use(oddityApi)
    .use(agentsApi)
    .use(jobsApi(mcpUrl))
    .use(auditApi)
    .use(accessApi)
    .use(authPages)
    .use(live)
    .use(runPages(mcpUrl))
    .use(transcriptPages)
    .use(actionPages)
    .use(promptPages)
    .use(documentPages)
    .use(accountPages)
    .use(filterPages)
    .use(authorPages)
    .use(securityPages)
    .use(agentPages)
    .use(jobPages(mcpUrl))
    .use(auditPages)
    .use(settingsPages)
    .use(statsPages);
  return app;
}
