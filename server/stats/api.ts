import { Elysia } from "elysia";
import * as z from "zod";

import { Mode } from "../runs/schema.ts";
import { getStats, listDays, modeOfFigures } from "./queries.ts";
import { Stats, Timeline } from "./schema.ts";

const Query = z.strictObject({ mode: Mode.optional() });

export const statsApi = new Elysia({ name: "stats-api", prefix: "/api/stats", tags: ["stats"] })
  .get("", async ({ query }) => getStats(query.mode ?? (await modeOfFigures())), {
    query: Query,
    response: Stats,
    detail: { summary: "Figures of one mode: the real one as soon as anything real is on record" },
  })
  .get(
    "/timeline",
    async ({ query }) => {
      const mode = query.mode ?? (await modeOfFigures());
      return { mode, items: await listDays(mode, query.days), next: null };
    },
    {
      query: Query.extend({ days: z.coerce.number().int().min(1).max(365).default(30) }),
      response: Timeline,
      detail: { summary: "Figures of each of the last days, in UTC, oldest first" },
    },
  );
