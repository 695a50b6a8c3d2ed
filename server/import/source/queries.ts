import { constants, Database } from "bun:sqlite";
import { existsSync } from "node:fs";

import postgres from "postgres";

import { AppError } from "../../errors.ts";
import type { Table } from "../schema.ts";
import { OldAction, OldBlock, OldCall, OldEvent, OldOddity, OldPrompt, OldRun, OUTPUT_MAX, TABLES } from "../schema.ts";

type Row = Record<string, unknown>;

/** What reads one kind of database: nothing is ever written to it, and all statements see the same moment. */
type Engine = {
  name: string;
  /** The names of a table's columns; none where there is no such table. */
  columns: (table: Table) => Promise<string[]>;
  /** The beginning of a run's output, and its length in bytes, as `raw_output` and `raw_output_length`. */
  output: string;
  /** Runs a statement, which is made of our own names and of numbers alone. */
  all: (statement: string) => Promise<Row[]>;
  close: () => Promise<void>;
};

/** A database of the predecessor's. */
export type Source = {
  name: string;
  tables: Table[];
  count: (table: Table) => Promise<number>;
  /** Every name of an agent in the runs. */
  agents: () => Promise<string[]>;
  /** A table's rows in the order of their ids, in batches of at most 1000 rows and about 4 MB; columns that it lacks are left out. */
  read: (table: Table) => AsyncIterable<Row[]>;
  /** The same with the columns alone that hold moments. */
  readMoments: (table: Table) => AsyncIterable<Row[]>;
  /** Of the calls with these ids what makes their ids here. */
  findCalls: (ids: number[]) => Promise<Row[]>;
  close: () => Promise<void>;
};

const COLUMNS = {
  heartbeat_prompts: Object.keys(OldPrompt.shape),
  heartbeat_runs: Object.keys(OldRun.shape).filter((name) => name !== "raw_output_length"),
  heartbeat_actions: Object.keys(OldAction.shape).filter((name) => !/^(?:of_run$|run_(?!id))/.test(name)),
  security_events: Object.keys(OldEvent.shape),
  tool_calls: Object.keys(OldCall.shape),
  behavior_oddities: Object.keys(OldOddity.shape),
  blocked_authors: Object.keys(OldBlock.shape),
} satisfies Record<Table, string[]>;

/** Without these a table is another program's: other schemas have tables of calls and of blocked authors too. */
const TELLING = {
  heartbeat_prompts: ["id", "prompt_text"],
  heartbeat_runs: ["id", "run_id", "started_at"],
  heartbeat_actions: ["id", "run_id", "action_type"],
  security_events: ["id", "event_type", "timestamp"],
  tool_calls: ["id", "tool_name", "timestamp"],
  behavior_oddities: ["id", "oddity_type"],
  blocked_authors: ["id", "author_name"],
} satisfies Record<Table, string[]>;

const BATCH = 1000;
const BATCH_SIZE = 4_000_000;

/** Opens an SQLite file of the predecessor's, with the log beside it if there is one. Throws AppError `invalid` with the cure. */
export async function openSqlite(path: string): Promise<Source> {
  if (!existsSync(path)) throw new AppError("not_found", `There is no file ${path}.`);
  const database = openFile(path);
  const columns = (table: Table) => database.query<{ name: string }, [string]>("select name from pragma_table_info(?)").all(table);
  return sourceOf({
    name: path,
    columns: (table) => Promise.resolve(columns(table).map(({ name }) => name)),
    // As bytes: as a text it would end at the first NUL.
    output: `substr(cast(t.raw_output as blob), 1, ${4 * OUTPUT_MAX}) as raw_output, length(cast(t.raw_output as blob)) as raw_output_length`,
    all: (statement) => {
      using prepared = database.prepare<Row, []>(statement);
      return Promise.resolve(prepared.all());
    },
    close: () => {
      database.run("rollback");
      return Promise.resolve(database.close());
    },
  });
}

/** In a folder that cannot be written SQLite cannot read along with a writer; a file without a log has none. */
function openFile(path: string): Database {
  try {
    return snapshot(new Database(path, { readonly: true }));
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "SQLITE_NOTADB") throw new AppError("invalid", `${path} is no SQLite database.`);
    if (existsSync(`${path}-wal`)) {
      const cure = `Copy it together with ${path}-wal to a folder that can be written, and name the copy.`;
      throw new AppError("invalid", `${path} cannot be read where it is (${code}). ${cure}`);
    }
  }
  try {
    const address = `${Bun.pathToFileURL(path).href}?immutable=1`;
    return snapshot(new Database(address, constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI));
  } catch (error) {
    throw new AppError("invalid", `${path} cannot be read (${(error as { code?: string }).code}). Check its permissions.`);
  }
}

