import { Elysia } from "elysia";
import * as z from "zod";

import { answerList, exportable } from "../export.ts";
import { pageOf } from "../paging.ts";
import { Mode } from "../runs/schema.ts";
import { modeOfFigures } from "../stats/queries.ts";
import { getSecurityStats, listSecurityDays } from "./figures/queries.ts";
import { getEvent, listEvents } from "./queries.ts";
import { EventDetail, EventFilter, SecurityEvent, SecurityStats, SecurityTimeline } from "./schema.ts";

const InMode = z.strictObject({ mode: Mode.optional() });

export const securityApi = new Elysia({ name: "security-api", prefix: "/api/security", tags: ["security"] })
  .get("/events", ({ query }) => answerList(query, listEvents, { name: "events", item: SecurityEvent }), {
    query: exportable(EventFilter),
    response: pageOf(SecurityEvent),
    detail: { summary: "Security events, newest first" },
  })
  .get("/events/:id", ({ params }) => getEvent(params.id), {
    params: z.object({ id: z.uuid() }),
    query: z.strictObject({}),
    response: EventDetail,
    detail: { summary: "One security event with its details" },
  })
  .get("/stats", async ({ query }) => getSecurityStats(query.mode ?? (await modeOfFigures())), {
    query: InMode,
    response: SecurityStats,
    detail: { summary: "Security figures of one mode" },
  })
  .get(
    "/timeline",
    async ({ query }) => {
      const mode = query.mode ?? (await modeOfFigures());
      return { mode, items: await listSecurityDays(mode, query.days), next: null };
    },
    {
      query: InMode.extend({ days: z.coerce.number().int().min(1).max(365).default(30) }),
      response: SecurityTimeline,
      detail: { summary: "Security events and oddities day by day, oldest first" },
    },
  );
