import { Elysia } from "elysia";
import * as z from "zod";

import { AppError } from "../errors.ts";
import { pageOf } from "../paging.ts";
import { findRun } from "../runs/queries.ts";
import { listClaims } from "./queries.ts";
import { Claim } from "./schema.ts";

export const claimsApi = new Elysia({ name: "claims-api", prefix: "/api/runs", tags: ["runs"] }).get(
  "/:id/claims",
  async ({ params }) => {
    if (!(await findRun(params.id))) throw new AppError("not_found", "There is no run with this id.");
    return { items: await listClaims(params.id), next: null };
  },
  {
    params: z.object({ id: z.uuid() }),
    query: z.strictObject({}),
    response: pageOf(Claim),
    detail: { summary: "What an agent said of a run, against its record" },
  },
);
