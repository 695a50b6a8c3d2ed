import { sql } from "../../db/client.ts";
import type { TranscriptLine } from "../runs/schema.ts";

/** Stores lines of a run's output, as one batch. */
export async function insertTranscript(run: { id: string; agentId: string }, lines: TranscriptLine[]): Promise<void> {
  const rows = lines.map(({ seq, stream, line }) => ({ id: Bun.randomUUIDv7(), agent_id: run.agentId, run_id: run.id, seq, stream, line }));
  await sql`insert into transcripts ${sql(rows)}`;
}

/** The last `limit` lines of a run's output, in order, and how many lines there are in all. */
export async function listTranscript(runId: string, limit: number): Promise<{ lines: TranscriptLine[]; total: number }> {
  const lines = await sql<TranscriptLine[]>`
    select seq, stream, line from (
      select seq, stream, line from transcripts where run_id = ${runId} and id >= run_floor(${runId}) order by seq desc limit ${limit}
    ) newest order by seq`;
  const [count] = await sql<
    { total: number }[]
  >`select count(*)::int as total from transcripts where run_id = ${runId} and id >= run_floor(${runId})`;
  return { lines: [...lines], total: count?.total ?? 0 };
}
