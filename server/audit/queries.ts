import { sql } from "../../db/client.ts";
import type { Page } from "../paging.ts";
import { canonical } from "./canonical.ts";
import type { AuditFilter, AuditHead, AuditRecord, AuditVerification } from "./schema.ts";

/** Appends one record to the audit chain: `body` holds ids and digests only. State changes append in their own statement instead, through `append_audit`. */
export async function appendAudit(agentId: string | null, kind: string, body: Record<string, unknown>): Promise<void> {
  await sql`select append_audit(${agentId}, ${kind}, ${canonical(body)})`;
}

export type RawRecord = { seq: string; at: string; agent_id: string | null; kind: string; body: string; prev_hash: Buffer; hash: Buffer };

/** The chain from the record after `after` on, in batches, so that any length is read in constant memory and no connection is held by a slow reader. */
export async function* streamAudit(after = 0): AsyncGenerator<RawRecord[]> {
  let last: string | number = after;
  for (;;) {
    const batch: RawRecord[] = await sql<RawRecord[]>`
      select seq, at, agent_id, kind, body, prev_hash, hash from audit_log where seq > ${last} order by seq limit 2000`;
    if (batch.length > 0) yield batch;
    if (batch.length < 2000) return;
    last = batch.at(-1)?.seq ?? last;
  }
}

const columns = () => sql`
  l.seq::float8 as seq, l.at, l.agent_id, a.name as agent_name, l.kind, l.body, encode(l.prev_hash, 'hex') as prev_hash, encode(l.hash, 'hex') as hash`;

/** Records of the chain, newest first. Times grow with the numbers, so a stretch of time is one of numbers. */
export async function listAudit(filter: AuditFilter): Promise<Page<AuditRecord>> {
  const { kind, agent_name: agent, date_from: from, date_to: to, cursor, limit } = filter;
  const end = to && new Date(Date.parse(to) + (to.length === 10 ? 86_400_000 : 1)).toISOString();
  const rows = await sql<AuditRecord[]>`
    select ${columns()} from audit_log l left join agents a on a.id = l.agent_id
    where true
      ${kind ? sql`and l.kind = ${kind}` : sql``}
      ${agent ? sql`and l.agent_id = (select id from agents where name = ${agent})` : sql``}
      ${from ? sql`and l.seq >= (select seq from audit_log where at >= ${new Date(from).toISOString()} order by at, seq limit 1)` : sql``}
      ${end ? sql`and l.seq <= (select seq from audit_log where at < ${end} order by at desc, seq desc limit 1)` : sql``}
      ${cursor ? sql`and l.seq < ${cursor}` : sql``}
    order by l.seq desc limit ${limit + 1}`;
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? String(items.at(-1)?.seq) : null };
}

/** One record by its number. */
export async function findAuditRecord(seq: number): Promise<AuditRecord | undefined> {
  const [record] = await sql<AuditRecord[]>`
    select ${columns()} from audit_log l left join agents a on a.id = l.agent_id where l.seq = ${seq}`;
  return record;
}

/** The kinds of records that there are, and the agents that they may be about. Skips from kind to kind through the index. */
export async function listAuditTerms(): Promise<{ kinds: string[]; agents: string[] }> {
  const [terms] = await sql<{ kinds: string[]; agents: string[] }[]>`
    with recursive k (kind) as (
      (select kind from audit_log order by kind limit 1)
      union all
      select (select l.kind from audit_log l where l.kind > k.kind order by l.kind limit 1) from k where k.kind is not null
    )
    select coalesce((select array_agg(kind order by kind) from k where kind is not null), '{}') as kinds,
      coalesce((select array_agg(name order by name) from (select name from agents order by name limit 200) a), '{}') as agents`;
  return terms ?? { kinds: [], agents: [] };
}

const verificationColumns = () => sql`
  uuid_time(id) as at, actor, first_seq::float8 as first_seq, last_seq::float8 as last_seq, encode(head, 'hex') as head,
  case when fault_seq is not null then json_build_object('seq', fault_seq, 'reason', fault_reason) end as fault`;

/** Where the chain ends, and how far it was verified. */
export async function getAuditHead(): Promise<AuditHead> {
  const [[head], [last], [whole]] = await Promise.all([
    sql<{ records: number; hash: string; at: string }[]>`
      select seq::float8 as records, encode(hash, 'hex') as hash, at from audit_log order by seq desc limit 1`,
    sql<AuditVerification[]>`select ${verificationColumns()} from audit_verifications order by id desc limit 1`,
    sql<AuditVerification[]>`select ${verificationColumns()} from audit_verifications where first_seq = 1 order by id desc limit 1`,
  ]);
  const verified = { last_verification: last ?? null, last_whole_verification: whole ?? null };
  return { records: head?.records ?? 0, hash: head?.hash ?? null, at: head?.at ?? null, ...verified };
}

/** The newest verification that found no fault: its last record must be in the chain still. */
export async function findLastSound(): Promise<AuditVerification | undefined> {
  const [sound] = await sql<AuditVerification[]>`
    select ${verificationColumns()} from audit_verifications where fault_seq is null and head is not null order by id desc limit 1`;
  return sound;
}

/** Puts a verification on record, and answers it. */
export async function insertVerification(result: Omit<AuditVerification, "at">): Promise<AuditVerification> {
  const { actor, first_seq, last_seq, head, fault } = result;
  const [made] = await sql<AuditVerification[]>`
    with made as (
      insert into audit_verifications (id, actor, first_seq, last_seq, head, fault_seq, fault_reason)
      values (${Bun.randomUUIDv7()}, ${actor}, ${first_seq}, ${last_seq}, decode(${head}, 'hex'), ${fault?.seq ?? null}, ${fault?.reason ?? null})
      returning *
    ),
    audited as (select append_audit(null, 'audit.verified', ${canonical({ actor, fault_seq: fault?.seq ?? null, first_seq, last_seq })}) from made)
    select ${verificationColumns()} from made, audited`;
  if (!made) throw new Error("the verification was not recorded");
  return made;
}
