import { sql } from "../../db/client.ts";
import { canonical, digest } from "../audit/canonical.ts";
import type { Verdict } from "../filter/schema.ts";
import type { Page } from "../paging.ts";
import { toPage } from "../paging.ts";
import type { DocumentFilter, DocumentName, DocumentSummary, DocumentVersion, PlatformDocument } from "./schema.ts";
import { DocumentName as Names } from "./schema.ts";

/** Whose documents: Moltbook's as an agent meets it. */
export type Reader = { agent_id: string; mode: "real" | "sandbox" };

export type Fetched = { name: DocumentName; text: string; verdict: Verdict; families: string[] };

/** What was found out by a fetch: whether the text is a version that was never seen, and whether the document could not be fetched before. */
export type News = { version_id: string; is_new: boolean; was_away: boolean };

/** Puts on record what the site says now. A text that was seen before is that version again. */
export async function recordFetch({ agent_id, mode }: Reader, { name, text, verdict, families }: Fetched): Promise<News> {
  const id = Bun.randomUUIDv7();
  const sha256 = digest(text);
  const [news] = await sql<(News & { audit: unknown })[]>`
    with made as (
      insert into document_versions (id, agent_id, mode, name, text, sha256, band, score, families, filter_version)
      values (${id}, ${agent_id}, ${mode}, ${name}, ${text}, ${sha256}, ${verdict.band}, ${verdict.score}, ${families}, ${verdict.version})
      on conflict (agent_id, mode, name, sha256) do nothing returning id
    ), version as (
      select id, true as is_new from made
      union all
      select id, false from document_versions where agent_id = ${agent_id} and mode = ${mode} and name = ${name} and sha256 = ${sha256}
      limit 1
    ), before as (
      select fault is not null as was_away from documents where agent_id = ${agent_id} and mode = ${mode} and name = ${name}
    ), document as (
      insert into documents as d (agent_id, mode, name, latest_id) select ${agent_id}, ${mode}, ${name}, id from version
      on conflict (agent_id, mode, name) do update set latest_id = excluded.latest_id, checked_at = now(), fault = null, fault_since = null
      returning 1
    )
    select version.id as version_id, is_new, coalesce((select was_away from before), false) as was_away,
      case when is_new then append_audit(${agent_id}, 'document.fetched', ${canonical({ mode, name, sha256, version_id: id })}) end as audit
    from version, document`;
  if (!news) throw new Error("the document was not recorded");
  return { version_id: news.version_id, is_new: news.is_new, was_away: news.was_away };
}

/** Puts on record that a document could not be fetched; what was fetched before stays. True if it could be until now. */
export async function recordFault({ agent_id, mode }: Reader, name: DocumentName, fault: string): Promise<boolean> {
  const [row] = await sql<{ is_news: boolean }[]>`
    with before as (
      select fault is not null as was_away from documents where agent_id = ${agent_id} and mode = ${mode} and name = ${name}
    ), document as (
      insert into documents as d (agent_id, mode, name, fault, fault_since) values (${agent_id}, ${mode}, ${name}, ${fault}, now())
      on conflict (agent_id, mode, name) do update set checked_at = now(), fault = excluded.fault, fault_since = coalesce(d.fault_since, now())
      returning 1
    )
    select not coalesce((select was_away from before), false) as is_news from document`;
  return row?.is_news ?? false;
}

const columns = () => sql`
  v.id, v.name, v.sha256, length(v.text) as length, v.band, v.score, v.families, v.filter_version, v.fetched_at,
  case when d.approved_id = v.id then 'approved' when c.decision = 'rejected' then 'rejected'
    when d.latest_id = v.id then 'pending' else 'replaced' end as state,
  c.actor as decided_by, c.decided_at, c.reason as decision_reason`;
const source = () => sql`
  document_versions v join documents d on d.agent_id = v.agent_id and d.mode = v.mode and d.name = v.name
  left join lateral (select decision, actor, decided_at, reason from document_decisions where version_id = v.id order by id desc limit 1) c on true`;

