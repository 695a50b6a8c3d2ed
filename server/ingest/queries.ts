import type postgres from "postgres";

import { openSession, sql, unflushed } from "../../db/client.ts";
import { digest } from "../audit/canonical.ts";
import { observedId } from "../security/queries.ts";
import type { Advance, EventKind, LoggedCall, LoggedEvent, LogSource, Position } from "./schema.ts";

/** What is known of a file: the position under its own device and inode, and those of files that begin with the same line, the furthest first. */
export async function listPositions(device: string, inode: string, head: Buffer): Promise<Position[]> {
  return sql<Position[]>`
    select device, inode, head, read_to from log_positions
    where (device = ${device} and inode = ${inode}) or head = ${head}
    order by (device = ${device} and inode = ${inode}) desc, read_to desc limit 20`;
}

/** Makes the partitions from the month of a moment on (Unix time in milliseconds). */
export async function ensurePartitionsFrom(at: number): Promise<void> {
  await sql`select ensure_partitions(${new Date(at).toISOString()}, 3)`;
}

/** `at` is RFC 3339, or null where the line's place in its file tells it from its repetition. */
type Unknown = { fingerprint: string; line: string; count: number; at: string | null };
export type Batch = { agentId: string; source: LogSource; events: LoggedEvent[]; calls: LoggedCall[]; unknown: Map<string, Unknown> };

/** How many kinds of unknown lines are kept of a source: the rest is only counted, so that a log of something else does not fill the disk. */
const MOST_UNKNOWN = 10_000;

/**
 * Takes the turn to collect from files, for this process and as long as its session lives: a killed process loses it at once. Null if another one has it.
 */
export async function takeTurn(): Promise<AsyncDisposable | null> {
  const session = openSession();
  const [turn] = await session<{ taken: boolean }[]>`select pg_try_advisory_lock(hashtext('moltbot.collect')) as taken`;
  if (turn?.taken) return { [Symbol.asyncDispose]: () => session.end({ timeout: 1 }) };
  await session.end({ timeout: 1 });
  return null;
}

/**
 * Records a batch and how far its file has thereby been read, in one transaction: all of it or nothing. What is on record already stays as it is. The
 * events, which are most of the work, are inserted while the batch `before` it is still on its way, with which it must have none in common; the rest
 * comes when that is committed. Null if that was not, or if the file does not stand any more where this batch begins: then nothing is recorded. An audit
 * record tells of a batch that added something. The transaction is not waited for until it is on disk: if it is lost, so is the position, and the lines
 * are read again.
 */
export async function recordBatch(batch: Batch, advance: Advance | null, before: Promise<unknown>): Promise<Added | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await recordAtOnce(batch, advance, before);
    } catch (error) {
      if (error instanceof Overtaken) return null;
      // Somebody else has just recorded some of the same lines: from now on they are seen.
      if (attempt === ATTEMPTS || (error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
    }
  }
}

const UNIQUE_VIOLATION = "23505";
const ATTEMPTS = 10;

async function recordAtOnce(batch: Batch, advance: Advance | null, before: Promise<unknown>): Promise<Added> {
  return sql.begin(async (transaction) => {
    // Whoever else brings the same lines may wait for us in turn, which Postgres cannot see: it waits for `before` here, and not there.
    const settings = transaction`select set_config('lock_timeout', '20s', true), ${unflushed()}`;
    // Sent together: each answer that is waited for alone is a pause of the session.
    const [, fresh] = await Promise.all([settings, leaveOutRecorded(transaction, batch.events)]);
    await insertLoggedEvents(transaction, batch.agentId, fresh);
    // One that failed tells its own caller why.
    const added = (await before.catch(() => null)) === null ? undefined : await recordRest(transaction, batch, advance, fresh.length);
    if (!added) throw new Overtaken();
    return added;
  });
}

export type Added = { events: number; calls: number };

class Overtaken extends Error {}

