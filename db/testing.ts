import { afterAll } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";

import { connect, disconnect } from "./client.ts";
import { startEmbedded } from "./embedded.ts";
import { prepareTemplate, TEMPLATE } from "./template.ts";

/**
 * Preloaded before every test file: gives the file a database of its own, cloned from a migrated template, and points `sql` at it.
 * `bun run test` brings the server and the template (TEST_DATABASE_URL); a lone `bun test FILE` makes them for its own time.
 */
let release = async () => {};
const server = process.env.TEST_DATABASE_URL ?? (await ownServer());
const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;

await onServer((sql) => sql`create database ${sql(name)} template ${sql(TEMPLATE)}`);
connect(urlOf(name));
afterAll(async () => {
  await disconnect();
  await onServer((sql) => sql`drop database if exists ${sql(name)} with (force)`);
  await release();
});

/** URL, as the owner, of the database that this test file works in: for what the app's own role must not do. */
export function ownerUrl(): string {
  return urlOf(name);
}

async function ownServer(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "moltbot-test-"));
  const embedded = await startEmbedded(folder);
  release = async () => {
    await embedded.release();
    rmSync(folder, { recursive: true, force: true });
  };
  return prepareTemplate(embedded.url);
}

async function onServer(run: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(server, { max: 1, onnotice: () => {} });
  await run(sql);
  await sql.end();
}

function urlOf(database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
