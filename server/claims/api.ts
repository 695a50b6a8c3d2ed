import { Elysia } from "elysia";
import * as z from "zod";

import { pageOf } from "../paging.ts";
import { listClaims } from "./queries.ts";
import { Claim } from "./schema.ts";
import { getRunNamed } from "./told/queries.ts";
import { Named } from "./told/schema.ts";

export const claimsApi = new Elysia({ name: "claims-api", prefix: "/api/runs", tags: ["runs"] }).get(
  "/:id/claims",
  async ({ params }) => {
    const { id } = await getRunNamed(params.id);
    return { items: await listClaims(id), next: null };
  },
  {
    params: Named,
    query: z.strictObject({}),
    response: pageOf(Claim),
    detail: { summary: "What an agent said of a run, against its record" },
  },
);
