import { Elysia } from "elysia";

import { sql } from "../db/client.ts";
import { knownMigrations } from "../db/migrate.ts";

/** `/health`: the process answers. `/ready`: the database does too, and has every migration of this build. Open to strangers, so they say no more. */
export const health = new Elysia({ name: "health" })
  .get("/health", () => ({ status: "ok" }))
  .get("/ready", async ({ set }) => {
    const ready = await isReady().catch(() => false);
    if (!ready) set.status = 503;
    return { status: ready ? "ready" : "not_ready" };
  });

async function isReady(): Promise<boolean> {
  const rows = await sql<{ version: string }[]>`select version from schema_migrations`;
  const applied = new Set(rows.map((row) => row.version));
  return knownMigrations().every((version) => applied.has(version));
}
