import { Database } from "bun:sqlite";

import type postgres from "postgres";

type Value = string | number | boolean | null;
type Row = Record<string, Value>;

/** A database with the predecessor's schema, to be imported: filled and questioned in the same words, whichever kind it is. */
export type OldBase = { all(statement: string): Promise<Record<string, unknown>[]>; insert(table: string, rows: Row[]): Promise<void> };

/** The seven tables; SQLite and Postgres differ in three words. */
const ddl = (serial: string, boolean: string, now: string) => `
  create table heartbeat_prompts (id ${serial}, version integer not null, prompt_text text not null, change_summary text,
    author text not null default 'system', is_active ${boolean} not null default false, created_at ${now});
  create table heartbeat_runs (id ${serial}, run_id text unique not null, started_at text not null, finished_at text, duration_seconds real,
    exit_code integer, status text not null default 'running', agent_name text not null, script_variant text, run_number integer, raw_output text,
    summary text, error_message text, prompt_version_id integer references heartbeat_prompts (id), created_at ${now});
  create table heartbeat_actions (id ${serial}, run_id text not null references heartbeat_runs (run_id), action_type text not null, target_id text,
    target_title text, target_author text, detail text, succeeded ${boolean} not null default true, created_at ${now});
  create table security_events (id ${serial}, event_type text not null, timestamp text not null, source_ip text, post_id text, author_name text,
    submolt_name text, risk_score real, flags text, fields_affected text, target_path text, raw_log_line text unique, created_at ${now});
  create table tool_calls (id ${serial}, timestamp text not null, tool_name text, target_id text, target_type text, direction text, http_method text,
    http_url text, http_status integer, raw_log_line text unique, created_at ${now});
  create table behavior_oddities (id ${serial}, oddity_type text not null, description text, severity text not null default 'info',
    related_tool_call_ids text, detected_at text not null, created_at ${now});
  create table blocked_authors (id ${serial}, author_name text unique not null, blocked_at ${now}, reason text, flag_count integer not null default 0,
    unblocked_at ${now.split(" ", 1)[0]}, is_active ${boolean} not null default true, created_at ${now})`;

/** Makes the tables in an SQLite file. */
export function sqliteBase(path: string): OldBase & { database: Database } {
  const database = new Database(path, { create: true });
  database.run(ddl("integer primary key autoincrement", "integer", "text default (datetime('now'))"));
  const insert = (table: string, rows: Row[]) => {
    const add = (row: Row) => {
      const names = Object.keys(row);
      database.query(`insert into ${table} (${names.join(", ")}) values (${names.map(() => "?").join(", ")})`).run(...Object.values(row));
    };
    database.transaction(() => rows.forEach(add))();
    return Promise.resolve();
  };
  return { database, insert, all: (statement) => Promise.resolve(database.query<Record<string, unknown>, []>(statement).all()) };
}

/** Makes the tables in an empty Postgres database. */
export async function postgresBase(sql: postgres.Sql): Promise<OldBase> {
  await sql.unsafe(ddl("serial primary key", "boolean", "timestamptz default now()"));
  const insert = async (table: string, rows: Row[]) => {
    for (let from = 0; from < rows.length; from += 1000) await sql`insert into ${sql(table)} ${sql(rows.slice(from, from + 1000))}`;
  };
  return { insert, all: (statement) => sql.unsafe(statement) };
}

const START = Date.UTC(2026, 1, 8, 10);
const TYPES = [
  "browsed",
  "upvoted",
  "upvoted",
  "commented",
  "posted",
  "subscribed",
  "welcomed",
  "checked_status",
  "checked_submolts",
  "registered",
];
const EVENTS = ["injection_attempt", "suspicious_pattern", "suspicious_pattern", "unauthorized_access", "api_error"];
const TOOLS = ["browse_feed", "get_post", "vote", "comment", "list_submolts"];

/** Shapes in which the old scripts wrote one moment. */
const SHAPES: ((at: Date) => string)[] = [
  (at) => at.toISOString(),
  (at) => at.toISOString().replace("Z", "+00:00"),
  (at) => at.toISOString().slice(0, 19),
  (at) => at.toISOString().slice(0, 19).replace("T", " "),
  (at) => String(at.getTime() / 1000),
  (at) => at.toUTCString(),
];

