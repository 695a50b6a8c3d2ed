import { Elysia } from "elysia";
import * as z from "zod";

import { AuditRecordPage } from "../../views/audit-record.tsx";
import { AuditPage } from "../../views/audit.tsx";
import { actorOf, mayChange } from "../auth/actor.ts";
import { config } from "../config.ts";
import { AppError } from "../errors.ts";
import { html } from "../html.ts";
import { WHILE_WAITING } from "./api.ts";
import { findAuditRecord, getAuditHead, listAudit, listAuditTerms } from "./queries.ts";
import { AuditFilter } from "./schema.ts";
import { verifyAudit } from "./verify.ts";

/** What a page does not know of an address, or cannot read, it leaves alone. */
const { limit, cursor, kind, agent_name, date_from, date_to } = AuditFilter.shape;
const PageFilter = z.object({
  limit: limit.catch(50),
  cursor: cursor.catch(undefined),
  kind: kind.catch(undefined),
  agent_name: agent_name.catch(undefined),
  date_from: date_from.catch(undefined),
  date_to: date_to.catch(undefined),
});

/** The audit chain: its head, its records, and a look at whether they fit. */
export const auditPages = new Elysia({ name: "audit-pages" })
  .get(
    "/audit",
    async ({ query, request }) => {
      const { limit: _, cursor: __, ...filter } = query;
      const [head, page, terms] = await Promise.all([getAuditHead(), listAudit(query), listAuditTerms()]);
      return html(<AuditPage {...{ head, page, terms, filter }} mode={config.mode} mayChange={mayChange(request)} />);
    },
    { query: PageFilter },
  )
  .get(
    "/audit/:seq",
    async ({ params }) => {
      const record = await findAuditRecord(params.seq);
      if (!record) throw new AppError("not_found", "The audit chain has no record of this number.");
      return html(<AuditRecordPage record={record} mode={config.mode} />);
    },
    { params: z.object({ seq: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }) },
  )
  .post("/audit/verify", async ({ request }) => {
    await verifyAudit(actorOf(request), WHILE_WAITING);
    return new Response(null, { status: 303, headers: { location: "/audit" } });
  });
