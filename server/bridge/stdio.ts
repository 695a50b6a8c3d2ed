import { createForwarder } from "./forward.ts";
import { linesOf } from "./lines.ts";
import type { Link } from "./link.ts";
import { noteOutage, openLink } from "./link.ts";
import { log } from "./log.ts";
import { awaitReturn, isThere } from "./lookout.ts";
import { endSession } from "./session.ts";
import type { Settings } from "./settings.ts";

/** Together with the goodbye to the server these are less than a second: a client that has gone waits no longer. */
const DRAIN_MS = 500;
const FLUSH_MS = 100;
const PARENT_CHECK_MS = 250;

/**
 * Forwards from stdin to the server until stdin ends (open requests then get half a second), a signal comes, nobody reads stdout any more, or
 * the process that started this one is gone. Then it exits with 0: a bridge without a client is of no use to anyone.
 */
export async function serveStdio(settings: Settings): Promise<void> {
  const link = openLink(settings, write);
  const forwarder = createForwarder(link);
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
  void lookOut(link);
  for await (const line of linesOf(Bun.stdin.stream())) forwarder.accept(line);
  await Promise.race([forwarder.settle(), Bun.sleep(DRAIN_MS)]);
  forwarder.abort();
  await Promise.race([forwarder.settle(), Bun.sleep(FLUSH_MS)]);
  await stop("stdin has ended");
}

/** A server that is not there yet is looked for before anybody asks. */
async function lookOut(link: Link): Promise<void> {
  if (await isThere(link)) return;
  noteOutage(link, "not there at the start");
  await awaitReturn(link);
}

/** Resolves when the line has left this process, so that a slow reader slows the stream that feeds it. */
function write(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()));
}
