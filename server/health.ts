import { Elysia } from "elysia";
import * as z from "zod";

import { sql } from "../db/client.ts";
import { knownMigrations } from "../db/migrate.ts";
import { AppError } from "./errors.ts";

const Health = z.object({ status: z.literal("ok"), database: z.literal("ok") });

/** `/health`: the process answers. `/ready`: the database does too, and has every migration of this build. Open to strangers, so they say no more. */
export const health = new Elysia({ name: "health" })
  .get("/health", () => ({ status: "ok" }))
  .get("/ready", async ({ set }) => {
    const ready = await isReady().catch(() => false);
    if (!ready) set.status = 503;
    return { status: ready ? "ready" : "not_ready" };
  })
  .get("/api/health", () => getHealth(), {
    query: z.strictObject({}),
    response: Health,
    detail: { summary: "Whether the app and its database answer", tags: ["health"] },
  });

/** Who asks has been let in with the database's help: without it the answer is a 503 already. */
async function getHealth(): Promise<z.infer<typeof Health>> {
  if (await isReady()) return { status: "ok", database: "ok" };
  throw new AppError("unavailable", "The database lacks migrations of this build: run bun run job migrate, or start the app again.");
}

async function isReady(): Promise<boolean> {
  const rows = await sql<{ version: string }[]>`select version from schema_migrations`;
  const applied = new Set(rows.map((row) => row.version));
  return knownMigrations().every((version) => applied.has(version));
}
