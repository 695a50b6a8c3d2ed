import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { until } from "./until.ts";

/**
 * What a newcomer does, on a clone of the last commit in an empty folder with an empty home: `npx bun run start`, until the first
 * heartbeat has finished; then a second start, timed; then everything must be gone. Prints one line for each check and a count.
 */
type RunRow = { id: string; status: string; calls: number; withheld: number };

const ROOT = join(import.meta.dir, "..");
const folder = mkdtempSync(join(tmpdir(), "moltbot-first-run-"));
const clone = join(folder, "moltbot");
const env = { PATH: process.env.PATH ?? "", HOME: join(folder, "home"), PORT: "0", ...proxies() };
const START = ["npx", "--yes", "bun@1.4.5", "run", "start"];
const counts = { passed: 0, failed: 0 };

try {
  await must(["git", "clone", "--quiet", ROOT, clone], folder);
  const first = await start(START);
  const key = (await must([process.execPath, "jobs/cli.ts", "api-key", "--name", "first-run", "--scope", "read"], clone)).trim();
  const run = await until(async () => {
    const [newest] = (await read<{ items: RunRow[] }>(first.url, "/api/runs", key)).items;
    return newest && newest.status !== "queued" && newest.status !== "running" ? newest : null;
  }, 60_000);
  const { actions } = await read<{ actions: { type: string }[] }>(first.url, `/api/runs/${run.id}`, key);
  const kinds = new Set(actions.map(({ type }) => type));
  check("the first heartbeat succeeds", run.status === "succeeded", run.status);
  check("with at least 8 recorded calls", run.calls >= 8, run.calls);
  check("at least 3 kinds of action", kinds.size >= 3, [...kinds].join(", "));
  check("and at least 1 withheld item", run.withheld >= 1, run.withheld);
  const link = await fetch(first.signIn, { redirect: "manual" });
  check("the printed link signs in", link.status === 303 && link.headers.get("location") === "/", link.status);
  check("once", (await fetch(first.signIn, { redirect: "manual" })).status === 401, "used twice");
  const left = await stop(first.child);
  check("Ctrl-C leaves nothing running", left === "", left);

  const began = performance.now();
  const second = await start(START);
  const ms = Math.round(performance.now() - began);
  check("the second start is ready within 3 s", ms < 3000, `${ms} ms`);
  await stop(second.child);
} catch (error) {
  check("the newcomer's path", false, error instanceof Error ? error.message : String(error));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
process.exit(counts.failed > 0 ? 1 : 0);

function check(what: string, ok: boolean, seen: unknown): void {
  counts[ok ? "passed" : "failed"] += 1;
  process.stdout.write(`${ok ? "ok  " : "FAIL"} ${what} (${String(seen)})\n`);
}

async function start(argv: string[]) {
  const child = Bun.spawn(argv, { cwd: clone, env, stdout: "pipe", stderr: "inherit", detached: true });
  let output = "";
  const reading = (async () => {
    for await (const chunk of child.stdout) output += new TextDecoder().decode(chunk);
  })();
  reading.catch(() => {});
  await until(() => output.includes("Ctrl-C stops everything") || child.exitCode !== null, 240_000);
  const signIn = /https?:\S+\/sign-in\/\S+/.exec(output)?.[0];
  if (!signIn) throw new Error(`it did not start:\n${output}`);
  return { child, signIn, url: new URL(signIn).origin };
}

/** What Ctrl-C in a terminal does: SIGINT to the whole foreground group. Answers what is still there ten seconds later. */
async function stop(child: Bun.Subprocess): Promise<string> {
  process.kill(-child.pid, "SIGINT");
  const listed = () => Bun.spawnSync(["pgrep", "-f", clone]).stdout.toString().trim();
  await until(() => listed() === "", 10_000).catch(() => {});
  return listed();
}

async function must(argv: string[], cwd: string): Promise<string> {
  const child = Bun.spawn(argv, { cwd, env, stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, code] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
  if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}: ${stderr}`);
  return stdout;
}

async function read<Body>(url: string, path: string, key: string): Promise<Body> {
  const answer = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return (await answer.json()) as Body;
}

function proxies(): Record<string, string> {
  const names = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
