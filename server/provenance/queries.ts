import { sql } from "../../db/client.ts";
import type { CallExposure } from "../calls/schema.ts";

/** A text that came to a run, in the order in which texts came; `text` is its beginning, null where it is not kept. */
export type Reading = Pick<CallExposure, "id" | "call_id" | "seq" | "kind" | "item_id" | "author" | "field" | "band"> & {
  delivered: boolean;
  text: string | null;
};

/** The first 2,000 texts of a run. */
export async function listReadings(runId: string): Promise<Reading[]> {
  return sql<Reading[]>`
    select e.id, e.call_id, e.seq, e.kind, e.item_id, e.author, e.field, e.band, e.delivered, left(i.text, 4000) as text
    from exposures e left join filter_inputs i on i.agent_id = e.agent_id and i.content_hash = e.content_hash
    where e.run_id = ${runId} and e.id >= run_floor(${runId}) order by e.id limit 2000`;
}
