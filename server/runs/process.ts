import type { AgentCommand } from "./command.ts";

export const TERM_GRACE_MS = 15_000;

export type AgentProcess = {
  pid: number;
  /** Lines as they come; both end when the process and everything that it started have ended. */
  stdout: AsyncIterable<string>;
  stderr: AsyncIterable<string>;
  /** Ends the whole process group: TERM, then KILL after `graceMs`. */
  stop(graceMs?: number): void;
  exited: Promise<number | null>;
};

/** Starts an agent in a process group of its own and hands it the prompt on its standard input. */
export function startProcess({ argv, env, cwd }: AgentCommand, prompt: string): AgentProcess {
  const child = Bun.spawn(argv, { env, cwd, detached: true, stdin: new Blob([prompt]), stdout: "pipe", stderr: "pipe" });
  let killer: ReturnType<typeof setTimeout> | undefined;
  const exited = child.exited.then((code) => {
    clearTimeout(killer);
    // Whatever the agent started and left behind goes with it, and with it the last holder of the pipes.
    signalGroup(child.pid, "SIGKILL");
    return child.signalCode ? null : code;
  });
  return {
    pid: child.pid,
    stdout: linesOf(child.stdout),
    stderr: linesOf(child.stderr),
    stop(graceMs = TERM_GRACE_MS) {
      if (killer) return;
      signalGroup(child.pid, "SIGTERM");
      killer = setTimeout(() => signalGroup(child.pid, "SIGKILL"), graceMs);
    },
    exited,
  };
}

/** Signals a process group; a group that is gone already is what we want. */
export function signalGroup(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

const LINE_LIMIT = 256 * 1024;

/** Splits a byte stream into lines in bounded memory: what a line has beyond 256 KiB is dropped, with a mark. */
async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  let dropped = 0;
  const finish = () => {
    const line = dropped > 0 ? `${rest} … ${dropped} more characters` : rest;
    rest = "";
    dropped = 0;
    return line;
  };
  for await (const bytes of stream) {
    const parts = decoder.decode(bytes, { stream: true }).split("\n");
    for (const [index, part] of parts.entries()) {
      if (index > 0) yield finish();
      const room = LINE_LIMIT - rest.length;
      rest += part.slice(0, room);
      dropped += Math.max(0, part.length - room);
    }
  }
  if (rest || dropped) yield finish();
}
