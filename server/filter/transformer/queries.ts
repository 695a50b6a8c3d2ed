import { sql } from "../../../db/client.ts";

/** What a model, in a version, has said of texts before: scores by content hash. */
export async function listOpinions(version: string, hashes: string[]): Promise<Map<string, number>> {
  const rows = await sql<{ content_hash: string; score: number }[]>`
    select content_hash, score from filter_opinions where version = ${version} and content_hash = any(${hashes})`;
  return new Map(rows.map(({ content_hash, score }) => [content_hash, score]));
}

/** Keeps what a model has said of texts. What another process has kept in the meantime stays. */
export async function insertOpinions(version: string, scores: Map<string, number>): Promise<void> {
  const hashes = [...scores.keys()].toSorted();
  await sql`
    insert into filter_opinions (version, content_hash, score)
    select ${version}, hash, score
    from unnest(${hashes}::text[], ${hashes.map((hash) => scores.get(hash) ?? 0)}::real[]) as opinion (hash, score)
    on conflict do nothing`;
}

/** Forgets what was said more than 30 days ago. */
export async function deleteOldOpinions(): Promise<number> {
  const rows = await sql`delete from filter_opinions where created_at < now() - interval '30 days'`;
  return rows.count;
}
