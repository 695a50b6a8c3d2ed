import { Elysia } from "elysia";
import * as z from "zod";

import { mayReadKept } from "../auth/actor.ts";
import { getRunNamed } from "../claims/told/queries.ts";
import { Named } from "../claims/told/schema.ts";
import { answerEvidence } from "./bundle.ts";

export const evidenceApi = new Elysia({ name: "evidence-api", prefix: "/api/runs", tags: ["runs"] }).get(
  "/:id/evidence",
  async ({ params, request }) => answerEvidence((await getRunNamed(params.id)).id, mayReadKept(request)),
  {
    params: Named,
    query: z.strictObject({}),
    detail: { summary: "All that is on record of a run, with what the audit chain tells of it, for bun run job verify-audit --bundle" },
  },
);