async function recordRest(
  transaction: postgres.TransactionSql,
  batch: Batch,
  advance: Advance | null,
  events: number,
): Promise<Added | undefined> {
  const { agentId, source, calls, unknown } = batch;
  const first = (batch.events[0] ?? calls[0])?.fingerprint ?? "";
  const last = (calls.at(-1) ?? batch.events.at(-1))?.fingerprint ?? "";
  const [added] = await transaction<Added[]>`
    with position as (${advance ? advancePosition(advance) : sql`select 1`}),
    run as (${ensureCollectedRuns(agentId, calls)} returning id, slot),
    call as (${insertLoggedCalls(agentId, calls)} returning 1),
    stranger as (${keepUnknown(source, [...unknown.values()])}),
    added as (select ${events}::int as events, (select count(*)::int from call) as calls)
    select events, calls,
      case when events + calls > 0 then append_audit(${agentId}, 'log.collected',
        format('{"added_calls":%s,"added_events":%s,"first":"%s","last":"%s","source":"%s"}', calls, events,
          ${first}::text, ${last}::text, ${source}::text)) end
    from position, added`;
  return added && { events: added.events, calls: added.calls };
}

function advancePosition({ device, inode, path, head, readTo, before }: Advance) {
  return sql`
    insert into log_positions (device, inode, path, head, read_to) values (${device}, ${inode}, ${path}, ${head}, ${readTo})
    on conflict (device, inode) do update set path = excluded.path, head = excluded.head, read_to = excluded.read_to, read_at = now()
    where log_positions.head = ${before?.head ?? null} and log_positions.read_to = ${before?.read_to ?? null}
    returning 1`;
}

/**
 * Inserts events that are not on record yet. An insert that has to be ready for conflicts writes every row in two steps, so this one fails at the first
 * instead, and is tried again. What the kind of an event says is sent once for each kind.
 */
async function insertLoggedEvents(transaction: postgres.TransactionSql, agentId: string, events: LoggedEvent[]): Promise<void> {
  if (events.length === 0) return;
  const kinds = [...new Set(events.map(({ kind }) => kind))];
  const places = events.map(({ kind }) => ({ place: kinds.indexOf(kind) + 1 }));
  const said = (name: keyof EventKind) => arrayOf(kinds, name);
  const column = (name: keyof LoggedEvent) => arrayOf(events, name);
  await transaction`
    insert into events (id, agent_id, mode, type, severity, title, detail, fingerprint, risk_score, author, source_ip, post_id)
    select e.id, ${agentId}, 'real', (select ${said("type")}::text::text[])[e.kind], (select ${said("severity")}::text::text[])[e.kind],
      (select ${said("title")}::text::text[])[e.kind], e.detail, e.fingerprint, e.risk_score, e.author, e.source_ip, e.post_id
    from unnest(${column("id")}::text::uuid[], ${arrayOf(places, "place")}::text::int[], ${column("detail")}::text::jsonb[],
      ${column("fingerprint")}::text::text[], ${column("risk_score")}::text::real[], ${column("author")}::text::text[],
      ${column("source_ip")}::text::text[], ${column("post_id")}::text::text[])
      as e (id, kind, detail, fingerprint, risk_score, author, source_ip, post_id)`;
}

/** Most logs go on where nothing is on record yet, which shows at one look. */
async function leaveOutRecorded(transaction: postgres.TransactionSql, events: LoggedEvent[]): Promise<LoggedEvent[]> {
  const fresh = new Map<string, LoggedEvent>();
  let [first = "", last = ""] = [events[0]?.id, events[0]?.id];
  for (const event of events) {
    fresh.set(event.id, event);
    if (event.id < first) first = event.id;
    if (event.id > last) last = event.id;
  }
  if (fresh.size === 0) return [];
  const [near] = await transaction`select from events where id between ${first} and ${last} limit 1`;
  const recorded = near
    ? await transaction<{ id: string }[]>`select id from events where id = any(${arrayOf(events, "id")}::text::uuid[])`
    : [];
  for (const { id } of recorded) fresh.delete(id);
  return [...fresh.values()];
}

