import { Elysia } from "elysia";
import * as z from "zod";

import { FilterPage } from "../../../views/filter.tsx";
import { HitPage, RulePage } from "../../../views/rule.tsx";
import { mayReadKept } from "../../auth/actor.ts";
import { config } from "../../config.ts";
import { AppError, STATUS } from "../../errors.ts";
import { html } from "../../html.ts";
import { ownRecord, reportRules } from "./api.ts";
import { explain, explainKept, summaryOf } from "./explain.ts";
import { findHit, listHits } from "./queries.ts";
import { HitFilter, RuleId, ScanRequest } from "./schema.ts";

/** What a page does not know of an address, or cannot read, it leaves alone. */
const PageFilter = z.object({ limit: HitFilter.shape.limit.catch(50), cursor: HitFilter.shape.cursor.catch(undefined) });

/** What a form brings, whatever it is: what is wrong with it is said on the page itself. */
const Form = z.object({ text: z.string().catch(""), kind: z.string().catch("other") }).catch({ text: "", kind: "other" });

/** The filter, explained: any text tested, its rules, what each hit, and single texts on record. */
export const filterPages = new Elysia({ name: "filter-pages" })
  .get("/filter", async () => html(<FilterPage reports={await reportRules(await ownRecord())} answer={null} mode={config.mode} />))
  .post("/filter", ({ body }) => testText(body))
  .get("/filter/rules/:id", ({ params, query, request }) => showRule(params.id, query, mayReadKept(request)), {
    params: RuleId,
    query: PageFilter,
  })
  .get("/filter/texts/:id", ({ params }) => showText(params.id), { params: z.object({ id: z.uuid() }) });

async function testText(body: unknown): Promise<Response> {
  const { text, kind } = Form.parse(body);
  // Browsers send every line feed of a form as CR LF (WHATWG HTML, 4.10.21.4).
  const asked = { text: text.replaceAll("\r\n", "\n"), kind };
  const request = ScanRequest.safeParse(asked);
  const reports = await reportRules(await ownRecord());
  if (!request.success) {
    const fault = request.error.issues.map(({ message }) => message).join(" ");
    return html(<FilterPage reports={reports} answer={{ asked, explanation: null, fault }} mode={config.mode} />, {
      status: STATUS.invalid,
    });
  }
  const explanation = explain(asked.text, { kind: request.data.kind, field: "text", author: null });
  return html(<FilterPage reports={reports} answer={{ asked, explanation, fault: null }} mode={config.mode} />);
}

async function showRule(id: string, filter: HitFilter, withTexts: boolean): Promise<Response> {
  const rule = summaryOf(id);
  const hits = await listHits(await ownRecord(), id, filter);
  if (rule.family === null && hits.items.length === 0)
    throw new AppError("not_found", "The filter has no rule with this id, and none with this id hit in the last 30 days.");
  const shown = withTexts ? hits : { ...hits, items: hits.items.map((hit) => ({ ...hit, text: null })) };
  return html(<RulePage rule={rule} hits={shown} explanations={explainKept(shown.items)} mode={config.mode} />);
}

async function showText(id: string): Promise<Response> {
  const { agent_id } = await ownRecord();
  const hit = await findHit(agent_id, id);
  if (!hit) throw new AppError("not_found", "There is no text with this id on record.");
  const explanation = hit.text === null ? undefined : explain(hit.text, hit);
  return html(<HitPage hit={hit} explanation={explanation} mode={hit.mode} />);
}
