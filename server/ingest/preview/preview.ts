import { chunksOf } from "../chunks.ts";
import { batchOf, filesIn, newTally, readFrom } from "../collect.ts";
import { openLog } from "../file.ts";
import type { Tally } from "../schema.ts";
import { openFreshIds } from "./queries.ts";

/**
 * What `collectFile` would record of an audit log now, and records nothing: neither events nor how far it was read. Throws AppError `not_found` if there
 * is no such log.
 */
export async function previewFile(path: string): Promise<Tally> {
  const tally = newTally();
  const files = await filesIn(path);
  await using ids = await openFreshIds();
  for (const each of files) {
    await using file = await openLog(each, "audit");
    if (!file) continue;
    if (file.isRestarted) tally.restarted += 1;
    for await (const chunk of chunksOf(readFrom(file), false)) {
      const { events } = batchOf(chunk, { agentId: "", source: "audit" }, "file", tally);
      tally.added_events += await ids.count(events.map(({ id }) => id));
    }
  }
  return tally;
}
