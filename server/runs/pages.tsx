import { Elysia } from "elysia";
import * as z from "zod";

import { LOG_LINES } from "../../views/log.tsx";
import type { Tab } from "../../views/run.tsx";
import { RunPage, RunPanel } from "../../views/run.tsx";
import { RunsPage } from "../../views/runs.tsx";
import type { Course } from "../../views/timeline.tsx";
import { ensureAgent } from "../agents/queries.ts";
import { appendAudit } from "../audit/queries.ts";
import { actorOf, mayChange, mayReadKept } from "../auth/actor.ts";
import { countBands, listCallsOfRun, listFlaggedExposures } from "../calls/queries.ts";
import { listClaims } from "../claims/queries.ts";
import { getRunNamed } from "../claims/told/queries.ts";
import { Named } from "../claims/told/schema.ts";
import { config } from "../config.ts";
import { explainKept } from "../filter/explain/explain.ts";
import { html, isFragment } from "../html.ts";
import { describe, log } from "../log.ts";
import { showList } from "../page-query.ts";
import { listReadings } from "../provenance/queries.ts";
import { traceWrites } from "../provenance/trace.ts";
import { listEventsOfRun } from "../security/queries.ts";
import { countLines, findFirstError, listLinesFrom, listTranscript, searchLines } from "../transcripts/queries.ts";
import { getRunDetail, stopRun } from "./api.ts";
import { runHeartbeat } from "./heartbeat.ts";
import { countRuns, listRuns } from "./queries.ts";
import type { RunDetail } from "./schema.ts";
import { RunFilter } from "./schema.ts";

/** A tab, and of the log the part that is meant. */
const RunView = z.object({
  tab: z.enum(["timeline", "actions", "claims", "log", "raw"]).catch("timeline"),
  from: z.coerce.number().int().min(0).max(2_000_000_000).optional().catch(undefined),
  search: z.string().trim().min(1).max(200).optional().catch(undefined),
});
type RunView = z.infer<typeof RunView>;

const One = z.object({ id: z.uuid() });

/** The list of runs, one run, "run now" and "stop". `mcpUrl` is where the agent that is started finds our MCP endpoint. */
export const runPages = (mcpUrl: () => string) =>
  new Elysia({ name: "run-pages" })
    .get("/runs", ({ query }) =>
      showList("/runs", RunFilter, query, {
        list: listRuns,
        count: countRuns,
        view: (props) => <RunsPage {...props} mode={config.mode} />,
      }),
    )
    .get("/runs/:id", async ({ params, query, request }) => showRun(params.id, query, request), { params: Named, query: RunView })
    .post(
      "/runs/:id/stop",
      async ({ params, request }) => {
        await stopRun(params.id, actorOf(request));
        return new Response(null, { status: 303, headers: { location: `/runs/${params.id}` } });
      },
      { params: One },
    )
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

/** A run that is called by its name elsewhere has its page at its own id. */
async function showRun(name: string, view: RunView, request: Request): Promise<Response> {
  const { id } = await getRunNamed(name);
  if (id !== name) return new Response(null, { status: 303, headers: { location: `/runs/${id}` } });
  const run = await getRunDetail(id);
  const tab = await tabOf(run, view, mayReadKept(request));
  const props = { run, tab, mayChange: mayChange(request) };
  return html(isFragment(request) ? <RunPanel {...props} /> : <RunPage {...props} />);
}

async function tabOf(run: RunDetail, { tab, from, search }: RunView, withTexts: boolean): Promise<Tab> {
  if (tab === "timeline") return { name: tab, course: await courseOf(run, withTexts) };
  if (tab === "raw") return { name: tab, lines: await countLines(run.id) };
  if (tab === "claims") return { name: tab, claims: await listClaims(run.id) };
  if (tab !== "log") return { name: tab };
  const [part, first_error] = await Promise.all([partOfLog(run.id, from, search), findFirstError(run.id)]);
  return { name: tab, log: { ...part, from: from ?? null, search: search ?? null, first_error } };
}

async function partOfLog(id: string, from: number | undefined, search: string | undefined) {
  if (search === undefined && from === undefined) return listTranscript(id, LOG_LINES);
  const lines = search === undefined ? listLinesFrom(id, from ?? 0, LOG_LINES) : searchLines(id, search, LOG_LINES);
  const [found, total] = await Promise.all([lines, countLines(id)]);
  return { lines: found, total };
}

async function courseOf({ id, actions }: RunDetail, withTexts: boolean): Promise<Course> {
  const [calls, flagged, bands, readings, events] = await Promise.all([
    listCallsOfRun(id),
    listFlaggedExposures(id),
    countBands(id),
    listReadings(id),
    listEventsOfRun(id),
  ]);
  const authors = Map.groupBy(actions, ({ call_id }) => call_id);
  const writes = calls
    .filter((call) => call.is_write)
    .map((call) => ({ ...call, authors: (authors.get(call.id) ?? []).flatMap(({ target_author }) => target_author ?? []) }));
  const kept = withTexts ? flagged : [];
  const inputs = Object.fromEntries(kept.map(({ content_hash, text }) => [content_hash, text ?? ""]));
  const backgrounds = traceWrites(writes, readings);
  return { calls, exposures: flagged, bands, inputs, explanations: explainKept(kept), backgrounds, events };
}
