import { Elysia } from "elysia";
import * as z from "zod";

import { config } from "../config.ts";
import { pageOf } from "../paging.ts";
import { Mode } from "../runs/schema.ts";
import { getSecurityStats, listSecurityDays } from "./figures/queries.ts";
import { getEvent, listEvents } from "./queries.ts";
import { EventDetail, EventFilter, SecurityDay, SecurityEvent, SecurityStats } from "./schema.ts";

const InMode = z.strictObject({ mode: Mode.default(config.mode) });

export const securityApi = new Elysia({ name: "security-api", prefix: "/api/security", tags: ["security"] })
  .get("/events", ({ query }) => listEvents(query), {
    query: EventFilter,
    response: pageOf(SecurityEvent),
    detail: { summary: "Security events, newest first" },
  })
  .get("/events/:id", ({ params }) => getEvent(params.id), {
    params: z.object({ id: z.uuid() }),
    query: z.strictObject({}),
    response: EventDetail,
    detail: { summary: "One security event with its details" },
  })
  .get("/stats", ({ query }) => getSecurityStats(query.mode), {
    query: InMode,
    response: SecurityStats,
    detail: { summary: "Security figures of one mode" },
  })
  .get("/timeline", ({ query }) => listSecurityDays(query.mode, query.days), {
    query: InMode.extend({ days: z.coerce.number().int().min(1).max(365).default(30) }),
    response: z.array(SecurityDay),
    detail: { summary: "Security events and oddities day by day, oldest first" },
  });
