import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";

import { startEmbedded } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import { findServer } from "../db/postmaster.ts";

/**
 * How fast the collector takes a security audit log in: `bun bench/ingest.ts [MEGABYTES] [KILLS]`, by default 200 MB and 5 kills. Every line is an event
 * that becomes a row. First undisturbed, for lines a second and the process's greatest memory; then on an empty record again, killed (SIGKILL) that
 * often at moments nobody chose and started again, after which the rows have to be exactly the file's events.
 */

const megabytes = Number(process.argv[2] ?? 200);
const kills = Number(process.argv[3] ?? 5);
const root = join(import.meta.dir, "..");
const folder = mkdtempSync(join(tmpdir(), "moltbot-bench-ingest-"));
const log = join(folder, "security_audit.jsonl");

const LINES = [
  (n: number) => ({
    event: "content_flagged",
    post_id: uuidOf(n),
    author: `agent_${n % 900}`,
    submolt: "general",
    risk_score: (n % 100) / 100,
    flags: ["LLM Guard: injection detected (score=0.973)", "Regex hard-block: /(?:send|give) me your (?:api )?key/"],
    fields_affected: ["title", "content", "author_name", "submolt_name"],
  }),
  (n: number) => ({ event: "blocked_author_content", post_id: uuidOf(n), author: `agent_${n % 90}`, submolt: "introductions" }),
  (n: number) => ({
    event: "api_error",
    status_code: 500 + (n % 4),
    path: `/posts/${uuidOf(n)}/comments`,
    method: "GET",
    flagged: n % 20 === 0,
    risk_score: 0,
    flags: [],
    body_preview: '{"success":false,"error":"Internal server error"}',
  }),
  (n: number) => ({ event: "author_blocked", author: `agent_${n}`, flag_count: 3, threshold: 3, duration: "permanent", recent_flags: [] }),
];
/** Of 20 lines: 12 flagged texts, 4 of blocked authors, 3 errors, 1 block. */
const MIX = [0, 1, 0, 2, 0, 0, 1, 0, 0, 2, 0, 3, 0, 1, 0, 0, 2, 0, 1, 0];
const START = Date.UTC(2026, 1, 7);

function uuidOf(n: number): string {
  return `${n.toString(16).padStart(8, "0")}-4d2a-4c11-9f3e-${(n * 7919).toString(16).padStart(12, "0").slice(-12)}`;
}

async function writeLog(): Promise<number> {
  const out = createWriteStream(log, { mode: 0o600, highWaterMark: 1 << 20 });
  let lines = 0;
  for (let bytes = 0; bytes < megabytes * 1e6;) {
    let text = "";
    for (const end = lines + 5_000; lines < end; lines += 1) {
      const at = new Date(START + lines * 40).toISOString().replace("Z", `${String(lines % 1000).padStart(3, "0")}+00:00`);
      text += `${JSON.stringify({ timestamp: at, ...LINES[MIX[lines % MIX.length] ?? 0]?.(lines) })}\n`;
    }
    bytes += text.length;
    if (!out.write(text)) await new Promise((resolve) => out.once("drain", resolve));
  }
  await new Promise<void>((resolve) => out.end(resolve));
  return lines;
}

function collector(url: string) {
  const env = { PATH: process.env.PATH ?? "", HOME: folder, DATA_DIR: folder, DATABASE_URL: url };
  const started = performance.now();
  const child = Bun.spawn([process.execPath, "jobs/cli.ts", "collect-logs", "--audit-log", log, "--json"], {
    cwd: root,
    env,
    stdout: "pipe",
  });
  return { child, started };
}

/** Seconds of processor time of Postgres's sessions that have ended, where Linux tells it (proc(5): cutime and cstime, in hundredths). */
function sessionTime(): number {
  const pid = findServer(join(folder, "postgres"))?.pid;
  const [user, system] = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ")
    .slice(13, 15)
    .map(Number);
  return ((user ?? 0) + (system ?? 0)) / 100;
}

const embedded = await startEmbedded(folder);
try {
  await migrate(embedded.url);
  const sql = postgres(embedded.url, { max: 1, onnotice: () => {} });
  const rows = async () => Number((await sql<{ n: string }[]>`select count(*) as n from events`)[0]?.n);
  const lines = await writeLog();
  console.log(`${lines} lines, ${megabytes} MB, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`);

  const before = sessionTime();
  const { child, started } = collector(embedded.url);
  await child.exited;
  const seconds = (performance.now() - started) / 1000;
  const { maxRSS = 0, cpuTime } = child.resourceUsage() ?? {};
  console.log(`undisturbed: ${Math.round(lines / seconds)} lines/s in ${seconds.toFixed(1)} s with the start`);
  console.log(
    `  at most ${Math.round(maxRSS / 1024 / 1024)} MB; ${(Number(cpuTime?.total ?? 0) / 1e6).toFixed(1)} s of processor time; Postgres ${(sessionTime() - before).toFixed(1)} s`,
  );
  if ((await rows()) !== lines) throw new Error(`${await rows()} rows for ${lines} lines`);

  await sql`truncate events, log_positions`;
  for (let killed = 0; killed < kills; killed += 1) {
    const victim = collector(embedded.url);
    await Bun.sleep(700 + Math.random() * Math.min(seconds * 1000, 4_000));
    victim.child.kill("SIGKILL");
    await victim.child.exited;
    console.log(`  killed after ${Math.round(performance.now() - victim.started)} ms, ${await rows()} rows`);
  }
  await collector(embedded.url).child.exited;
  const [doubles] = await sql<{ n: string }[]>`select count(*) - count(distinct fingerprint) as n from events`;
  const isExact = (await rows()) === lines && Number(doubles?.n) === 0;
  console.log(`killed ${kills} times: ${await rows()} rows for ${lines} lines, ${doubles?.n} of them double`);
  await sql.end();
  if (!isExact) process.exitCode = 1;
} finally {
  await embedded.release();
  rmSync(folder, { recursive: true, force: true });
}