/** Where each document stands, whether it was fetched yet or not, in a fixed order. */
export async function listDocuments({ agent_id, mode }: Reader): Promise<PlatformDocument[]> {
  const [documents, latest] = await Promise.all([
    sql<Omit<PlatformDocument, "latest">[]>`
      select name, approved_id, checked_at, fault, fault_since from documents where agent_id = ${agent_id} and mode = ${mode}`,
    sql<DocumentSummary[]>`
      select ${columns()} from ${source()} where v.agent_id = ${agent_id} and v.mode = ${mode} and v.id = d.latest_id`,
  ]);
  const never = { approved_id: null, checked_at: null, fault: null, fault_since: null };
  return Names.options.map((name) => ({
    ...(documents.find((one) => one.name === name) ?? { name, ...never }),
    latest: latest.find((one) => one.name === name) ?? null,
  }));
}

/** Texts of the documents that were seen, newest first. */
export async function listDocumentVersions({
  agent_id,
  mode,
  name,
  limit,
  cursor,
}: DocumentFilter & Reader): Promise<Page<DocumentSummary>> {
  const rows = await sql<DocumentSummary[]>`
    select ${columns()} from ${source()} where v.agent_id = ${agent_id} and v.mode = ${mode}
      ${name ? sql`and v.name = ${name}` : sql``} ${cursor ? sql`and v.id < ${cursor}` : sql``} order by v.id desc limit ${limit + 1}`;
  return toPage(rows, limit);
}

export async function findDocumentVersion({ agent_id, mode }: Reader, id: string): Promise<DocumentVersion | undefined> {
  const [version] = await sql<DocumentVersion[]>`
    select ${columns()}, v.text, d.approved_id, a.text as approved_text
    from ${source()} left join document_versions a on a.id = d.approved_id
    where v.agent_id = ${agent_id} and v.mode = ${mode} and v.id = ${id}`;
  return version;
}

/** The text of a document that a person has approved, which is all that runs ever get; undefined where there is none. */
export async function findApprovedDocument({ agent_id, mode }: Reader, name: DocumentName): Promise<string | undefined> {
  const [row] = await sql<{ text: string }[]>`
    select v.text from documents d join document_versions v on v.id = d.approved_id
    where d.agent_id = ${agent_id} and d.mode = ${mode} and d.name = ${name}`;
  return row?.text;
}

/** How many documents say on the site what runs do not get and no person has turned down. */
export async function countDocumentsToReview({ agent_id, mode }: Reader): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from (select ${columns()} from ${source()} where v.agent_id = ${agent_id} and v.mode = ${mode} and v.id = d.latest_id) latest
    where state = 'pending'`;
  return row?.n ?? 0;
}

/** A person's word on a version: from now on runs get it, or do not get it any more. False if there is no such version. */
export async function decideDocument(
  { agent_id, mode }: Reader,
  decision: { id: string; isApproved: boolean; actor: string; reason: string },
): Promise<boolean> {
  const { id, isApproved, actor, reason } = decision;
  const word = isApproved ? "approved" : "rejected";
  const rows = await sql`
    with version as (
      select id, name from document_versions where id = ${id} and agent_id = ${agent_id} and mode = ${mode}
    ), decided as (
      insert into document_decisions (id, version_id, decision, actor, reason) select ${Bun.randomUUIDv7()}, id, ${word}, ${actor}, ${reason} from version
      returning 1
    ), document as (
      update documents d set approved_id = ${isApproved ? sql`version.id` : sql`nullif(d.approved_id, version.id)`} from version
      where d.agent_id = ${agent_id} and d.mode = ${mode} and d.name = version.name returning 1
    )
    select append_audit(${agent_id}, ${`document.${word}`}, ${canonical({ actor, mode, version_id: id })}) from version, decided, document`;
  return rows.count === 1;
}
