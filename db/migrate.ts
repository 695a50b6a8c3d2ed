import { readdirSync } from "node:fs";
import { join } from "node:path";

import { resolveBinary } from "dbmate";
import postgres from "postgres";

import { AppError } from "../server/errors.ts";
import { redactText } from "../server/redact.ts";

const MIGRATIONS = join(import.meta.dir, "migrations");

/** Versions (the leading digits of file names) of the migrations that this build brings, in order. */
export function knownMigrations(): string[] {
  return readdirSync(MIGRATIONS)
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.split("_", 1)[0] ?? "")
    .toSorted();
}

/**
 * Brings a database up to date with dbmate, one process at a time; `url` is the owner's. Answers how many migrations it applied.
 * Throws AppError `unavailable` when a migration fails, or when the database is newer than this build.
 */
export async function migrate(url: string): Promise<number> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql`select pg_advisory_lock(hashtext('moltbot.migrate'))`;
    const applied = await appliedMigrations(sql);
    const known = knownMigrations();
    const unknown = applied.filter((version) => !known.includes(version));
    if (unknown.length > 0)
      throw new AppError("unavailable", `The database is newer than this build (migration ${unknown.at(-1)}). Update Moltbot.`);
    const missing = known.filter((version) => !applied.includes(version));
    if (missing.length > 0) await dbmateUp(url);
    return missing.length;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function appliedMigrations(sql: postgres.Sql): Promise<string[]> {
  const [{ found } = { found: false }] = await sql<{ found: boolean }[]>`select to_regclass('schema_migrations') is not null as found`;
  if (!found) return [];
  const rows = await sql<{ version: string }[]>`select version from schema_migrations order by version`;
  return rows.map((row) => row.version);
}

/** The URL travels in the environment: a command line is readable by every user of the machine. dbmate reads fewer characters as they are, and quotes it. */
async function dbmateUp(url: string): Promise<void> {
  const dbmate = Bun.spawn([resolveBinary(), "--migrations-dir", MIGRATIONS, "--no-dump-schema", "migrate"], {
    env: { DATABASE_URL: new URL(url).href },
    stdout: "ignore",
    stderr: "pipe",
  });
  if ((await dbmate.exited) === 0) return;
  const reason = redactText((await new Response(dbmate.stderr).text()).trim());
  const hint = reason.includes("SSL is not enabled") ? "\nIf the database needs no TLS, end DATABASE_URL with ?sslmode=disable" : "";
  throw new AppError("unavailable", `The migrations could not be applied:\n${reason}${hint}`);
}
