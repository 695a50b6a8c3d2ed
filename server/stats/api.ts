import { Elysia } from "elysia";
import * as z from "zod";

import { config } from "../config.ts";
import { Mode } from "../runs/schema.ts";
import { getStats } from "./queries.ts";
import { Stats } from "./schema.ts";

export const statsApi = new Elysia({ name: "stats-api", prefix: "/api/stats", tags: ["stats"] }).get(
  "",
  ({ query }) => getStats(query.mode),
  {
    query: z.strictObject({ mode: Mode.default(config.mode) }),
    response: Stats,
    detail: { summary: "Figures of one mode" },
  },
);
