import postgres from "postgres";

import { AppError } from "../../../errors.ts";
import type { Table } from "../../schema.ts";
import { OUTPUT_MAX } from "../../schema.ts";
import type { Row, Source } from "../queries.ts";
import { sourceOf } from "../queries.ts";

/** Opens a Postgres database of the predecessor's, by its postgres:// URL, in a transaction that cannot write. Throws AppError with the cure. */
export async function openPostgres(url: string): Promise<Source> {
  const raw = { to: 25, from: [1082, 1114, 1184], serialize: String, parse: String };
  const sql = postgres(url, {
    max: 1,
    max_lifetime: null,
    connect_timeout: 10,
    types: { raw },
    // A row that its user may not see is an error, instead of left out.
    connection: { application_name: "moltbot import", default_transaction_read_only: true, row_security: "off", timezone: "UTC" },
    onnotice: () => {},
  });
  let cursors = 0;
  const columns = async (table: Table) => {
    const found = await sql<{ name: string }[]>`
      select attname as name from pg_attribute join pg_class c on c.oid = attrelid
      where attrelid = to_regclass(${table}) and c.relkind in ('r', 'p') and attnum > 0 and not attisdropped`;
    return found.map(({ name }) => name);
  };
  try {
    await sql`begin isolation level repeatable read read only`;
    // Limits for those who ask little at a time.
    await sql`select set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)`;
    return await sourceOf({
      name: nameOf(url),
      cure: "Check that its server runs, and that the user may read all of its tables.",
      output: `substr(t.raw_output, 1, ${OUTPUT_MAX}) as raw_output, octet_length(t.raw_output) as raw_output_length`,
      columns,
      all: (statement) => sql.unsafe<Row[]>(statement),
      // A cursor of SQL's own: the driver's would keep every other statement waiting.
      async *stream(statement, most) {
        const cursor = `rows_${(cursors += 1)}`;
        await sql.unsafe(`declare ${cursor} no scroll cursor for ${statement}`);
        for (;;) {
          const rows = await sql.unsafe<Row[]>(`fetch ${most} from ${cursor}`);
          if (rows.length === 0) break;
          yield rows;
        }
        await sql.unsafe(`close ${cursor}`);
      },
      close: () => sql.end({ timeout: 1 }),
    });
  } catch (error) {
    await sql.end({ timeout: 1 });
    if (error instanceof AppError) throw error;
    const reason = (error as { code?: string }).code ?? "no answer";
    throw new AppError(
      "unavailable",
      `The old database cannot be used (${reason}). Check that it runs, and its address, user and password.`,
    );
  }
}

function nameOf(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname;
}
