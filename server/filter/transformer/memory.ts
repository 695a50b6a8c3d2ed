import { existsSync, readFileSync } from "node:fs";

const HAS_PROC = existsSync("/proc/self/status");

/** How often a process's memory is looked at: a file where there is /proc, a program elsewhere. */
const EVERY_MS = HAS_PROC ? 100 : 2_000;

/** What a process may reserve, as a multiple of what it may hold: to load a model takes almost four times the room that it fills. */
const RESERVE = 3;

/**
 * A command line that starts `argv` so that Linux refuses it more than three times `limit` bytes of memory of its own (RLIMIT_DATA, which counts what is
 * reserved): what it takes between two looks of `watchMemory` has an end too. Other systems know no such limit or do not keep it.
 */
export function limited(argv: string[], limit: number): string[] {
  if (process.platform === "win32") return argv;
  return ["/bin/sh", "-c", 'ulimit -d "$0" 2>/dev/null; exec "$@"', String(Math.floor((RESERVE * limit) / 1024)), ...argv];
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
    const kilobytes = HAS_PROC
      ? /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
      : Bun.spawnSync(["ps", "-o", "rss=", "-p", String(pid)]).stdout.toString();
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
