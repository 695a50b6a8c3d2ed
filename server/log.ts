import { config } from "./config.ts";

const LEVELS = ["debug", "info", "warn", "error"] as const;
type Level = (typeof LEVELS)[number];

/**
 * One JSON object a line on stderr: `{ t, level, event, ...fields }`. Fields are ids, counts and codes: never bodies, tokens or
 * text from Moltbook, because logs are read later by people and by agents.
 */
export const log = {
  debug: (event: string, fields?: Record<string, unknown>) => write("debug", event, fields),
  info: (event: string, fields?: Record<string, unknown>) => write("info", event, fields),
  warn: (event: string, fields?: Record<string, unknown>) => write("warn", event, fields),
  error: (event: string, fields?: Record<string, unknown>) => write("error", event, fields),
};

function write(level: Level, event: string, fields: Record<string, unknown> = {}): void {
  if (LEVELS.indexOf(level) < LEVELS.indexOf(config.logLevel)) return;
  process.stderr.write(`${JSON.stringify({ t: new Date().toISOString(), level, event, ...fields })}\n`);
}

/**
 * What may be logged of a thrown thing: its name, its message's first line, its code and where it came from, never its payload. Postgres
 * quotes values in its messages about data and constraints (SQLSTATE classes 22 and 23), so those are left out.
 */
export function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const at = error.stack
    ?.split("\n")
    .filter((line) => line.trimStart().startsWith("at "))
    .map((line) => line.trim());
  const code = (error as { code?: unknown }).code;
  const quotes = error.name === "PostgresError" && /^2[23]/.test(String(code));
  return { error: error.name, message: quotes ? undefined : error.message.split("\n", 1)[0]?.slice(0, 500), code, at };
}
