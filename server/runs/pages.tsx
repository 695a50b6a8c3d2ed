import { Elysia } from "elysia";
import * as z from "zod";

import { RunPage, RunPanel } from "../../views/run.tsx";
import { RunsPage } from "../../views/runs.tsx";
import { ensureAgent } from "../agents/queries.ts";
import { appendAudit } from "../audit/queries.ts";
import { actorOf, mayReadKept } from "../auth/actor.ts";
import { countBands, listCallsOfRun, listFlaggedExposures } from "../calls/queries.ts";
import { listClaims } from "../claims/queries.ts";
import { config } from "../config.ts";
import { explainKept } from "../filter/explain/explain.ts";
import { html, isFragment } from "../html.ts";
import { describe, log } from "../log.ts";
import { showList } from "../page-query.ts";
import { listEventsOfRun } from "../security/queries.ts";
import { listTranscript } from "../transcripts/queries.ts";
import { getRunDetail } from "./api.ts";
import { runHeartbeat } from "./heartbeat.ts";
import { countRuns, listRuns } from "./queries.ts";
import { RunFilter } from "./schema.ts";

const TRANSCRIPT_LINES = 300;

/** The list of runs, one run, and "run now". `mcpUrl` is where the agent that is started finds our MCP endpoint. */
export const runPages = (mcpUrl: () => string) =>
  new Elysia({ name: "run-pages" })
    .get("/runs", ({ query }) =>
      showList("/runs", RunFilter, query, {
        list: listRuns,
        count: countRuns,
        view: (props) => <RunsPage {...props} mode={config.mode} />,
      }),
    )
    .get("/runs/:id", async ({ params, request }) => showRun(params.id, request), { params: z.object({ id: z.uuid() }) })
    .post(
      "/heartbeats",
      async ({ body, request }) => {
        const agent = await ensureAgent(config.agentName);
        await appendAudit(agent.id, "heartbeat.requested", { actor: actorOf(request), dry_run: body?.dry_run === "1" });
        runHeartbeat({ agent, trigger: "manual", slot: null, mcpUrl: mcpUrl(), dryRun: body?.dry_run === "1" }).catch((error: unknown) =>
          log.error("run.not_started", describe(error)),
        );
        return new Response(null, { status: 303, headers: { location: "/" } });
      },
      { body: z.object({ dry_run: z.literal("1").optional() }).optional() },
    );

async function showRun(id: string, request: Request): Promise<Response> {
  const [run, calls, flagged, bands, transcript, events, claims] = await Promise.all([
    getRunDetail(id),
    listCallsOfRun(id),
    listFlaggedExposures(id),
    countBands(id),
    listTranscript(id, TRANSCRIPT_LINES),
    listEventsOfRun(id),
    listClaims(id),
  ]);
  const kept = mayReadKept(request) ? flagged : [];
  const inputs = Object.fromEntries(kept.map(({ content_hash, text }) => [content_hash, text ?? ""]));
  const explanations = explainKept(kept);
  const { lines, total } = transcript;
  const props = { run, calls, exposures: flagged, bands, inputs, explanations, transcript: lines, transcript_total: total, events, claims };
  return html(isFragment(request) ? <RunPanel {...props} /> : <RunPage {...props} />);
}
