import { readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import { log } from "../log.ts";
import { removeRunFolder, runFolder } from "./command.ts";
import { RUNNER } from "./heartbeat.ts";
import { signalGroup } from "./process.ts";
import { closeRun, listLiveRuns } from "./queries.ts";

/**
 * Closes the runs whose runner is gone, as `lost`: their open calls become `unknown`, their tokens are revoked, and an agent that outlived
 * its runner is ended. A runner on this machine is gone when its process is; one elsewhere when its lease has run out. Answers how many.
 */
export async function reapLostRuns(): Promise<number> {
  let lost = 0;
  for (const run of await listLiveRuns()) {
    if (!isAbandoned(run.runner, run.expired)) continue;
    if (run.agent_pid !== null) endOrphan(run.id, run.agent_pid);
    const detail = "The process that ran it ended without closing it.";
    if (await closeRun(run.id, { status: "lost", outcome: "unknown", detail, exitCode: null, report: null })) lost += 1;
    removeRunFolder(run.id);
  }
  if (lost > 0) log.warn("runs.lost", { count: lost });
  return lost;
}

function isAbandoned(runner: string | null, expired: boolean): boolean {
  if (runner === RUNNER) return false;
  const [host, pid] = runner?.split(":") ?? [];
  return expired || (host === hostname() && (Number(pid) === process.pid || !isAlive(Number(pid))));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Ends an agent only if it is ours beyond doubt: its working folder is the run's scratch folder. */
function endOrphan(runId: string, pid: number): void {
  try {
    if (readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, "") === join(runFolder(runId), "scratch")) signalGroup(pid, "SIGKILL");
  } catch {
    // It is gone already, or this system has no /proc: its token is revoked in any case.
  }
}
