import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

import type postgres from "postgres";

/**
 * Copies rows, in the text format of COPY, into a table; ends when Postgres has taken all of them. Throws what Postgres says, whenever it says so, and
 * when the connection is lost.
 */
export async function copyInto(
  tx: postgres.TransactionSql,
  table: string,
  columns: string[],
  pieces: Iterable<string> | AsyncIterable<Buffer>,
): Promise<void> {
  const copy = tx`copy ${tx(table)} (${tx(columns)}) from stdin`;
  const stream: Writable = await copy.writable();
  // The driver has answered with the stream, and tells it of no failure that comes once all is sent: it rejects the query, to which nobody listens any more.
  const failed = new Promise<never>((_, reject) => Object.assign(copy, { reject }));
  await Promise.race([pipeline(pieces, stream), failed]);
}
