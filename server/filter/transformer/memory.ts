import { existsSync, readFileSync } from "node:fs";

const PAGE = 4096;
const HAS_PROC = existsSync("/proc/self/statm");

/** How often a process's memory is looked at: a file where there is /proc, a program elsewhere. */
const EVERY_MS = HAS_PROC ? 100 : 2_000;

/**
 * A command line that starts `argv` with at most `limit` bytes of memory of its own (RLIMIT_DATA): Linux then refuses it more, and its allocation
 * fails. Other systems know no such limit or do not keep it.
 */
export function limited(argv: string[], limit: number): string[] {
  if (process.platform === "win32") return argv;
  return ["/bin/sh", "-c", 'ulimit -d "$0" 2>/dev/null; exec "$@"', String(Math.floor(limit / 1024)), ...argv];
}

/** Calls `exceeded` once when a process holds more than `limit` bytes of memory. Answers how to stop looking. */
export function watchMemory(pid: number, limit: number, exceeded: () => void): () => void {
  const timer = setInterval(() => {
    if (residentBytes(pid) <= limit) return;
    clearInterval(timer);
    exceeded();
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Memory that a process holds now; 0 for one that is gone. */
function residentBytes(pid: number): number {
  try {
    if (HAS_PROC) return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * PAGE;
    return Number(Bun.spawnSync(["ps", "-o", "rss=", "-p", String(pid)]).stdout.toString()) * 1024;
  } catch {
    return 0;
  }
}
