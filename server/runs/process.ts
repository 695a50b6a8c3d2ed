import type { AgentCommand } from "./command.ts";
import { endLeftovers } from "./leftovers.ts";

/** How long an agent gets to end after TERM, and what it left in its pipes to arrive. */
export const GRACE_MS = 15_000;

export type AgentProcess = {
  pid: number;
  /** Lines as they come; both end when the process and everything that it started have ended. */
  stdout: AsyncIterable<string>;
  stderr: AsyncIterable<string>;
  /** Ends the whole process group: TERM, then KILL after `graceMs`. */
  stop(graceMs?: number): void;
  /** Ends the whole process group at once. */
  kill(): void;
  /** The exit code, null if it was a signal. By then nothing that the agent started is alive either. */
  exited: Promise<number | null>;
};

/** Starts an agent in a process group of its own and hands it the prompt on its standard input. Throws what `spawn` throws. */
export function startProcess({ argv, env, cwd, folder }: AgentCommand, prompt: string, grace = GRACE_MS): AgentProcess {
  const child = Bun.spawn(argv, { env, cwd, detached: true, stdin: new Blob([prompt]), stdout: "pipe", stderr: "pipe" });
  let killer: ReturnType<typeof setTimeout> | undefined;
  let hasEnded = false;
  const signal = (name: "SIGTERM" | "SIGKILL") => hasEnded || signalGroup(child.pid, name);
  const exited = child.exited.then((code) => {
    clearTimeout(killer);
    // Whatever the agent started and left behind goes with it, and with it the last holder of the pipes.
    signal("SIGKILL");
    hasEnded = true;
    endLeftovers(folder);
    return child.signalCode ? null : code;
  });
  return {
    pid: child.pid,
    stdout: linesOf(child.stdout, exited, grace),
    stderr: linesOf(child.stderr, exited, grace),
    stop(graceMs = grace) {
      if (killer) return;
      signal("SIGTERM");
      killer = setTimeout(() => signal("SIGKILL"), graceMs);
    },
    kill: () => signal("SIGKILL"),
    exited,
  };
}

/** Signals a process group. One that is gone, or whose number belongs to somebody else by now, is what we want. */
function signalGroup(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

const LINE_LIMIT = 256 * 1024;

/**
 * Splits a byte stream into lines in bounded memory: what a line has beyond 256 KiB is dropped, with a mark. Ends `graceMs` after `ended`
 * at the latest, since a process that got away from its group may hold the pipe open for ever.
 */
export async function* linesOf(stream: ReadableStream<Uint8Array>, ended: Promise<unknown>, graceMs: number): AsyncGenerator<string> {
  const reader = stream.getReader();
  void ended.then(() => setTimeout(() => reader.cancel().catch(() => {}), graceMs).unref());
  const decoder = new TextDecoder();
  let rest = "";
  let dropped = 0;
  const finish = () => {
    const line = dropped > 0 ? `${rest} … ${dropped} more characters` : rest;
    rest = "";
    dropped = 0;
    return line;
  };
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const parts = decoder.decode(value, { stream: true }).split("\n");
    for (const [index, part] of parts.entries()) {
      if (index > 0) yield finish();
      const room = LINE_LIMIT - rest.length;
      rest += part.slice(0, room);
      dropped += Math.max(0, part.length - room);
    }
  }
  if (rest || dropped) yield finish();
}
