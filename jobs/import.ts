import { readFile } from "node:fs/promises";

import { ensureAgent } from "../server/agents/queries.ts";
import { importBlocks, previewBlocks } from "../server/authors/file.ts";
import { AppError } from "../server/errors.ts";
import { nameOf } from "../server/import/agents.ts";
import { importDatabase } from "../server/import/import.ts";
import { describeReport } from "../server/import/report.ts";
import type { Table } from "../server/import/schema.ts";
import { openPostgres } from "../server/import/source/postgres/queries.ts";
import type { Source } from "../server/import/source/queries.ts";
import { openSqlite } from "../server/import/source/sqlite/queries.ts";
import { collectFile } from "../server/ingest/collect.ts";
import { previewFile } from "../server/ingest/preview/preview.ts";
import type { Job } from "./job.ts";

type Options = Record<string, string | boolean | undefined>;

export const importJob: Job = {
  name: "import",
  summary: "Take over what an older Moltbot recorded: its database, its audit log, or its list of blocked authors",
  options: {
    "from-sqlite": { type: "string", help: "Its SQLite file (heartbeat.db)" },
    "from-postgres": { type: "string", help: "The postgres:// URL of its database; its password may be in PGPASSWORD instead" },
    "from-postgres-file": { type: "string", help: "A file with that URL, so that no password stands on the command line" },
    "audit-log": { type: "string", help: "Its security_audit.jsonl, with the files that were rotated away" },
    "blocked-authors": { type: "string", help: "Its blocked_authors.json" },
    "agent-name": {
      type: "string",
      help: "Whose all is that names no agent (default: the only one that its runs name, else MOLTBOOK_AGENT_NAME)",
    },
    "dry-run": { type: "boolean", help: "Change nothing: the report says what an import would do" },
    json: { type: "boolean", help: "Print the report as JSON" },
  },
  needs: "database",
  async run({ agent }, options) {
    const agentName = agentOf(options["agent-name"]);
    const { from, value } = sourceOf(options);
    const dryRun = options["dry-run"] === true;
    if (from === "audit-log" || from === "blocked-authors") {
      const taking = { path: value, name: agentName ?? agent.name, dryRun, json: options.json === true };
      return from === "audit-log" ? takeLog(taking) : takeBlocks(taking);
    }
    const source = await open(from, value);
    const progress = progressBar();
    try {
      const report = await importDatabase(source, { agentName, fallback: agent.name, dryRun, progress: progress.show });
      return { ok: true, text: options.json ? JSON.stringify(report) : describeReport(report, agent.name) };
    } finally {
      progress.clear();
      await source.close();
    }
  },
};

const SOURCES = ["from-sqlite", "from-postgres", "from-postgres-file", "audit-log", "blocked-authors"] as const;

function sourceOf(options: Options): { from: (typeof SOURCES)[number]; value: string } {
  const given = SOURCES.flatMap((from) => (typeof options[from] === "string" ? [{ from, value: options[from] }] : []));
  const [first] = given;
  if (!first || given.length > 1)
    throw new AppError("invalid", `Say from where, once: ${SOURCES.map((name) => `--${name} …`).join(", or ")}`);
  return first;
}

function agentOf(name: string | boolean | undefined): string | null {
  if (typeof name !== "string") return null;
  if (name === "" || nameOf(name) !== name)
    throw new AppError("invalid", "--agent-name may hold letters, digits, _ and - only, at most 64.");
  return name;
}

async function open(from: string, value: string): Promise<Source> {
  if (from === "from-sqlite") return openSqlite(value);
  const url = from === "from-postgres" ? value : (await readUrl(value)).trim();
  if (!/^postgres(?:ql)?:$/.test(URL.parse(url)?.protocol ?? ""))
    throw new AppError("invalid", `--${from} needs a URL such as postgres://user@host:5432/database`);
  if (from === "from-postgres" && new URL(url).password !== "")
    process.stderr.write(
      "The password was on the command line, where others on this machine can read it: use --from-postgres-file or PGPASSWORD.\n",
    );
  return openPostgres(url);
}

async function readUrl(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new AppError("invalid", `${path} cannot be read (${(error as NodeJS.ErrnoException).code}). Check the path and its permissions.`);
  }
}

type Taking = { path: string; name: string; dryRun: boolean; json: boolean };

async function takeBlocks({ path, name, dryRun, json }: Taking): Promise<{ ok: boolean; text: string }> {
  const { added, found } = dryRun
    ? await previewBlocks(name, path)
    : await importBlocks({ agent_id: (await ensureAgent(name)).id, mode: "real" }, path, "import");
  if (json) return { ok: true, text: JSON.stringify({ agent: name, dry_run: dryRun, found, added }) };
  const text = dryRun
    ? `${added} authors would be blocked for ${name}, of ${found} in the file. Nothing was changed.`
    : `${added} authors blocked for ${name}, of ${found} in the file.`;
  return { ok: true, text };
}

async function takeLog({ path, name, dryRun, json }: Taking): Promise<{ ok: boolean; text: string }> {
  const tally = dryRun ? await previewFile(path) : await collectFile(path, { agentId: (await ensureAgent(name)).id, source: "audit" });
  const ok = !tally.interrupted;
  if (json) return { ok, text: JSON.stringify(dryRun ? { ...tally, dry_run: true } : tally) };
  const text = `${tally.added_events} of ${tally.events} events are new for ${name}, in ${tally.lines} lines. ${tally.unknown} lines mean nothing here.`;
  if (dryRun) return { ok, text: `${text} Nothing was changed.` };
  return { ok, text: ok ? text : `${text} Another collection is at work on the rest.` };
}

const BAR = 30;

/** On a terminal, a line that is written over: how much is done, and of what. */
function progressBar(): { show: (done: number, total: number, table: Table) => void; clear: () => void } {
  let last = 0;
  const { stderr } = process;
  return {
    show(done, total, table) {
      if (!stderr.isTTY || (Date.now() - last < 100 && done < total)) return;
      last = Date.now();
      const share = done / total;
      const bar = "#".repeat(Math.round(share * BAR)).padEnd(BAR, ".");
      stderr.write(
        `\r\u001b[K[${bar}] ${Math.floor(share * 100)} %  ${done.toLocaleString("en")} of ${total.toLocaleString("en")} rows  ${table}`,
      );
    },
    clear: () => void (last > 0 && stderr.write("\r\u001b[K")),
  };
}
