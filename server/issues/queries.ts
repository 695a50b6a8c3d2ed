import { sql } from "../../db/client.ts";
import { canonical, digest } from "../audit/canonical.ts";
import { AppError } from "../errors.ts";
import type { Page } from "../paging.ts";
import { toPage } from "../paging.ts";
import { redactText } from "../redact.ts";
import type { Mode } from "../runs/schema.ts";
import type { Issue, IssueDetail, IssueFilter, IssueScope, Triage, Triaged, TriageDecision } from "./schema.ts";

const columns = () => sql`
  i.last_id as id, i.issue, i.agent_id, i.kind, i.mode, i.type, i.severity, i.author, i.count, i.first_at, i.last_at, i.state, i.reason, i.until,
  i.decided_by, i.decided_at`;

const title = () => sql`
  case i.kind when 'event' then (select title from events e where e.id = i.id) else (select left(description, 300) from oddities o where o.id = i.id) end`;

/** Part of a statement: whether a tally is of something that an operator has to look at. */
const isGrave = () => sql`severity in ('high', 'critical')`;

/** Part of a statement: which issues of the view `i` are meant. */
const isMeant = ({ kind, type, types, severity, state, needs_you, mode, agent_name, search }: IssueScope) => sql`
  ${kind ? sql`and i.kind = ${kind}` : sql``}
  ${type ? sql`and i.type = ${type}` : sql``}
  ${types ? sql`and i.type = any(${[...types]})` : sql``}
  ${severity ? sql`and i.severity = ${severity}` : sql``}
  ${state ? sql`and i.state = ${state}` : sql``}
  ${needs_you ? sql`and i.state in ('open', 'regressed') and i.issue = any(array(select distinct issue from issue_tallies where ${isGrave()}))` : sql``}
  ${mode ? sql`and (i.mode = ${mode} or i.mode is null)` : sql``}
  ${agent_name ? sql`and i.agent_id = (select id from agents where name = ${agent_name})` : sql``}
  ${search ? sql`and strpos(lower(i.type || ' ' || coalesce(i.author, '')), lower(${search})) > 0` : sql``}`;

/** Issues, the one that came up last first. */
export async function listIssues({ limit, cursor, ...scope }: IssueFilter & Pick<IssueScope, "types" | "needs_you">): Promise<Page<Issue>> {
  const rows = await sql<Issue[]>`
    with i as materialized (
      select ${columns()} from issues i where true ${isMeant(scope)} ${cursor ? sql`and i.last_id < ${cursor}` : sql``}
      order by i.last_id desc limit ${limit + 1}
    )
    select i.*, ${title()} as title from i order by i.id desc`;
  return toPage(rows, limit);
}

/** One issue with everything that was decided about it, newest first. Throws AppError `not_found`. */
export async function getIssue(issue: string): Promise<IssueDetail> {
  const [[found], decisions] = await Promise.all([
    sql<Issue[]>`
      with i as materialized (select ${columns()} from issues i where i.issue = ${issue}) select i.*, ${title()} as title from i`,
    sql<TriageDecision[]>`
      select id, state, reason, until, batch, decided_by, decided_at from triage where issue = ${issue} order by id desc limit 50`,
  ]);
  if (!found) throw new AppError("not_found", "There is no such issue.");
  return { ...found, decisions };
}

/** How many high or critical issues are open or came up again, in a mode or in none, of all agents: what waits for the operator. */
export async function countNeedsYou(mode: Mode): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from issues i
    where i.issue = any(array(select distinct issue from issue_tallies where (mode = ${mode} or mode is null) and ${isGrave()}))
      and i.state in ('open', 'regressed')`;
  return row?.n ?? 0;
}

/**
 * Decides about issues, by their keys or all that a scope means, at most 1,000 at once. What is in that state already is left alone, unless it is
 * muted again. Throws AppError `invalid` if nothing but critical issues were to be muted: those can be acknowledged or resolved.
 */
export async function decideIssues(
  which: { issues: string[] } | { scope: IssueScope },
  { state, reason, until }: Omit<Triage, "issues">,
  actor: string,
): Promise<Triaged> {
  const batch = Bun.randomUUIDv7();
  const said = reason === undefined ? null : redactText(reason).slice(0, 500);
  const end = until === undefined ? null : new Date(until).toISOString();
  const before = canonical({ actor, batch }).slice(0, -1);
  const after = canonical({ reason_sha256: said === null ? null : digest(said), state, until: end }).slice(1);
  const decided = await sql`
    with chosen as materialized (
      select i.issue, i.agent_id, i.severity from issues i
      where ${"issues" in which ? sql`i.issue = any(${which.issues}::uuid[])` : sql`true ${isMeant(which.scope)}`}
        and (i.state <> ${state} or ${state} = 'muted') and (${state} <> 'muted' or i.severity <> 'critical')
      order by i.last_id desc limit 1000
    ), decided as (
      insert into triage (id, agent_id, issue, state, severity, reason, until, batch, decided_by)
      select ${newId()}, agent_id, issue, ${state}, severity, ${said}, ${end}, ${batch}, ${actor} from chosen returning agent_id, issue
    )
    select append_audit(agent_id, 'issue.triaged', ${before} || ',"issue":"' || issue || '",' || ${after}) from decided`;
  if (decided.count === 0 && state === "muted")
    throw new AppError("invalid", "Nothing was muted. What is critical cannot be muted: acknowledge it, or resolve it.");
  return { batch, changed: decided.count };
}

/** Takes a batch of decisions back: each issue is as it was decided before, or open. Issues that were decided about since are left alone. */
export async function undoDecisions(batch: string, actor: string): Promise<Triaged> {
  const undo = Bun.randomUUIDv7();
  const before = canonical({ actor, batch: undo }).slice(0, -1);
  const undone = await sql`
    with chosen as materialized (
      select t.id, t.agent_id, t.issue, t.severity from triage t
      where t.batch = ${batch} and not exists (select from triage x where x.issue = t.issue and x.id > t.id)
    ), decided as (
      insert into triage (id, agent_id, issue, state, severity, reason, until, batch, decided_by)
      select ${newId()}, c.agent_id, c.issue, coalesce(p.state, 'open'), coalesce(p.severity, c.severity), p.reason, p.until, ${undo}, ${actor}
      from chosen c left join lateral (
        select * from triage p where p.issue = c.issue and p.id < c.id order by p.id desc limit 1
      ) p on true returning agent_id, issue, state
    )
    select append_audit(agent_id, 'issue.triaged', ${before} || ',"issue":"' || issue || '","state":"' || state || '","undoes":"' || ${batch} || '"}')
    from decided`;
  return { batch: undo, changed: undone.count };
}

/** Part of a statement: a new UUIDv7 for each row. */
const newId = () => sql`observed_id(clock_timestamp(), encode(sha256(uuid_send(gen_random_uuid())), 'hex'))`;

/** Adds up what has been counted since the last time. Answers how many rows that saved. */
export async function compactTallies(): Promise<number> {
  const [row] = await sql<{ saved: number }[]>`select compact_tallies() as saved`;
  return row?.saved ?? 0;
}
