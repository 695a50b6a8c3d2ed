import postgres from "postgres";

/** What the database says of itself. Everything behind `fault` is null where it cannot be looked at, as while migrations are missing. */
export type Database = {
  version: number;
  now: number;
  migrations: string[];
  /** The code of the error for which it cannot be. */
  fault: string | null;
  /** Whether the app's role can do what it has to, and no more. */
  role: { isOurs: boolean; mayRecord: boolean; mayForge: boolean } | null;
  /** Partitions of this month and the next one that are not there. */
  unprepared: string[] | null;
  heartbeat: { status: string; at: Date } | null;
  verified: { at: Date; fault: string | null } | null;
};

/** Looks at a database as its owner, and changes nothing. Rejects where it cannot be reached. */
export async function lookAt(ownerUrl: string, agent: string, mode: string): Promise<Database> {
  const sql = postgres(ownerUrl, { max: 1, connect_timeout: 5, connection: { application_name: "moltbot doctor" }, onnotice: () => {} });
  try {
    return await sql.begin("read only", async (tx) => {
      const [server] = await tx<{ version: number; now: number }[]>`
        select current_setting('server_version_num')::int as version, extract(epoch from clock_timestamp())::float8 * 1000 as now`;
      const [list] = await tx`select to_regclass('schema_migrations') is not null as found`;
      const rows = list?.found ? await tx<{ version: string }[]>`select version from schema_migrations order by version` : [];
      const base = { version: server?.version ?? 0, now: server?.now ?? 0, migrations: rows.map(({ version }) => version) };
      return await lookInside(tx).then(
        (inside) => ({ ...base, ...inside, fault: null }),
        (error: { code?: string }) => ({ ...base, ...EMPTY, fault: error.code ?? "no answer" }),
      );
    });
  } finally {
    await sql.end({ timeout: 1 });
  }

  async function lookInside(tx: postgres.TransactionSql): Promise<Omit<Database, "version" | "now" | "migrations" | "fault">> {
    return tx.savepoint(async (inner) => {
      const [role] = await inner<{ isOurs: boolean; mayRecord: boolean; mayForge: boolean }[]>`
        select pg_has_role(current_user, 'moltbot_app', 'member') as "isOurs", has_table_privilege('moltbot_app', 'runs', 'insert') as "mayRecord",
          has_table_privilege('moltbot_app', 'audit_log', 'insert, update, delete, truncate') as "mayForge"`;
      const months = await inner<{ name: string }[]>`
        select name from generate_series(0, 1) ahead, unnest(array['tool_calls', 'exposures', 'events', 'transcripts']) parent,
          concat(parent, '_', to_char(date_trunc('month', now() at time zone 'utc') + ahead * interval '1 month', 'YYYYMM')) name
        where to_regclass(name) is null`;
      const [heartbeat] = await inner<{ status: string; at: Date }[]>`
        select r.status, uuid_time(r.id) as at from runs r join agents a on a.id = r.agent_id
        where a.name = ${agent} and r.mode = ${mode} and r.kind = 'heartbeat' and r.status <> 'skipped' order by r.id desc limit 1`;
      const [verified] = await inner<{ at: Date; fault: string | null }[]>`
        select uuid_time(id) as at, 'record ' || fault_seq || ': ' || fault_reason as fault from audit_verifications order by id desc limit 1`;
      return {
        role: role ?? null,
        unprepared: months.map(({ name }) => name),
        heartbeat: heartbeat ?? null,
        verified: verified ?? null,
      };
    });
  }
}

const EMPTY = { role: null, unprepared: null, heartbeat: null, verified: null };
