import { AppError } from "../../errors.ts";
import type { Table } from "../schema.ts";
import { OldAction, OldBlock, OldCall, OldEvent, OldOddity, OldPrompt, OldRun, TABLES } from "../schema.ts";

export type Row = Record<string, unknown>;

/** What reads one kind of database: nothing is ever written to it, and all statements see the same moment. */
export type Engine = {
  name: string;
  /** What to do where it cannot be read to its end. */
  cure: string;
  /** The names of a table's columns; none where there is no such table. A view is none: it may have no end. */
  columns: (table: Table) => Promise<string[]>;
  /** The beginning of a run's output, and its length in bytes, as `raw_output` and `raw_output_length`. */
  output: string;
  /** Runs a statement, which is made of our own names and of numbers alone. */
  all: (statement: string) => Promise<Row[]>;
  /** The same for what may be too much at once: at most so many rows at a time. */
  stream: (statement: string, most: number) => AsyncIterable<Row[]>;
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

/** Makes a source of an engine. Throws AppError `invalid` for a database that is not the predecessor's. */
export async function sourceOf({ name, cure, columns, output, all, stream, close }: Engine): Promise<Source> {
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
  const fail = (error: unknown): never => {
    throw new AppError("unavailable", `${name} cannot be read to its end (${codeOf(error)}). Nothing was taken. ${cure}`);
  };
  const read = async (statement: string) => {
    try {
      return await all(statement);
    } catch (error) {
      return fail(error);
    }
  };
  const rowsOf = async function* (statement: string, most: number) {
    try {
      yield* stream(statement, most);
    } catch (error) {
      fail(error);
    }
  };
  const moments = (table: Table) =>
    (known.get(table) ?? []).filter((column) => ["id", "timestamp", "started_at", "created_at"].includes(column));
  return {
    name,
    tables: [...known.keys()],
    count: async (table) => Number((await read(`select count(*) as n from ${table}`))[0]?.n),
    agents: async () => {
      if (!known.get("heartbeat_runs")?.includes("agent_name")) return [];
      const rows = await read("select distinct agent_name as name from heartbeat_runs");
      return rows.flatMap((row) => OldRun.shape.agent_name.parse(row.name) ?? []);
    },
    read: (table) => bounded(rowsOf(`${selectOf(table, known, output)} order by t.id`, table === "heartbeat_runs" ? 20 : 100)),
    readMoments: (table) => rowsOf(`select ${moments(table).join(", ")} from ${table} t`, BATCH),
    findCalls: async (ids) => {
      const names = (known.get("tool_calls") ?? []).filter((column) => [...moments("tool_calls"), "raw_log_line"].includes(column));
      const found: Row[] = [];
      for (let from = 0; names.length > 0 && from < ids.length; from += BATCH) {
        const some = ids.slice(from, from + BATCH).map(Number);
        found.push(...(await read(`select ${names.join(", ")} from tool_calls where id in (${some.join(", ")})`)));
      }
      return found;
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
  // Where two runs have one name, the first of them is the one that is taken.
  return `select ${own.join(", ")} from ${table} t
    left join (select run_id, min(id) as id from heartbeat_runs group by run_id) n on n.run_id = t.run_id left join heartbeat_runs r on r.id = n.id`;
}

/** Puts rows together up to what one statement should carry: a run's output may have 200 000 characters, or none. */
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

/** The code of SQLite or Postgres: their words may quote what a row holds. */
function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? "no answer";
}
