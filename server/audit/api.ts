import { Elysia } from "elysia";
import * as z from "zod";

import { actorOf } from "../auth/actor.ts";
import { answerList, exportable } from "../export.ts";
import { pageOf } from "../paging.ts";
import { lineOf } from "./export.ts";
import { getAuditHead, listAudit, streamAudit } from "./queries.ts";
import { AuditFilter, AuditHead, AuditRecord, AuditVerification } from "./schema.ts";
import { verifyAudit } from "./verify.ts";

const NoQuery = z.strictObject({});

/** So many records are recomputed while somebody waits; the schedule recomputes all of them. */
export const WHILE_WAITING = 100_000;

export const auditApi = new Elysia({ name: "audit-api", prefix: "/api/audit", tags: ["audit"] })
  .get("", ({ query }) => answerList(query, listAudit, { name: "audit", item: AuditRecord }), {
    query: exportable(AuditFilter),
    response: pageOf(AuditRecord),
    detail: { summary: "Records of the audit chain, newest first" },
  })
  .get("/head", () => getAuditHead(), {
    query: NoQuery,
    response: AuditHead,
    detail: { summary: "Where the audit chain ends, and how far it was verified" },
  })
  .post("/verify", ({ request }) => verifyAudit(actorOf(request), WHILE_WAITING), {
    query: NoQuery,
    response: AuditVerification,
    detail: { summary: `Recompute the newest ${WHILE_WAITING.toLocaleString("en-US")} records; the schedule recomputes all of them daily` },
  })
  .get("/export", () => new Response(streamExport(), { headers: EXPORTED }), {
    query: NoQuery,
    detail: { summary: "The whole chain as NDJSON, for bun run job verify-audit --file" },
  });

const EXPORTED = {
  "content-type": "application/x-ndjson; charset=utf-8",
  "content-disposition": 'attachment; filename="moltbot-audit.ndjson"',
  "cache-control": "no-store",
};

/** As fast as it is taken: a reader who is slow, or has gone, costs one batch. */
function streamExport(): ReadableStream<string> {
  const batches = streamAudit();
  return new ReadableStream<string>({
    async pull(controller) {
      const { value, done } = await batches.next();
      if (done) controller.close();
      else controller.enqueue(value.map(lineOf).join(""));
    },
    cancel: () => void batches.return(undefined),
  });
}
