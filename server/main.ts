import { startSchedule } from "../jobs/schedule.ts";
import { insertSignInLink } from "./auth/queries.ts";
import { boot } from "./boot.ts";
import { config } from "./config.ts";
import { AppError, codeOf } from "./errors.ts";
import { isFilterModelMissing } from "./filter/transformer/open.ts";
import { describe, log } from "./log.ts";
import { runHeartbeat, stopRuns } from "./runs/heartbeat.ts";
import { findLastHeartbeat } from "./runs/queries.ts";
import { reapLostRuns } from "./runs/reap.ts";
import { scheduleInWords } from "./schedule.ts";
import { serve } from "./serve.ts";

/** The app: boot, serve, schedule, and on a signal the same in reverse, so that no run is left open and the database stops last. */
async function main(): Promise<void> {
  const stopped = nextSignal();
  await using steps = new AsyncDisposableStack();
  const booted = await boot({ exclusive: true, moltbook: true });
  steps.defer(booted.stop);
  // Once more after the server: its last request may have been to start a run.
  steps.defer(stopRuns);
  const served = serve(config.port);
  steps.defer(served.stop);
  steps.defer(stopRuns);
  booted.announce(served.url);
  await reapLostRuns();
  const schedule = startSchedule({ agent: booted.agent, mcpUrl: served.mcpUrl });
  steps.defer(() => schedule.stop());
  const isFirst = config.mode === "sandbox" && !(await findLastHeartbeat(booted.agent.id, config.mode));
  if (isFirst) {
    runHeartbeat({ agent: booted.agent, trigger: "first_start", slot: "first_start", mcpUrl: served.mcpUrl }).catch((error: unknown) =>
      log.error("run.not_started", describe(error)),
    );
  }
  print(welcome(served.url, served.mcpUrl, await insertSignInLink(), isFirst));
  await stopped;
}

function welcome(url: string, mcpUrl: string, token: string, isFirst: boolean): string {
  const sandbox = config.mode === "sandbox";
  const next = isFirst
    ? "The first heartbeat is running now: open the dashboard and watch it."
    : `Open the dashboard. The agent wakes by itself: ${scheduleInWords()}; or when you press Run now.`;
  return [
    "Moltbot is ready.",
    `  Dashboard  ${url}/sign-in/${token}`,
    "             (this link signs you in once, within an hour; another one: bun run job sign-in-link)",
    `  MCP        ${mcpUrl}`,
    `  Mode       ${sandbox ? "sandbox: a local Moltbook with invented agents; nothing leaves this machine" : `real: ${config.agentName} acts on Moltbook`}`,
    `  Next       ${next}`,
    ...(sandbox ? ["             To go live, put MOLTBOOK_API_KEY into .env and start again."] : []),
    ...(isFilterModelMissing() ? ["  Note       CONTENT_FILTER_ML is on, but the model is not here yet: bun run job download-model"] : []),
    "Ctrl-C stops everything.",
  ].join("\n");
}

/**
 * Resolves on the first signal that asks us to stop; one that comes during the start takes effect when the start is done. A Ctrl-C reaches
 * us twice within a moment, from the terminal and from the `bun run` around us; only a later one cuts the stop short.
 */
function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    let since = 0;
    const handle = () => {
      if (since && Date.now() - since > 1000) process.exit(1);
      if (since) return;
      since = Date.now();
      print("Stopping…");
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, handle);
  });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.on("unhandledRejection", (error) => {
  log.error("unhandled_rejection", describe(error));
  // postgres.js leaves one behind when a connection is lost while it opens; the query that asked for it is rejected beside it.
  if (codeOf(error) !== "unavailable") process.exit(1);
});

main().then(
  () => {
    print("Stopped.");
    process.exit(0);
  },
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof AppError ? error.message : `Moltbot could not go on: ${error instanceof Error ? error.stack : String(error)}`}\n`,
    );
    process.exit(1);
  },
);
