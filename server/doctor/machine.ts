import { accessSync, constants, existsSync, readFileSync, statfsSync } from "node:fs";
import { dirname } from "node:path";

import { config } from "../config.ts";
import { fail, type Finding, fine, warn } from "./schema.ts";

const OLDEST_BUN = "1.4.5";
const GB = 1024 ** 3;

/** What Moltbot stands on: Bun, the folders it writes to, disk, memory, and its port. */
export async function checkMachine(): Promise<Finding[]> {
  return [checkBun(), checkFolder(), checkDisk(), checkMemory(), checkSecurityLog(), await checkPort()].filter(
    (finding) => finding !== null,
  );
}

function checkBun(): Finding {
  const seen = `Bun ${Bun.version}`;
  if (Bun.semver.order(Bun.version, OLDEST_BUN) >= 0) return fine("bun", seen);
  return fail("bun", seen, `Install Bun ${OLDEST_BUN}, or start by npx --yes bun@${OLDEST_BUN} run start.`);
}

function checkFolder(): Finding {
  const folder = nearest(config.dataDir);
  const fault = denied(folder, constants.W_OK | constants.X_OK);
  if (fault) return fail("data folder", `${folder} cannot be written (${fault})`, "Set DATA_DIR to a folder that you own.");
  return fine("data folder", folder === config.dataDir ? folder : `${config.dataDir}, to be made at the first start`);
}

function checkDisk(): Finding {
  const { bavail, bsize } = statfsSync(nearest(config.dataDir));
  const free = bavail * bsize;
  const cure = "Make room: bun run job retention shows what old records hold.";
  if (free < GB / 5) return fail("disk", `${bytes(free)} are free`, cure);
  return free < GB ? warn("disk", `${bytes(free)} are free`, cure) : fine("disk", `${bytes(free)} are free`);
}

/** The limit of a container or a service. The agent lives under it too. */
function checkMemory(): Finding | null {
  const files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
  const limit = Number(files.map((file) => (existsSync(file) ? readFileSync(file, "utf8").trim() : "")).find(Boolean) ?? "max");
  if (!Number.isFinite(limit) || limit > 1024 * GB) return null;
  const needed = (config.agentCommand === "sandbox" ? 0.25 : 1) * GB + (config.filterModel.enabled ? 2 * GB : 0);
  if (limit >= needed) return fine("memory", `limited to ${bytes(limit)}`);
  return warn(
    "memory",
    `limited to ${bytes(limit)}`,
    `The agent and the filter may need ${bytes(needed)}: raise APP_MEM_LIMIT, or the service's MemoryMax.`,
  );
}

function checkSecurityLog(): Finding | null {
  const path = config.securityLogPath;
  if (!path) return null;
  const fault = existsSync(path) ? denied(path, constants.W_OK) : denied(dirname(path), constants.W_OK | constants.X_OK);
  if (!fault) return fine("security log", path);
  return fail("security log", `${path} cannot be written (${fault})`, "Set SECURITY_LOG_PATH to a file in a folder that you own.");
}

async function checkPort(): Promise<Finding> {
  const host = ["0.0.0.0", "::"].includes(config.host) ? "127.0.0.1" : config.host;
  const address = `${host.includes(":") ? `[${host}]` : host}:${config.port}`;
  // Not /health: much else answers that in the same words, the predecessor too.
  const found = await fetch(`http://${address}/ready`, { signal: AbortSignal.timeout(2_000), redirect: "error" })
    .then(async (answer) => (await answer.json()) as { status?: string })
    .catch(() => null);
  if (found?.status === "ready") return fine("port", `Moltbot answers on ${address}`);
  if (found?.status === "not_ready")
    return fail("port", `Moltbot answers on ${address}, and its database does not serve it`, "See what is said of the database below.");
  try {
    Bun.listen({ hostname: config.host, port: config.port, exclusive: true, socket: { data() {} } }).stop(true);
    return fine("port", `${address} is free: Moltbot does not run`);
  } catch {
    return fail("port", `${address} is taken by something else, or not to be had`, "Stop what uses it, or set HOST and PORT.");
  }
}

function nearest(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearest(dirname(path));
}

function denied(path: string, mode: number): string | null {
  try {
    accessSync(path, mode);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "denied";
  }
}

function bytes(count: number): string {
  return count < GB ? `${Math.round(count / 1024 ** 2)} MB` : `${(count / GB).toFixed(1)} GB`;
}
