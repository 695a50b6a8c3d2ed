import { sql } from "../../db/client.ts";
import type { TranscriptLine } from "../runs/schema.ts";

/** Stores lines of a run's output, as one batch, and tells those who follow it. */
export async function insertTranscript(run: { id: string; agentId: string }, lines: TranscriptLine[]): Promise<void> {
  const rows = lines.map(({ seq, stream, line }) => ({ id: Bun.randomUUIDv7(), agent_id: run.agentId, run_id: run.id, seq, stream, line }));
  await sql`
    with stored as (insert into transcripts ${sql(rows)} returning 1)
    select pg_notify('live', ${JSON.stringify({ table: "transcripts", run_id: run.id })}) from (select count(*) from stored) s`;
}

/** Part of a statement: a run's lines. The bound on the id spares Postgres the months before the run. */
const ofRun = (runId: string) => sql`from transcripts where run_id = ${runId} and id >= run_floor(${runId})`;

/** The last `limit` lines of a run's output, in order, and how many lines there are in all. */
export async function listTranscript(runId: string, limit: number): Promise<{ lines: TranscriptLine[]; total: number }> {
  const lines = await sql<TranscriptLine[]>`
    select seq, stream, line from (select seq, stream, line ${ofRun(runId)} order by seq desc limit ${limit}) newest order by seq`;
  return { lines: [...lines], total: await countLines(runId) };
}

export async function countLines(runId: string): Promise<number> {
  const [count] = await sql<{ total: number }[]>`select count(*)::int as total ${ofRun(runId)}`;
  return count?.total ?? 0;
}

/** At most `limit` lines from the number `from` on, in order. */
export async function listLinesFrom(runId: string, from: number, limit: number): Promise<TranscriptLine[]> {
  return sql<TranscriptLine[]>`select seq, stream, line ${ofRun(runId)} and seq >= ${from} order by seq limit ${limit}`;
}

/** The first `limit` lines that hold `text`, whatever the case of its letters. */
export async function searchLines(runId: string, text: string, limit: number): Promise<TranscriptLine[]> {
  return sql<TranscriptLine[]>`
    select seq, stream, line ${ofRun(runId)} and position(lower(${text}) in lower(line)) > 0 order by seq limit ${limit}`;
}

/** The number of the first line that reports an error: of its client, or of a tool's answer. */
export async function findFirstError(runId: string): Promise<number | null> {
  const [row] = await sql<{ seq: number | null }[]>`
    select min(seq) as seq ${ofRun(runId)} and (stream = 'stderr' and line <> '' or line like '%"is_error":true%')`;
  return row?.seq ?? null;
}

const BATCH = 500;

/** All lines of a run in order, some at a time, for a file that is written while it is read: a slow reader holds no connection. */
export async function* readLines(runId: string): AsyncGenerator<TranscriptLine[]> {
  for (let next = 0; ;) {
    const lines = await listLinesFrom(runId, next, BATCH);
    if (lines.length > 0) yield lines;
    if (lines.length < BATCH) return;
    next = (lines.at(-1)?.seq ?? next) + 1;
  }
}