/** The first read of a transaction is what fails, and what fixes the moment that is seen. */
function snapshot(database: Database): Database {
  try {
    database.run("begin");
    database.query("select count(*) from sqlite_master").get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens a Postgres database of the predecessor's, by its postgres:// URL, in a transaction that cannot write. Throws AppError with the cure. */
export async function openPostgres(url: string): Promise<Source> {
  const raw = { to: 25, from: [1082, 1114, 1184], serialize: String, parse: String };
  const sql = postgres(url, {
    max: 1,
    max_lifetime: null,
    connect_timeout: 10,
    types: { raw },
    connection: { application_name: "moltbot import", default_transaction_read_only: true, timezone: "UTC" },
    onnotice: () => {},
  });
  const columns = async (table: Table) => {
    const found = await sql<{ name: string }[]>`
      select attname as name from pg_attribute where attrelid = to_regclass(${table}) and attnum > 0 and not attisdropped`;
    return found.map(({ name }) => name);
  };
  try {
    await sql`begin isolation level repeatable read read only`;
    return await sourceOf({
      name: nameOf(url),
      output: `substr(t.raw_output, 1, ${OUTPUT_MAX}) as raw_output, octet_length(t.raw_output) as raw_output_length`,
      columns,
      all: (statement) => sql.unsafe<Row[]>(statement),
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

async function sourceOf({ name, columns, output, all, close }: Engine): Promise<Source> {
  const known = new Map<Table, string[]>();
  for (const table of TABLES) {
    const found = await columns(table);
    if (TELLING[table].every((column) => found.includes(column)))
      known.set(
        table,
        COLUMNS[table].filter((column) => found.includes(column)),
      );
  }
  if (known.size === 0) {
    await close();
    throw new AppError("invalid", `${name} holds none of the tables ${TABLES.join(", ")}.`);
  }
  /** By id: a row that is read twice or not at all would need an id that changes. */
  const pages = async function* (statement: string, limit: number) {
    for (let last: unknown = Number.MIN_SAFE_INTEGER; last !== undefined;) {
      const rows = await all(`${statement} where t.id > ${Number(last)} order by t.id limit ${limit}`);
      if (rows.length > 0) yield rows;
      const next = rows.length < limit ? undefined : rows.at(-1)?.id;
      // A text is greater than any number in SQLite, and would be read for ever.
      if (next !== undefined && !(Number(next) > Number(last)))
        throw new AppError("invalid", `${name} has a table whose ids are no numbers.`);
      last = next;
    }
  };
  const moments = (table: Table) =>
    (known.get(table) ?? []).filter((column) => ["id", "timestamp", "started_at", "created_at"].includes(column));
  return {
    name,
    tables: [...known.keys()],
    count: async (table) => Number((await all(`select count(*) as n from ${table}`))[0]?.n),
    agents: async () =>
      known.get("heartbeat_runs")?.includes("agent_name")
        ? (await all("select distinct agent_name as name from heartbeat_runs where agent_name is not null")).map((row) => String(row.name))
        : [],
    read: (table) => bounded(pages(selectOf(table, known, output), table === "heartbeat_runs" ? 20 : BATCH)),
    readMoments: (table) => pages(`select ${moments(table).join(", ")} from ${table} t`, 10 * BATCH),
    findCalls: async (ids) => {
      const names = (known.get("tool_calls") ?? []).filter((column) => [...moments("tool_calls"), "raw_log_line"].includes(column));
      return names.length > 0 && ids.length > 0
        ? all(`select ${names.join(", ")} from tool_calls where id in (${ids.map(Number).join(", ")})`)
        : [];
    },
    close,
  };
}

/** What is read of a table: an action with what tells its run, a run with the beginning of its output. */
function selectOf(table: Table, known: Map<Table, string[]>, output: string): string {
  const own = (known.get(table) ?? []).map((column) => (column === "raw_output" ? output : `t.${column}`));
  const ofRun = (known.get("heartbeat_runs") ?? []).filter((column) => ["started_at", "created_at", "agent_name"].includes(column));
  if (table !== "heartbeat_actions" || ofRun.length === 0) return `select ${own.join(", ")} from ${table} t`;
  own.push("r.run_id as of_run", ...ofRun.map((column) => `r.${column} as run_${column}`));
  return `select ${own.join(", ")} from ${table} t left join heartbeat_runs r on r.run_id = t.run_id`;
}

/** Puts pages together up to what one statement should carry: a run's output may have 200 000 characters, or none. */
async function* bounded(pages: AsyncIterable<Row[]>): AsyncIterable<Row[]> {
  let pending: Row[] = [];
  let size = 0;
  for await (const rows of pages) {
    for (const row of rows) {
      pending.push(row);
      for (const value of Object.values(row)) size += typeof value === "string" || value instanceof Uint8Array ? value.length : 8;
      if (pending.length < BATCH && size < BATCH_SIZE) continue;
      yield pending;
      pending = [];
      size = 0;
    }
  }
  if (pending.length > 0) yield pending;
}
