import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { unprivileged } from "./unprivileged.ts";

/** Starts a server on a cluster. It outlives us: whoever leaves last stops it. */
export function spawnServer(server: string, folder: string, cluster: string, owner: ReturnType<typeof unprivileged>): Bun.Subprocess {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(freePort()),
    shared_buffers: "128MB",
    max_connections: "100",
    log_min_messages: "fatal",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = openSync(join(folder, "postgres.log"), "a", 0o600);
  // Detached: Ctrl-C in a terminal reaches the app, which drains first and stops the database last.
  const child = Bun.spawn([...owner.prefix, server, "-D", cluster, ...options], {
    env: { LC_ALL: "C" },
    stdout: log,
    stderr: log,
    detached: true,
  });
  closeSync(log);
  child.unref();
  return child;
}

function freePort(): number {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  probe.stop(true);
  return probe.port;
}

/**
 * The server that runs on a cluster, by postmaster.pid: line 1 the process, line 4 the port, line 8 "ready" once it takes connections
 * (Postgres manual, 66.1). A file whose process is gone, or is something else by now, is a leftover that Postgres itself sees to.
 */
export function findServer(cluster: string): { pid: number; port: number; isReady: boolean } | undefined {
  const lines = readText(join(cluster, "postmaster.pid"))?.split("\n");
  const pid = Number(lines?.[0]);
  if (!lines || !pid || !isPostmaster(pid, cluster)) return undefined;
  return { pid, port: Number(lines[3]), isReady: lines[7]?.startsWith("ready") ?? false };
}

/** True while this process is the server of this cluster. */
export function isPostmaster(pid: number, cluster: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  // Where there is no /proc, the number alone has to do.
  return readText(`/proc/${pid}/cmdline`)?.split("\0").includes(cluster) ?? true;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
