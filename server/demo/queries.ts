import { once } from "node:events";

import { sql } from "../../db/client.ts";
import { canonical } from "../audit/canonical.ts";
import { COLUMNS, type Rows } from "./life.ts";
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

/** Keeps the texts that a demo's agent reads, as the filter's inputs are kept. */
export async function insertTexts(agentId: string, texts: Text[]): Promise<void> {
  const rows = texts.map(({ hash, text }) => ({ hash, text }));
  await sql`
    insert into filter_inputs (agent_id, content_hash, text)
    select ${agentId}, hash, text from json_to_recordset(${JSON.stringify(rows)}::text::json) as t (hash text, text text) on conflict do nothing`;
}

/** An agent's prompt versions by their ids, oldest first. */
export async function findPromptIds(agentId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`select id from prompt_versions where agent_id = ${agentId} order by number`;
  return rows.map(({ id }) => id);
}

/** Copies rows into their tables, all of them or none, telling no page of each. */
export async function copyRows(rows: Rows): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select set_config('moltbot.quiet', 'on', true), set_config('synchronous_commit', 'off', true)`;
    for (const table of Object.keys(COLUMNS) as (keyof Rows)[]) {
      const stream = await tx`copy ${tx(table)} (${tx.unsafe(COLUMNS[table])}) from stdin`.writable();
      for (let from = 0; from < rows[table].length; from += ROWS_PER_WRITE) {
        const lines = rows[table]
          .slice(from, from + ROWS_PER_WRITE)
          .map(lineOf)
          .join("");
        if (!stream.write(lines)) await once(stream, "drain");
      }
      stream.end();
      await once(stream, "finish");
    }
  });
}

/** A row in the text format of COPY (Postgres manual, COPY, File Formats). */
function lineOf(row: unknown[]): string {
  let line = "";
  for (const value of row) line += `${line === "" ? "" : "\t"}${value === null || value === undefined ? "\\N" : escaped(String(value))}`;
  return `${line}\n`;
}

function escaped(text: string): string {
  return /[\\\n\r\t]/.test(text)
    ? text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")
    : text;
}

/** Notes in the audit log that a demo was made. */
export async function recordDemo(agentId: string, counts: Record<string, number>): Promise<void> {
  await sql`select append_audit(${agentId}, 'demo.seeded', ${canonical(counts)})`;
}
