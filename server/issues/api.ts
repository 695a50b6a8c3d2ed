import { Elysia } from "elysia";
import * as z from "zod";

import { actorOf } from "../auth/actor.ts";
import { answerList, exportable } from "../export.ts";
import { pageOf } from "../paging.ts";
import { decideIssues, getIssue, listIssues, undoDecisions } from "./queries.ts";
import { Issue, IssueDetail, IssueFilter, Triage, Triaged } from "./schema.ts";

const NoQuery = z.strictObject({});

export const issuesApi = new Elysia({ name: "issues-api", prefix: "/api/security", tags: ["security"] })
  .get("/issues", ({ query }) => answerList(query, listIssues, { name: "issues", item: Issue }), {
    query: exportable(IssueFilter),
    response: pageOf(Issue),
    detail: { summary: "Events and oddities grouped by what they have in common, the last seen first" },
  })
  .get("/issues/:issue", ({ params }) => getIssue(params.issue), {
    params: z.object({ issue: z.uuid() }),
    query: NoQuery,
    response: IssueDetail,
    detail: { summary: "One issue, with what was decided about it" },
  })
  .post("/triage", ({ body: { issues, ...decision }, request }) => decideIssues({ issues }, decision, actorOf(request)), {
    query: NoQuery,
    body: Triage,
    response: Triaged,
    detail: { summary: "Decide about issues: open, acknowledged, muted until, resolved" },
  })
  .post("/triage/undo", ({ body, request }) => undoDecisions(body.batch, actorOf(request)), {
    query: NoQuery,
    body: z.strictObject({ batch: z.uuid() }),
    response: Triaged,
    detail: { summary: "Take a batch of decisions back" },
  });
