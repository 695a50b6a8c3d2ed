import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";

import { AppError } from "../server/errors.ts";

/**
 * How to run a program that refuses to be root (Postgres does), for a process that is. An ordinary user needs nothing: no `ids`, an empty
 * `prefix`. For root, `prefix` is a setpriv command line that becomes the user `postgres`, or `nobody` where there is none, and keeps no
 * capability; only if that user could not even enter the folders (a checkout under /root, say) it keeps the one to pass through them.
 * Throws AppError `unavailable` where root cannot be left.
 */
export function unprivileged(...folders: string[]): { prefix: string[]; ids: { uid: number; gid: number } | null } {
  if (process.getuid?.() !== 0) return { prefix: [], ids: null };
  const setpriv = Bun.which("setpriv");
  const ids = process.platform === "linux" ? (userIds("postgres") ?? userIds("nobody")) : undefined;
  if (!setpriv || !ids) {
    throw new AppError(
      "unavailable",
      "Postgres does not run as root, and setpriv (util-linux) is not here to leave root. Start as an ordinary user, or set DATABASE_URL.",
    );
  }
  const prefix = [setpriv, `--reuid=${ids.uid}`, `--regid=${ids.gid}`, "--clear-groups"];
  if (!folders.every(isOpenToAll)) {
    const cap = `+${passCapability()}`;
    // access(2) drops capabilities for a real uid other than 0 unless this bit is set, and Postgres asks access(2) about its own program.
    prefix.push(`--inh-caps=${cap}`, `--ambient-caps=${cap}`, `--bounding-set=-all,${cap}`, "--securebits=+no_setuid_fixup");
  }
  return { prefix, ids };
}

/** True if any user may walk to this folder: each folder above it lets others through. */
function isOpenToAll(folder: string): boolean {
  for (let path = dirname(folder); ; path = dirname(path)) {
    if (((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/** CAP_DAC_READ_SEARCH where this process has it (bit 2 of the bounding set), else CAP_DAC_OVERRIDE, which containers have by default. */
function passCapability(): string {
  const bounding = /^CapBnd:\s*([0-9a-f]+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return (BigInt(`0x${bounding}`) >> 2n) & 1n ? "dac_read_search" : "dac_override";
}

function userIds(name: string): { uid: number; gid: number } | undefined {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}
