import { createForwarder } from "./forward.ts";
import { linesOf } from "./lines.ts";
import { openLink } from "./link.ts";
import { log } from "./log.ts";
import { endSession } from "./session.ts";
import type { Settings } from "./settings.ts";

const DRAIN_MS = 2_000;
const FLUSH_MS = 200;
const PARENT_CHECK_MS = 500;

/**
 * Forwards from stdin to the server until stdin ends (open requests then get 2 s), a signal comes, nobody reads stdout any more, or
 * the process that started this one is gone. Then it exits with 0: a bridge without a client is of no use to anyone.
 */
export async function serveStdio(settings: Settings): Promise<void> {
  const link = openLink(settings);
  const forwarder = createForwarder(link, write);
  let stopping = false;
  const stop = async (reason: string) => {
    if (stopping) return;
    stopping = true;
    log("info", "bridge.stopped", { reason });
    forwarder.abort();
    await endSession(link);
    process.exit(0);
  };

  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void stop(signal));
  process.stdout.on("error", () => void stop("EPIPE"));
  process.stderr.on("error", () => {});
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop("parent is gone"), PARENT_CHECK_MS).unref();

  log("info", "bridge.started", { server: settings.url.origin, hasToken: settings.token !== null });
  for await (const line of linesOf(Bun.stdin.stream())) forwarder.accept(line);
  await Promise.race([forwarder.settle(), Bun.sleep(DRAIN_MS)]);
  forwarder.abort();
  await Promise.race([forwarder.settle(), Bun.sleep(FLUSH_MS)]);
  await stop("stdin has ended");
}

/** Resolves when the line has left this process, so that a slow reader slows the stream that feeds it. */
function write(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()));
}
