import postgres from "postgres";

import { config } from "../server/config.ts";

const TIMESTAMPTZ = 1184;

/** Rows keep the columns' names, which are also the names on the wire. `numeric` and `bigint` arrive as strings, timestamps as RFC 3339 UTC strings. */
function open(url: string, pool: { max: number; max_lifetime?: null }) {
  const opened = postgres(url, {
    ...pool,
    connect_timeout: 10,
    transform: { undefined: null },
    types: {
      timestamptz: {
        to: TIMESTAMPTZ,
        from: [TIMESTAMPTZ],
        serialize: (value: string) => value,
        parse: (value: string) => new Date(value).toISOString(),
      },
    },
    // `role` drops every right that the app does not need, whoever the URL's user is.
    // No disk of today has a head to move: with Postgres's old default a statement on partitioned tables looks so dear that it is planned anew
    // for every single call. Nor is any statement of ours worth compiling: it is short, but one over all months looks dear enough to be compiled at each
    // call, where Postgres can.
    connection: { application_name: "moltbot", role: "moltbot_app", timezone: "UTC", random_page_cost: "1.1", jit: "off" },
    onnotice: () => {},
  });
  return Object.assign(opened, { begin: surviving(opened.begin.bind(opened)) });
}

/** What a transaction asks: a promise, or several, which are then asked for all at once. */
type Work = (tx: postgres.TransactionSql) => Promise<unknown> | Promise<unknown>[];

/**
 * The driver rejects a transaction whose connection is lost. But it sends what the work still asks for, and the rollback or commit, to the connection
 * that is no more, which ends the whole process, or to the next one in its place. So from then on nothing is asked, and the work does not end. Only the
 * transaction's own questions tell that it is lost: the work may fail, or not, by what befell another connection.
 */
function surviving(begin: postgres.Sql["begin"]): postgres.Sql["begin"] {
  const transaction = (...args: [Work] | [string, Work]) => {
    let isOver = false;
    const work = args.at(-1) as Work;
    const whileConnected: Work = async (tx) => {
      const asked = new Proxy(tx, {
        apply(target, self, asking: unknown[]) {
          if (isOver) throw new Error("the connection of this transaction was lost");
          const query = Reflect.apply(target, self, asking) as unknown;
          if (query instanceof Promise) hear(query, (error) => (isOver ||= isLost(error)));
          return query;
        },
      });
      const doing = work(asked);
      const [ended] = await Promise.allSettled([Array.isArray(doing) ? Promise.all(doing) : doing]);
      if (isOver) return new Promise(() => {});
      if (ended.status === "rejected") throw ended.reason;
      return ended.value;
    };
    const done = args.length === 1 ? begin(whileConnected) : begin(args[0], whileConnected);
    done.catch(() => (isOver = true));
    return done;
  };
  return transaction as postgres.Sql["begin"];
}

/** Hears of a query's error before anybody else does. To wait for the query would send it, though it may be a part of another one. */
function hear(query: object, onError: (error: unknown) => void): void {
  const failing = query as { reject: (error: unknown) => void };
  const { reject } = failing;
  failing.reject = (error) => {
    onError(error);
    reject(error);
  };
}

/** Whether Postgres ends the connection with this error of a query, or the driver says that it is lost. */
function isLost(error: unknown): boolean {
  if (error instanceof postgres.PostgresError) return error.severity === "FATAL" || error.severity === "PANIC";
  return error instanceof Error && "code" in error && LOST.has(String(error.code));
}

const LOST = new Set(["CONNECTION_CLOSED", "ECONNRESET", "EPIPE", "ETIMEDOUT"]);

const POOL = { max: 10 };
let current = config.databaseUrl ?? "postgres://127.0.0.1:1/not_connected";

/** The pool that every query runs on. Set once by `connect`, before anything queries. */
export let sql = open(current, POOL);

export type Sql = typeof sql;

/** Points `sql` at a database; `url` is a postgres:// URL whose user may take the role `moltbot_app`. */
export function connect(url: string): void {
  current = url;
  sql = open(url, POOL);
}

/**
 * Part of a statement's select list: its transaction is not waited for until it is on disk. It is there within a second, and with the next
 * transaction that is waited for; only a crash of Postgres or of its machine can lose it, whole and with all that came after it. For the
 * records of reads: an agent's next write is recorded before it is sent, and with it everything that the agent had read.
 */
export const unflushed = () => sql`set_config('synchronous_commit', 'off', true)`;

/** A session of its own, beside the pool, for what has to live in one: it is renewed when it was lost, by the next query. End it with `end`. */
export function openSession(): Sql {
  return open(current, { max: 1, max_lifetime: null });
}

/** Closes the pool; running queries get two seconds. */
export async function disconnect(): Promise<void> {
  await sql.end({ timeout: 2 });
}
