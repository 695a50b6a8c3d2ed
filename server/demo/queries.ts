import type postgres from "postgres";

import { sql } from "../../db/client.ts";
import { copyInto } from "../../db/copy.ts";
import { canonical } from "../audit/canonical.ts";
import { type Row, type Rows, TABLES } from "./life.ts";
import type { Text } from "./reading.ts";

/** Rows that make one write to Postgres's socket. */
const ROWS_PER_WRITE = 2_000;

/** Whether an agent has a demo already. */
export async function hasDemo(agentId: string): Promise<boolean> {
  const rows = await sql`select from runs where agent_id = ${agentId} and slot like 'demo:%' limit 1`;
  return rows.count === 1;
}

/** Makes the partitions of the year before a moment (Unix milliseconds). */
export async function ensureYearBefore(until: number): Promise<void> {
  await sql`select ensure_partitions(${new Date(until - 366 * 86_400_000).toISOString()}, 3)`;
}

type Tx = postgres.TransactionSql;

/** Does all of it or nothing, telling no page of each row. */
export async function atOnce(work: (tx: Tx) => Promise<void>): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select set_config('moltbot.quiet', 'on', true), set_config('synchronous_commit', 'off', true)`;
    await work(tx);
  });
}

/** Keeps the texts that a demo's agent reads, as the filter's inputs are kept. */
export async function insertTexts(tx: Tx, agentId: string, texts: Text[]): Promise<void> {
  const rows = texts.map(({ hash, text }) => ({ hash, text }));
  await tx`
    insert into filter_inputs (agent_id, content_hash, text)
    select ${agentId}, hash, text from json_to_recordset(${JSON.stringify(rows)}::text::json) as t (hash text, text text) on conflict do nothing`;
}

/** An agent's prompt versions by their ids, oldest first. */
export async function findPromptIds(agentId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`select id from prompt_versions where agent_id = ${agentId} order by number`;
  return rows.map(({ id }) => id);
}

/** Copies rows into their tables. */
export async function copyRows(tx: Tx, rows: Rows): Promise<void> {
  for (const table of TABLES) {
    const columns = Object.keys(rows[table][0] ?? {});
    if (columns.length > 0) await copyInto(tx, table, columns, piecesOf(rows[table], columns));
  }
}

function* piecesOf(rows: Row[], columns: string[]): Generator<string> {
  for (let from = 0; from < rows.length; from += ROWS_PER_WRITE)
    yield rows
      .slice(from, from + ROWS_PER_WRITE)
      .map((row) => lineOf(row, columns))
      .join("");
}

/** A row in the text format of COPY (Postgres manual, COPY, File Formats). */
function lineOf(row: Row, columns: string[]): string {
  const cells = columns.map((column) => row[column] ?? null);
  return `${cells.map((value) => (value === null ? "\\N" : escaped(String(value)))).join("\t")}\n`;
}

function escaped(text: string): string {
  return /[\\\n\r\t]/.test(text)
    ? text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")
    : text;
}

/** Notes in the audit log that a demo was made. */
export async function recordDemo(tx: Tx, agentId: string, counts: Record<string, number>): Promise<void> {
  await tx`select append_audit(${agentId}, 'demo.seeded', ${canonical(counts)})`;
}
