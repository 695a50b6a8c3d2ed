import { sql } from "../../db/client.ts";
import { actionColumns } from "../actions/queries.ts";
import type { Action } from "../actions/schema.ts";
import type { RawRecord } from "../audit/queries.ts";
import { callColumns, exposureColumns } from "../calls/queries.ts";
import { eventColumns } from "../security/queries.ts";
import type { EventDetail } from "../security/schema.ts";
import type { CallLine, ExposureLine, Head, PromptLine } from "./schema.ts";

/**
 * A run's record as it was at one moment: what has an id below `until`, and of the chain what is not behind `head`. `first` to `last` are the
 * chain's numbers while the run went on, with an hour on either side, since clocks differ. `dropped` are partitions of its months that were dropped,
 * also where they were made again since.
 */
export type Extent = {
  run_id: string;
  agent_id: string;
  prompt: PromptLine | null;
  until: string;
  head: Head;
  first: number;
  last: number;
  dropped: string[];
};

/** The extent of a run's record. The chain's end is read first: what it tells of has its rows by then. */
export async function getExtent(run: { id: string; agent_id: string }): Promise<Extent> {
  const [head] = await sql<
    NonNullable<Head>[]
  >`select seq::float8 as seq, encode(hash, 'hex') as hash, at from audit_log order by seq desc limit 1`;
  const until = Bun.randomUUIDv7();
  const [found] = await sql<Omit<Extent, "run_id" | "agent_id" | "until" | "head">[]>`
    with run as (
      select id, prompt_version_id, uuid_time(run_floor(id)) as began, greatest(coalesce(finished_at, created_at),
        (select uuid_time(e.id) from events e where e.run_id = r.id and e.id >= run_floor(r.id) order by e.id desc limit 1)) + interval '1 hour' as ended
      from runs r where id = ${run.id}
    )
    select
      (select json_build_object('id', p.id, 'number', p.number, 'sha256', p.sha256) from prompt_versions p where p.id = run.prompt_version_id) as prompt,
      coalesce((select seq from audit_log where at >= began order by at, seq limit 1), ${(head?.seq ?? 0) + 1})::float8 as first,
      least(coalesce((select seq from audit_log where at <= ended order by at desc, seq desc limit 1), 0), ${head?.seq ?? 0})::float8 as last,
      array(select partition from
        generate_series(date_trunc('month', began at time zone 'utc'), ended at time zone 'utc', interval '1 month') month,
        unnest(array['tool_calls', 'exposures', 'events']) class, concat(class, '_', to_char(month, 'YYYYMM')) partition
        where exists (select from audit_log where ${isOfDrop(sql`partition`)} and seq <= ${head?.seq ?? 0})) as dropped
    from run`;
  if (!found) throw new Error("the run is gone");
  return { run_id: run.id, agent_id: run.agent_id, until, head: head ?? null, ...found };
}

type Part = ReturnType<typeof sql>;

/** Part of a statement: whether a record tells that a partition was dropped. */
const isOfDrop = (partition: Part) => sql`kind = 'retention.dropped' and strpos(body, concat('"partition":"', ${partition}, '"')) > 0`;

/** Rows that are read at once, few enough that long ones cost little memory. */
const ROWS = 50;

/** A part of a run's record in order, some rows at a time: a slow reader holds no connection. `rows` selects from the row after an id. */
async function* partOf<Row extends { id: string }>(select: (after: string) => Part): AsyncGenerator<Row[]> {
  for (let after = "00000000-0000-0000-0000-000000000000"; ;) {
    const rows = await sql<Row[]>`${select(after)} limit ${ROWS}`;
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS) return;
    after = rows.at(-1)?.id ?? after;
  }
}

/** The calls of a run, in order; what they answered only if it is asked for, since it holds the texts. */
export function streamCalls({ run_id: run, until }: Extent, withTexts: boolean): AsyncGenerator<CallLine[]> {
  return partOf(
    (after) => sql`
    select ${callColumns()}, ${withTexts ? sql`result` : sql`null as result`} from tool_calls where run_id = ${run} and id >= run_floor(${run}) and id > ${after} and id < ${until} order by id`,
  );
}

/** What a run brought its agent, in order; the texts as they came only if they are asked for. */
export function streamExposures({ run_id: run, until }: Extent, withTexts: boolean): AsyncGenerator<ExposureLine[]> {
  const text = withTexts
    ? sql`(select i.text from filter_inputs i where i.agent_id = e.agent_id and i.content_hash = e.content_hash)`
    : sql`null`;
  return partOf(
    (after) => sql`
    select ${exposureColumns()}, ${text} as text from exposures e
    where run_id = ${run} and id >= run_floor(${run}) and id > ${after} and id < ${until} order by id`,
  );
}

/** What was done in a run, in order. */
export function streamActions({ run_id: run, until }: Extent): AsyncGenerator<Action[]> {
  return partOf(
    (after) => sql`select ${actionColumns()} from actions where run_id = ${run} and id > ${after} and id < ${until} order by id`,
  );
}

/** The security events of a run, in order. */
export function streamEvents({ run_id: run, until }: Extent): AsyncGenerator<EventDetail[]> {
  return partOf(
    (after) => sql`
    select ${eventColumns()}, e.detail, e.fingerprint from events e
    where e.run_id = ${run} and e.id >= run_floor(${run}) and e.id > ${after} and e.id < ${until} order by e.id`,
  );
}

/**
 * Records of the chain among which those about a run are, in order: how its prompt came to be, all of its agent while it went on, and what names it
 * later; and everywhere what was dropped of its months. The body is looked through as text, since somebody may have made it into something that is no
 * JSON.
 */
export async function* streamRecords(extent: Extent): AsyncGenerator<RawRecord[]> {
  const { run_id: run, agent_id: agent, prompt, first, last, head, dropped } = extent;
  const end = head?.seq ?? 0;
  const orDrop =
    dropped.length > 0 ? sql`or exists (select from unnest(${dropped}::text[]) partition where ${isOfDrop(sql`partition`)})` : sql``;
  yield* recordsOf(
    0,
    sql`
    seq < ${first} and seq <= ${end} and (agent_id = ${agent} and kind in ('prompt.created', 'prompt.activated')
      and strpos(body, ${`"version_id":"${prompt?.id ?? "none"}"`}) > 0 ${orDrop})`,
  );
  yield* recordsOf(first - 1, sql`seq <= ${last} and (agent_id = ${agent} ${orDrop})`);
  yield* recordsOf(
    Math.max(first - 1, last),
    sql`
    seq <= ${end} and (agent_id = ${agent} and kind in ('claims.checked', 'run.recorded', 'actions.recorded')
      and strpos(body, ${`"run_id":"${run}"`}) > 0 ${orDrop})`,
  );
}

async function* recordsOf(after: number, condition: Part): AsyncGenerator<RawRecord[]> {
  for (let seen: number | string = after; ;) {
    const rows: RawRecord[] = await sql<RawRecord[]>`
      select seq, at, agent_id, kind, body, prev_hash, hash from audit_log where seq > ${seen} and ${condition} order by seq limit 500`;
    if (rows.length > 0) yield rows;
    if (rows.length < 500) return;
    seen = rows.at(-1)?.seq ?? seen;
  }
}
