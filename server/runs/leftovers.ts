import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const MOST_ROUNDS = 5;

/**
 * Ends every process that was started in a run: its environment has the run's folder as HOME, whatever group, session or working folder
 * it has moved to, and nobody else's has. In rounds, for one may start another in the meantime. Needs /proc: does nothing elsewhere.
 */
export function endLeftovers(folder: string): void {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const left = listProcesses().filter((pid) => homeOf(pid) === join(folder, "home"));
    if (left.length === 0) return;
    for (const pid of left) signalProcess(pid);
  }
}

function listProcesses(): number[] {
  try {
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

function homeOf(pid: number): string | undefined {
  try {
    const environ = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return environ.find((entry) => entry.startsWith("HOME="))?.slice("HOME=".length);
  } catch {
    // Gone already, or not ours to look at.
    return undefined;
  }
}

function signalProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended in the meantime.
  }
}