/** Calls have a run. Those of a log have one a day, which is no heartbeat, and whose id is of the day's beginning: no call of a run is older than that. */
function ensureCollectedRuns(agentId: string, calls: LoggedCall[]) {
  const rows = calls.map(({ at }) => ({ at: new Date(at).toISOString(), day: new Date(at).toISOString().slice(0, 10) }));
  const days = [...new Set(rows.map(({ day }) => day))].map((day) => ({ day, id: observedId(new Date(day), digest({ agentId, day })) }));
  return sql`
    insert into runs (id, agent_id, mode, kind, trigger, slot, status, outcome, detail, started_at, finished_at)
    select d.id, ${agentId}, 'real', 'ad_hoc', 'import', ${SLOT} || d.day, 'succeeded', 'unknown', 'Calls that a log tells of, on this day.',
      min(c.at), max(c.at)
    from position, unnest(${arrayOf(days, "id")}::text::uuid[], ${arrayOf(days, "day")}::text::text[]) as d (id, day)
    join unnest(${arrayOf(rows, "at")}::text::timestamptz[], ${arrayOf(rows, "day")}::text::text[]) as c (at, day) on c.day = d.day
    group by d.id, d.day order by d.day
    on conflict (agent_id, slot) do update
      set started_at = least(runs.started_at, excluded.started_at), finished_at = greatest(runs.finished_at, excluded.finished_at)`;
}

const SLOT = "collected:real:";

function insertLoggedCalls(agentId: string, calls: LoggedCall[]) {
  const rows = calls.map((call) => ({
    ...call,
    is_write: String(call.is_write),
    at: new Date(call.at).toISOString(),
    sha256: Bun.CryptoHasher.hash("sha256", call.arguments, "hex"),
  }));
  const column = (name: keyof (typeof rows)[number]) => arrayOf(rows, name);
  return sql`
    insert into tool_calls (id, agent_id, run_id, mode, tool, is_write, client_name, arguments, arguments_sha256, outcome, upstream_method,
      upstream_path, upstream_status, started_at, finished_at)
    select c.id, ${agentId}, run.id, 'real', c.tool, c.is_write, 'log', c.arguments, c.sha256,
      case when c.status < 400 then 'ok' when c.status = 429 then 'rate_limited' else 'tool_error' end, c.method, c.path, c.status, c.at, c.at
    from unnest(${column("id")}::text::uuid[], ${column("at")}::text::timestamptz[], ${column("tool")}::text::text[],
      ${column("is_write")}::text::boolean[], ${column("arguments")}::text::jsonb[], ${column("sha256")}::text::text[],
      ${column("method")}::text::text[], ${column("path")}::text::text[], ${column("status")}::text::int[])
      as c (id, at, tool, is_write, arguments, sha256, method, path, status)
    join run on run.slot = ${SLOT} || to_char(c.at at time zone 'utc', 'YYYY-MM-DD')
    on conflict do nothing`;
}

/** A line that names its moment counts once, also where it is read again; of others the position of their file sees to that. */
function keepUnknown(source: LogSource, unknown: Unknown[]) {
  const rows = unknown.map((line) => ({ ...line, count: String(line.count) }));
  return sql`
    insert into log_lines_unknown (fingerprint, source, line, count, last_at)
    select decode(u.fingerprint, 'hex'), ${source}, min(u.line), sum(u.count), max(u.at)
    from position, unnest(${arrayOf(rows, "fingerprint")}::text::text[], ${arrayOf(rows, "line")}::text::text[],
      ${arrayOf(rows, "count")}::text::bigint[], ${arrayOf(rows, "at")}::text::timestamptz[]) as u (fingerprint, line, count, at)
    left join log_lines_unknown k on k.fingerprint = decode(u.fingerprint, 'hex')
    where (k.last_at >= u.at) is not true
      and (k.fingerprint is not null or (select count(*) from log_lines_unknown o where o.source = ${source}) < ${MOST_UNKNOWN})
    group by u.fingerprint order by u.fingerprint
    on conflict (fingerprint) do update
      set count = log_lines_unknown.count + excluded.count, last_at = greatest(log_lines_unknown.last_at, excluded.last_at)`;
}

/** A column of rows as the text of a Postgres array (manual, 8.15.2): in one piece, which the driver would make element by element. */
function arrayOf<Row>(rows: Row[], name: keyof Row): string {
  const texts: string[] = [];
  for (const row of rows) {
    const value = row[name];
    texts.push(value === null ? "null" : quoted(String(value)));
  }
  return `{${texts.join(",")}}`;
}

/** JSON quotes as an array does, but for what it has escapes of its own for; and it is the fastest to quote. */
function quoted(value: string): string {
  return CONTROL.test(value) ? `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"` : JSON.stringify(value);
}

// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f]/;
