import { Elysia } from "elysia";
import * as z from "zod";

import { actorOf } from "../auth/actor.ts";
import { config } from "../config.ts";
import { answerList, exportable } from "../export.ts";
import { pageOf } from "../paging.ts";
import { changeRule, getOddity, listOddities } from "./queries.ts";
import { reportOddityRules } from "./report.ts";
import { Oddity, OddityFilter, OddityRuleReports, RuleChange } from "./schema.ts";

const NoQuery = z.strictObject({});

export const oddityApi = new Elysia({ name: "oddity-api", prefix: "/api/security", tags: ["security"] })
  .get("/oddities", ({ query }) => answerList(query, listOddities, { name: "oddities", item: Oddity }), {
    query: exportable(OddityFilter),
    response: pageOf(Oddity),
    detail: { summary: "Oddities in what agents did, newest first" },
  })
  .get("/oddities/:id", ({ params }) => getOddity(params.id), {
    params: z.object({ id: z.uuid() }),
    query: NoQuery,
    response: Oddity,
    detail: { summary: "One oddity" },
  })
  .get("/oddity-rules", async () => ({ items: await reportOddityRules(config.mode), next: null }), {
    query: NoQuery,
    response: OddityRuleReports,
    detail: { summary: "The rules that look for oddities, as they are in force" },
  })
  .post(
    "/oddity-rules",
    async ({ body, request }) => {
      await changeRule(body, actorOf(request));
      return { items: await reportOddityRules(config.mode), next: null };
    },
    {
      query: NoQuery,
      body: RuleChange,
      response: OddityRuleReports,
      detail: { summary: "Switch a rule on or off, or move its threshold" },
    },
  );
