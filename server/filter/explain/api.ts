import { Elysia } from "elysia";
import * as z from "zod";

import { ensureAgent } from "../../agents/queries.ts";
import { config } from "../../config.ts";
import { answerList, exportable } from "../../export.ts";
import { pageOf } from "../../paging.ts";
import { FILTER_VERSION } from "../verdict.ts";
import { explain, SUMMARIES, summaryOf } from "./explain.ts";
import type { Owner } from "./queries.ts";
import { countHits, listHits } from "./queries.ts";
import { Explanation, HitFilter, RuleHit, RuleId, RuleReports, ScanRequest } from "./schema.ts";

const NoQuery = z.strictObject({});

export const filterApi = new Elysia({ name: "filter-api", prefix: "/api/filter", tags: ["filter"] })
  .post("/scan", ({ body: { text, kind, author } }) => explain(text, { kind, field: "text", author: author ?? null }), {
    query: NoQuery,
    body: ScanRequest,
    response: Explanation,
    detail: { summary: "Judge a text as the filter would; nothing of it is stored, so a key that reads will do" },
  })
  .get("/rules", async () => reportRules(await ownRecord()), {
    query: NoQuery,
    response: RuleReports,
    detail: { summary: "The filter's rules, and how often each hit in the last 30 days" },
  })
  .get(
    "/rules/:id/hits",
    ({ params, query }) =>
      answerList(query, async (page) => listHits(await ownRecord(), params.id, page), { name: "rule-hits", item: RuleHit }),
    {
      params: RuleId,
      query: exportable(HitFilter),
      response: pageOf(RuleHit),
      detail: { summary: "What a rule hit in the last 30 days, newest first, without the texts" },
    },
  );

/** The record of the agent that this installation runs. */
export async function ownRecord(): Promise<Owner> {
  return { agent_id: (await ensureAgent(config.agentName)).id, mode: config.mode };
}

/** All rules with their hits, the most frequent first. A rule of another version is named as long as it has hits. */
export async function reportRules(owner: Owner): Promise<RuleReports> {
  const { since, hits } = await countHits(owner);
  const known = SUMMARIES.map((rule) => ({ ...rule, hits: hits.get(rule.id) ?? 0 }));
  const others = [...hits].filter(([id]) => summaryOf(id).family === null).map(([id, count]) => ({ ...summaryOf(id), hits: count }));
  const items = [...known, ...others].toSorted((one, other) => other.hits - one.hits);
  return { version: FILTER_VERSION, since, items, next: null };
}
