import { Elysia } from "elysia";
import * as z from "zod";

import type { SecurityFilter } from "../../views/security-address.ts";
import { EventPage, OddityPage } from "../../views/security-detail.tsx";
import type { Shown } from "../../views/security-record.tsx";
import { SecurityPage, SecurityPanel } from "../../views/security.tsx";
import { ownAccount } from "../account/api.ts";
import { actorOf, mayChange } from "../auth/actor.ts";
import { blockedAmong, countBlockedAuthors } from "../authors/queries.ts";
import { listCalls } from "../calls/queries.ts";
import { config } from "../config.ts";
import { AppError, STATUS } from "../errors.ts";
import { html, isFragment } from "../html.ts";
import { decideIssues, getIssue, listIssues, undoDecisions } from "../issues/queries.ts";
import type { IssueScope } from "../issues/schema.ts";
import { IssueState, Triage } from "../issues/schema.ts";
import { changeRule, getOddity } from "../oddities/queries.ts";
import { reportOddityRules } from "../oddities/report.ts";
import { RuleChange } from "../oddities/schema.ts";
import { listCallsById, listFlagged } from "./evidence/queries.ts";
import { getSecurityStats, listSecurityDays } from "./figures/queries.ts";
import { getEvent, listEvents } from "./queries.ts";
import { SecurityTab, Severity } from "./schema.ts";

const PAGE = 25;
/** Authors who are shown as those who were flagged most. */
const FLAGGED = 5;
const DAY_MS = 86_400_000;

/** What a page does not know of an address, or cannot read, it leaves alone. What is searched for stands in addresses and fields as it is. */
const PageFilter = z.object({
  tab: SecurityTab.catch("issues"),
  state: z
    .enum(["needs_you", ...IssueState.options])
    .optional()
    .catch(undefined),
  severity: Severity.optional().catch(undefined),
  search: z
    .string()
    .regex(/^[\w .:-]{1,64}$/)
    .optional()
    .catch(undefined),
  cursor: z.uuid().optional().catch(undefined),
});
const Shows = PageFilter.extend({ done: z.uuid().optional().catch(undefined) });
const ById = { params: z.object({ id: z.uuid() }), query: z.object({ done: z.uuid().optional().catch(undefined) }) };

/** Where a decision leads back to: an address of these pages, and of no others. */
const At = z
  .string()
  .regex(/^\/security(?:\/(?:events|oddities)\/[0-9a-f-]{36})?(?:\?[\w=&.%+:-]*)?$/)
  .catch("/security");

const Decided = z.object({
  at: At,
  scope: z.enum(["checked", "all"]).catch("checked"),
  issues: z.union([z.array(z.uuid()), z.uuid().transform((one) => [one])]).optional(),
  state: Triage.shape.state,
  reason: z.string().max(500).optional(),
  days: z.coerce.number().int().min(1).max(365).catch(7),
});

/** Security in one look, single events and oddities, and what the operator decides about them. */
export const securityPages = new Elysia({ name: "security-pages" })
  .get(
    "/security",
    async ({ request, query: { done, ...filter } }) => {
      const props = await propsOf(filter, mayChange(request));
      return html(isFragment(request) ? <SecurityPanel {...props} /> : <SecurityPage {...props} fault={null} done={done ?? null} />);
    },
    { query: Shows },
  )
  .get("/security/events/:id", ({ params, query, request }) => showEvent(params.id, readerOf(request, query)), ById)
  .get("/security/oddities/:id", ({ params, query, request }) => showOddity(params.id, readerOf(request, query)), ById)
  .post("/security/triage", ({ body, request }) => triage(body, actorOf(request)), { body: Decided })
  .post(
    "/security/triage/undo",
    async ({ body, request }) => {
      await undoDecisions(body.batch, actorOf(request));
      return seeOther(body.at);
    },
    { body: z.object({ at: At, batch: z.uuid() }) },
  )
  .post(
    "/security/rules/:type",
    async ({ params, body, request }) => {
      await changeRule({ type: params.type, enabled: body.enabled === "true", threshold: body.threshold }, actorOf(request));
      return seeOther(`/security?tab=rules#rule-${params.type}`);
    },
    {
      params: z.object({ type: RuleChange.shape.type }),
      body: z.object({ enabled: z.enum(["true", "false"]), threshold: z.coerce.number().int().min(1).max(10_000).optional() }),
    },
  );

