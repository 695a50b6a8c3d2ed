import type { Readable } from "node:stream";

import postgres from "postgres";

import { copyInto } from "../../db/copy.ts";
import type { Chain, TableHead } from "./schema.ts";

/** The one session of a backup or a restore, in a transaction. */
export type Session = postgres.TransactionSql;

/** Texts of times, numbers and bytes that are the same on every server. */
const SETTINGS = { TimeZone: "UTC", DateStyle: "ISO, MDY", IntervalStyle: "iso_8601", bytea_output: "hex", extra_float_digits: 1 };

/** One view of everything, unchanged by what happens meanwhile; no partition is dropped under it. */
export function readAtOnce<Result>(ownerUrl: string, run: (tx: Session) => Promise<Result>): Promise<Result> {
  return inSession(ownerUrl, async (sql) => {
    const tables = await listTables(sql);
    return (await sql.begin("isolation level repeatable read read only", async (tx) => {
      await tx`lock table ${tx(tables.map(({ table }) => table))} in access share mode`;
      return run(tx);
    })) as Result;
  });
}

/** All or nothing, as the owner; waits ten seconds at most for whoever uses a table. The planner learns of the new rows afterwards. */
export function writeAtOnce<Result>(ownerUrl: string, run: (tx: Session) => Promise<Result>): Promise<Result> {
  return inSession(ownerUrl, async (sql) => {
    const result = await sql.begin(async (tx) => {
      await tx`set local lock_timeout = '10s'`;
      return run(tx);
    });
    // What was written is kept, whether or not this can be done: Postgres does it by and by itself.
    await sql`analyze`.catch(() => {});
    return result as Result;
  });
}

async function inSession<Result>(ownerUrl: string, run: (sql: postgres.Sql) => Promise<Result>): Promise<Result> {
  const connection = { application_name: "moltbot backup", ...SETTINGS };
  const sql = postgres(ownerUrl, { max: 1, max_lifetime: null, fetch_types: false, connect_timeout: 10, connection, onnotice: () => {} });
  try {
    return await run(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Every table but the list of migrations, a partitioned one as a whole, with the columns that are not computed. */
export async function listTables(sql: postgres.Sql | Session): Promise<TableHead[]> {
  return sql<TableHead[]>`
    select c.relname as table, json_agg(a.attname order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'schema_migrations'
    group by c.relname order by c.relname`;
}

/** The migrations that the database has, in order. */
export async function listMigrations(tx: Session): Promise<string[]> {
  const rows = await tx<{ version: string }[]>`select version from schema_migrations order by version`;
  return rows.map(({ version }) => version);
}

/** The oldest month that has a partition, as YYYYMM. */
export async function findFirstMonth(tx: Session): Promise<string> {
  const [row] = await tx<{ month: string }[]>`
    select coalesce(min(right(c.relname, 6)), to_char(now(), 'YYYYMM')) as month
    from pg_inherits i join pg_class c on c.oid = i.inhrelid and c.relkind = 'r' where c.relname ~ '_[0-9]{6}$'`;
  return row?.month ?? "";
}

/** A table's rows in the text format of COPY, in no order. A row's buffer is its own until the next one is asked for. */
export async function* copyOut(tx: Session, { table, columns }: TableHead): AsyncGenerator<Buffer> {
  const rows: Readable = await tx`copy (select ${tx(columns)} from ${tx(table)}) to stdout`.readable();
  yield* rows as AsyncIterable<Buffer>;
  // The driver stops its socket when rows come too fast, and lets it go on when more are wanted: after the last one nobody would ask.
  rows._read(0);
}

/** Takes a table's rows in the text format of COPY. */
export function copyIn(tx: Session, { table, columns }: TableHead, pieces: AsyncIterable<Buffer>): Promise<void> {
  return copyInto(tx, table, columns, pieces);
}

/** Recomputes the audit chain by Postgres itself, whose function of the same text appends to it. */
export async function checkChain(tx: Session): Promise<Chain> {
  const [chain] = await tx<Chain[]>`
    select count(*)::int as records, (array_agg(encode(hash, 'hex') order by seq desc))[1] as head,
      (min(seq) filter (where seq <> number or prev_hash <> before or hash <> sha256(convert_to(record, 'UTF8'))))::int as fault
    from (
      select seq, prev_hash, hash, row_number() over (order by seq) as number,
        lag(hash, 1, decode(repeat('00', 32), 'hex')) over (order by seq) as before,
        '{"agent_id":' || coalesce('"' || agent_id || '"', 'null') || ',"at":"' || to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
          || '","body":' || body || ',"kind":"' || kind || '","prev_hash":"' || encode(prev_hash, 'hex') || '","seq":' || seq || '}' as record
      from audit_log
    ) l`;
  if (!chain) throw new Error("no chain");
  return chain;
}

/** Whether anybody else is connected who belongs to Moltbot. */
export async function isInUse(tx: Session): Promise<boolean> {
  const rows = await tx`
    select from pg_stat_activity where datname = current_database() and application_name = 'moltbot' and pid <> pg_backend_pid()`;
  return rows.count > 0;
}

/** Whether the database holds anybody's records: everything on record belongs to an agent. */
export async function hasRecords(tx: Session): Promise<boolean> {
  return (await tx`select from agents limit 1`).count > 0;
}

/**
 * Empties every table for a restore, with its triggers off and its references taken away, and makes the partitions from a month (YYYYMM) on.
 * Answers how to bring back triggers and references; the database checks the references anew then.
 */
export async function clear(tx: Session, tables: TableHead[], since: string): Promise<() => Promise<void>> {
  const names = tables.map(({ table }) => table);
  const references = await tx<{ table: string; name: string; definition: string }[]>`
    select c.conrelid::regclass::text as table, c.conname as name, pg_get_constraintdef(c.oid) as definition
    from pg_constraint c where c.contype = 'f' and c.conparentid = 0 and c.connamespace = 'public'::regnamespace`;
  for (const { table, name } of references) await tx`alter table ${tx(table)} drop constraint ${tx(name)}`;
  for (const name of names) await tx`alter table ${tx(name)} disable trigger user`;
  await tx`truncate table ${tx(names)}`;
  await tx`select ensure_partitions(to_timestamp(${since}, 'YYYYMM')::timestamp at time zone 'utc', 3)`;
  return async () => {
    for (const name of names) await tx`alter table ${tx(name)} enable trigger user`;
    for (const { table, name, definition } of references) {
      await tx`alter table ${tx(table)} add constraint ${tx(name)} ${tx.unsafe(definition)}`;
    }
  };
}

export async function countRows(tx: Session, table: string): Promise<number> {
  const [row] = await tx<{ rows: string }[]>`select count(*) as rows from ${tx(table)}`;
  return Number(row?.rows);
}
