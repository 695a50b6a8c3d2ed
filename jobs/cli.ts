import { parseArgs } from "node:util";

import { boot, openDatabase } from "../server/boot.ts";
import { AppError } from "../server/errors.ts";
import { stopRuns } from "../server/runs/heartbeat.ts";
import { jobs } from "./index.ts";
import type { Job, JobContext } from "./job.ts";

type Options = Record<string, string | boolean | undefined>;

/** What a job gets that has nothing to do with any agent. */
const NOBODY: JobContext = { agent: { id: "", name: "", created_at: "" }, mcpUrl: "", slot: null };

/** `bun run job NAME [options]`: the same jobs that the schedule runs, once, with their result on stdout and 0 or 1 as the exit code. */
async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (!name || name === "--help" || name === "help") return say(overview(), 0);
  const job = jobs.find((each) => each.name === name);
  if (!job) return complain(`There is no job ${name}.\n\n${overview()}`);
  const options = optionsOf(job, rest);
  if (options.help) return say(helpOf(job), 0);
  if (job.needs === "nothing" || job.isAlone?.(options)) return runAlone(job, options);
  return withDatabase(job, options);
}

/** Runs a job against the running app, or brings up what the job needs for its own time. A signal ends it, and what was brought up with it. */
async function withDatabase(job: Job, options: Options): Promise<number> {
  const interrupted = new Promise<number>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve(complain("Interrupted.")));
  });
  await using steps = new AsyncDisposableStack();
  const context = job.needs === "owner" ? { ...NOBODY, owner: await openDatabase(steps) } : await contextOf(job, steps);
  return await Promise.race([job.run(context, options).then(({ ok, text }) => say(text, ok ? 0 : 1)), interrupted]);
}

async function contextOf(job: Job, steps: AsyncDisposableStack): Promise<JobContext> {
  const booted = await boot({ exclusive: false, moltbook: job.needs === "moltbook" || job.needs === "app" });
  steps.defer(booted.stop);
  let appUrl = booted.appUrl;
  if (job.needs === "app") {
    if (!appUrl) appUrl = await serveApp(steps);
    steps.defer(stopRuns);
  }
  return { agent: booted.agent, mcpUrl: appUrl ? `${appUrl}/mcp` : "", slot: null };
}

async function serveApp(steps: AsyncDisposableStack): Promise<string> {
  const { serve } = await import("../server/serve.ts");
  const served = serve(0);
  steps.defer(served.stop);
  return served.url;
}

async function runAlone(job: Job, options: Options): Promise<number> {
  const { ok, text } = await job.run(NOBODY, options);
  if (text) say(text, 0);
  return ok ? 0 : 1;
}

function optionsOf(job: Job, args: string[]): Options {
  try {
    const options = { ...job.options, help: { type: "boolean" as const } };
    const { values, positionals, tokens } = parseArgs({ args, options, allowPositionals: job.argument !== undefined, tokens: true });
    // A bare argument stands for an option too.
    const names = tokens.flatMap((token) =>
      token.kind === "option" ? token.name : token.kind === "positional" ? (job.argument ?? []) : [],
    );
    const twice = names.find((name, at) => names.indexOf(name) < at);
    if (twice) throw new Error(`--${twice} is there twice`);
    return job.argument && positionals[0] !== undefined ? { [job.argument]: positionals[0], ...values } : values;
  } catch (error) {
    throw new AppError("invalid", `${(error as Error).message.split(". ", 1)[0]?.replace(/\.$/, "")}.\n\n${helpOf(job)}`);
  }
}

function overview(): string {
  const width = Math.max(...jobs.map(({ name }) => name.length));
  const lines = jobs.map(
    ({ name, summary, schedule }) =>
      `  ${name.padEnd(width)}  ${summary}${schedule ? ` (also by itself: ${schedule.cron} ${schedule.tz})` : ""}`,
  );
  return ["Usage: bun run job NAME [options]", "", ...lines, "", "bun run job NAME --help tells more."].join("\n");
}

function helpOf(job: Job): string {
  const options = Object.entries({ ...job.options, help: { type: "boolean" as const, help: "Show this" } });
  const width = Math.max(...options.map(([name, { type }]) => label(name, type).length));
  return [
    `bun run job ${job.name}: ${job.summary}`,
    "",
    ...options.map(([name, { type, help }]) => `  ${label(name, type).padEnd(width)}  ${help}`),
    ...(job.notes ? ["", job.notes] : []),
  ].join("\n");
}

function label(name: string, type: string): string {
  return `--${name}${type === "string" ? " …" : ""}`;
}

function say(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}

/** An error may quote what others wrote, and a terminal would carry out some of its characters. */
function complain(text: string): number {
  process.stderr.write(`${text.replaceAll(/[^\P{Cc}\n\t]/gu, "\u{fffd}")}\n`);
  return 1;
}

/** Whoever reads a job's output and closes it early, as `head` does, has seen enough: that is no fault. */
function failed(error: unknown): number {
  if ((error as NodeJS.ErrnoException).code === "EPIPE") return 0;
  return complain(error instanceof AppError ? error.message : ((error as Error).stack ?? String(error)));
}

process.exitCode = await main(process.argv.slice(2)).catch(failed);
process.exit();