async function propsOf(filter: SecurityFilter, may: boolean) {
  const owner = await ownAccount();
  const [stats, days, blocked, shown] = await Promise.all([
    getSecurityStats(config.mode),
    listSecurityDays(config.mode, 30),
    countBlockedAuthors(owner),
    shownOf(filter),
  ]);
  const names = stats.top_flagged_authors.slice(0, FLAGGED).map(({ author }) => author);
  return { stats, days, blocked, isBlocked: await blockedAmong(owner, names), filter, shown, mayChange: may };
}

async function shownOf(filter: SecurityFilter): Promise<Shown> {
  if (filter.tab === "rules") return { kind: "rules", rules: await reportOddityRules(config.mode) };
  if (filter.tab === "calls") return { kind: "calls", calls: await listCalls({ limit: PAGE, cursor: filter.cursor, mode: config.mode }) };
  return { kind: "issues", issues: await listIssues({ limit: PAGE, cursor: filter.cursor, ...scopeOf(filter) }) };
}

/** Which issues a tab is about. */
const OF_TAB: Partial<Record<SecurityTab, Pick<IssueScope, "kind" | "types">>> = {
  injections: { types: ["injection_attempt", "suspicious_pattern"] },
  access: { types: ["unauthorized_access", "closed_run_call", "sign_in_failed", "sign_in_refused", "tool_denied"] },
  oddities: { kind: "oddity" },
};

function scopeOf({ tab, state, severity, search }: SecurityFilter): IssueScope {
  const which = state === "needs_you" ? { needs_you: true } : { state };
  return { ...OF_TAB[tab], ...which, severity, search, mode: config.mode };
}

/** What of a page depends on who reads it, and on what they have just done. */
function readerOf(request: Request, { done = null }: { done?: string | null | undefined }) {
  return { done, mayChange: mayChange(request) };
}

async function showEvent(id: string, reader: ReturnType<typeof readerOf>): Promise<Response> {
  const event = await getEvent(id);
  const [issue, others, calls, texts] = await Promise.all([
    getIssue(event.issue),
    listEvents({ issue: event.issue, limit: 10 }),
    event.call_id === null ? [] : listCallsById([event.call_id]),
    event.run_id === null
      ? []
      : listFlagged(
          event.run_id,
          event.call_id !== null && event.risk_score !== null ? { inCall: event.call_id, itemId: event.post_id } : { upTo: event.call_id },
        ),
  ]);
  const same = others.items.filter((other) => other.id !== id);
  return html(<EventPage event={event} issue={issue} others={same} calls={calls} texts={texts} mode={config.mode} {...reader} />);
}

async function showOddity(id: string, reader: ReturnType<typeof readerOf>): Promise<Response> {
  const oddity = await getOddity(id);
  const [issue, rules, calls, texts] = await Promise.all([
    getIssue(oddity.issue),
    reportOddityRules(config.mode),
    listCallsById(oddity.call_ids.slice(0, 50)),
    oddity.run_id === null ? [] : listFlagged(oddity.run_id, { upTo: oddity.call_ids.at(-1) ?? null }),
  ]);
  const rule = rules.find(({ type }) => type === oddity.type);
  return html(<OddityPage oddity={oddity} rule={rule} issue={issue} calls={calls} texts={texts} mode={config.mode} {...reader} />);
}

/** Back to where the decision was made, with the way to take it back; what kept it from being made is said on the page itself. */
async function triage({ at, scope, issues, state, reason, days }: z.infer<typeof Decided>, actor: string): Promise<Response> {
  const url = new URL(at, "http://localhost");
  const filter = PageFilter.parse(Object.fromEntries(url.searchParams));
  try {
    if (scope === "checked" && !issues)
      throw new AppError("invalid", "Nothing is checked. Check what you want to decide about, or take all that match.");
    const isMuted = state === "muted";
    const said = reason?.trim() ? reason.trim() : undefined;
    if (isMuted && said === undefined) throw new AppError("invalid", "To mute, say why: whoever looks at this next will want to know.");
    const decision = { state, reason: said, until: isMuted ? new Date(Date.now() + days * DAY_MS).toISOString() : undefined };
    const { batch, changed } = await decideIssues(scope === "all" ? { scope: scopeOf(filter) } : { issues: issues ?? [] }, decision, actor);
    if (changed === 0) return seeOther(at);
    url.searchParams.set("done", batch);
    return seeOther(url.pathname + url.search);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return html(<SecurityPage {...await propsOf(filter, true)} fault={error.message} done={null} />, { status: STATUS[error.code] });
  }
}

function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location } });
}