/** `runs` runs over about nine months, with three actions, two events and four calls each, and all that refers to them; always the same. */
export async function fillBase(base: OldBase, runs: number, agent = "CelticXfer"): Promise<void> {
  const step = (9 * 30 * 86_400_000) / runs;
  const at = (n: number, shape = 0) => (SHAPES[shape % SHAPES.length] ?? String)(new Date(START + Math.floor(n * step)));
  const fill = async (table: string, count: number, columns: string, row: (n: number) => Value[]) => {
    const names = columns.split(" ");
    for (let from = 0; from < count; from += 10_000) {
      const values = Array.from({ length: Math.min(10_000, count - from) }, (_, n) => row(from + n));
      await base.insert(
        table,
        values.map((each) => Object.fromEntries(names.map((name, index) => [name, each[index] ?? null]))),
      );
    }
  };
  const texts = ["I am curious.", "I am curious, and kind.", "I am curious.", "I am kind."];
  await fill("heartbeat_prompts", texts.length, "version prompt_text change_summary author is_active created_at", (n) => {
    return [n + 1, texts[n] ?? "", n === 0 ? null : `Change ${n}`, "system", n === texts.length - 1, at((n * runs) / 8)];
  });
  const run =
    `run_id started_at finished_at duration_seconds exit_code status agent_name script_variant run_number raw_output summary error_message
    prompt_version_id created_at`.replaceAll(/\s+/g, " ");
  await fill("heartbeat_runs", runs, run, (n) => {
    const status = n % 50 === 49 ? "running" : n % 7 === 6 ? "failed" : "completed";
    const seconds = status === "running" ? null : 20 + (n % 97) / 4;
    const end = seconds === null ? null : at(n + (seconds * 1000) / step);
    const code = status === "running" ? null : Number(status === "failed");
    const said = [`Browsed the hot feed.\nUpvoted ${n} posts.\n`, `Heartbeat ${n}`, status === "failed" ? "Credit balance too low" : null];
    return [`${agent}-${n}`, at(n, n), end, seconds, code, status, agent, "run_today", n, ...said, 1 + (n % 4), at(n)];
  });
  const action = "run_id action_type target_id target_title target_author detail succeeded created_at";
  await fill("heartbeat_actions", runs * 3, action, (n) => {
    const id = `${agent}-${Math.floor(n / 3)}`;
    return [id, TYPES[n % TYPES.length] ?? "", `post-${n}`, `Title ${n}`, `molty_${n % 13}`, "memory", n % 41 !== 40, at(n / 3)];
  });
  const event = "event_type timestamp source_ip post_id author_name submolt_name risk_score flags fields_affected raw_log_line created_at";
  await fill("security_events", runs * 2, event, (n) => {
    const type = EVENTS[n % EVENTS.length] ?? "";
    const [ip, author] =
      type === "unauthorized_access" ? ["172.18.0.1", null] : type === "api_error" ? [null, null] : [null, `author_${(n * n) % 31}`];
    const score = type === "injection_attempt" ? (n % 100) / 100 : null;
    return [
      type,
      at(n / 2, n),
      ip,
      `post-${n}`,
      author,
      "general",
      score,
      '["prompt_injection_detected"]',
      '["content"]',
      `${agent} line ${n}`,
      at(n / 2),
    ];
  });
  const call = "timestamp tool_name target_id target_type direction http_method http_url http_status raw_log_line created_at";
  await fill("tool_calls", runs * 4, call, (n) => {
    const url = `https://www.moltbook.com/api/v1/posts/post-${n}?x=1`;
    const [method, code] = [n % 5 > 1 ? "POST" : "GET", n % 60 === 59 ? 500 : 200];
    return [at(n / 4, 2), TOOLS[n % TOOLS.length] ?? "", `post-${n}`, "post", null, method, url, code, `${agent} call ${n}`, at(n / 4)];
  });
  const oddity = "oddity_type description severity related_tool_call_ids detected_at created_at";
  await fill("behavior_oddities", Math.ceil(runs / 10), oddity, (n) => {
    const type = n % 2 ? "failed_api_call" : "duplicate_vote";
    return [type, `Call ${n}`, ["warning", "critical", "info"][n % 3] ?? "", `${n + 1},${n + 2}`, at(n * 10), at(n * 10)];
  });
  await fill("blocked_authors", 6, "author_name blocked_at reason flag_count unblocked_at is_active created_at", (n) => {
    return [`author_${n}`, at(n), n ? "Flagged" : null, n, n === 5 ? at(n + 1) : null, n !== 5, at(n)];
  });
}

/** What the predecessor's own statements say of a base, under the names that its API had. */
export async function totalsOf(base: OldBase): Promise<{ stats: Record<string, unknown>; security: Record<string, unknown> }> {
  const one = async (statement: string) => (await base.all(statement))[0] ?? {};
  const actions = "upvoted upvotes commented comments posted posts subscribed subscriptions".split(" ");
  const sums = [0, 2, 4, 6].map((n) => `sum(case when action_type = '${actions[n]}' then 1 else 0 end) as total_${actions[n + 1]}`);
  const events = [
    "injection_attempt injection_attempts",
    "unauthorized_access unauthorized_access",
    "suspicious_pattern suspicious_patterns",
  ];
  const kinds = events
    .map((pair) => pair.split(" "))
    .map(([type, name]) => `sum(case when event_type = '${type}' then 1 else 0 end) as ${name}`);
  return {
    stats: {
      ...(await one(`select count(*) as total_runs, sum(case when status = 'completed' then 1 else 0 end) as successful_runs,
        sum(case when status = 'failed' then 1 else 0 end) as failed_runs, avg(duration_seconds) as avg_duration_seconds from heartbeat_runs`)),
      ...(await one(`select count(*) as total_actions, ${sums.join(", ")} from heartbeat_actions`)),
    },
    security: {
      ...(await one(
        `select count(*) as total_events, ${kinds.join(", ")}, avg(risk_score) as avg_risk_score, max(risk_score) as max_risk_score from security_events`,
      )),
      ...(await one(
        "select count(*) as total_oddities, sum(case when severity = 'critical' then 1 else 0 end) as critical_oddities from behavior_oddities",
      )),
      top_flagged_authors: await base.all(
        "select author_name as author, count(*) as count from security_events where author_name is not null group by author_name order by 2 desc, 1 limit 5",
      ),
      tool_call_breakdown: await base.all(
        "select tool_name as tool, count(*) as count from tool_calls group by tool_name order by 2 desc, 1",
      ),
    },
  };
}
