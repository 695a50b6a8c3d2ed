import { hostname } from "node:os";

import { log } from "../log.ts";
import { removeRunFolder, runFolder } from "./command.ts";
import { isRunning, RUNNER } from "./heartbeat.ts";
import { endLeftovers } from "./leftovers.ts";
import type { LiveRun } from "./queries.ts";
import { closeRun, listLiveRuns } from "./queries.ts";

/**
 * Closes the runs whose runner is gone, as `lost`: their open calls become `unknown`, their tokens are revoked, and an agent that outlived
 * its runner is ended. A runner on this machine is gone when its process is; one elsewhere when its lease has run out. Answers how many.
 */
export async function reapLostRuns(): Promise<number> {
  let lost = 0;
  for (const run of await listLiveRuns()) {
    if (!isAbandoned(run)) continue;
    endLeftovers(runFolder(run.id));
    const detail = "The process that ran it ended without closing it.";
    if (await closeRun(run.id, { status: "lost", outcome: "unknown", detail, exitCode: null, report: null })) lost += 1;
    removeRunFolder(run.id);
  }
  if (lost > 0) log.warn("runs.lost", { count: lost });
  return lost;
}

function isAbandoned({ id, runner, expired }: LiveRun): boolean {
  // One of ours that nothing here attends: its end could not be recorded.
  if (runner === RUNNER) return !isRunning(id);
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
