import { constants, Database } from "bun:sqlite";
import { existsSync, realpathSync, statSync } from "node:fs";

import { AppError } from "../../../errors.ts";
import { OUTPUT_MAX } from "../../schema.ts";
import type { Row, Source } from "../queries.ts";
import { sourceOf } from "../queries.ts";

/** Opens an SQLite file of the predecessor's, with the log beside it if there is one. Throws AppError with the cure. */
export async function openSqlite(path: string): Promise<Source> {
  if (!existsSync(path)) throw new AppError("not_found", `There is no file ${path}.`);
  // SQLite waits for ever for what is no file, and its log lies beside the file, not beside a link to it.
  const file = realpathSync(path);
  if (!statSync(file).isFile()) throw new AppError("invalid", `${path} is no file.`);
  const database = openFile(path, file);
  const columns = database.query<{ name: string }, [string]>(`
    select c.name from pragma_table_list t, pragma_table_xinfo(t.name) c
    where t.schema = 'main' and t.type = 'table' and t.name = ? and c.hidden <> 1`);
  return sourceOf({
    name: path,
    cure: `Check the file (sqlite3 ${path} 'pragma integrity_check') and import again.`,
    columns: (table) => Promise.resolve(columns.all(table).map(({ name }) => name)),
    output: outputOf(database),
    all: (statement) => {
      using prepared = database.prepare<Row, []>(statement);
      return Promise.resolve(prepared.all());
    },
    async *stream(statement) {
      using prepared = database.prepare<Row, []>(statement);
      for (const row of prepared.iterate()) yield [row];
    },
    close: () => Promise.resolve(database.close()),
  });
}

/** In a folder that cannot be written SQLite cannot read along with a writer; a file without a log has none. */
function openFile(path: string, file: string): Database {
  try {
    return snapshot(new Database(file, { readonly: true }));
  } catch (error) {
    const { code = "" } = error as { code?: string };
    if (code === "SQLITE_NOTADB") throw new AppError("invalid", `${path} is no SQLite database.`);
    if (code.startsWith("SQLITE_BUSY"))
      throw new AppError("conflict", `Another program is writing to ${path}. Stop the old Moltbot, and import again.`);
    const log = ["-wal", "-journal"].find((ending) => existsSync(file + ending));
    if (log === "-wal") {
      const cure = `Copy it together with ${file}-wal to a folder that can be written, and name the copy.`;
      throw new AppError("invalid", `${path} cannot be read where it is (${code}). ${cure}`);
    }
    if (log) {
      const cure = `Let SQLite mend it: sqlite3 ${path} .tables; and import again.`;
      throw new AppError("invalid", `${path} was left in the middle of a write (${code}). ${cure}`);
    }
  }
  try {
    const address = `${Bun.pathToFileURL(file).href}?immutable=1`;
    return snapshot(new Database(address, constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI));
  } catch (error) {
    throw new AppError("invalid", `${path} cannot be read (${(error as { code?: string }).code}). Check its permissions.`);
  }
}

/** The first read of a transaction is what fails, and what fixes the moment that is seen. What a file says of functions is not believed. */
function snapshot(database: Database): Database {
  try {
    database.run("pragma trusted_schema = off; pragma cell_size_check = on; pragma busy_timeout = 5000");
    database.run("begin");
    database.query("select count(*) from sqlite_master").get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** As bytes, for as a text it would end at the first NUL; but the bytes of a database in UTF-16 would be read as UTF-8. */
function outputOf(database: Database): string {
  const encoding = database.query<{ encoding: string }, []>("pragma encoding").get()?.encoding;
  if (encoding !== "UTF-8") return `substr(t.raw_output, 1, ${OUTPUT_MAX}) as raw_output, null as raw_output_length`;
  return `substr(cast(t.raw_output as blob), 1, ${4 * OUTPUT_MAX}) as raw_output, length(cast(t.raw_output as blob)) as raw_output_length`;
}
