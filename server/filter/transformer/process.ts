import { join } from "node:path";

import { limited, watchMemory } from "./memory.ts";

/** What the child is asked: texts, and by when (ms since 1970) it has to answer. */
export type Question = { id: number; texts: string[]; deadline: number };

/** What it says: the digest of the model that it has loaded, or an answer, text by text. */
export type Answer = { ready: string } | { id: number; scores: Scores };

export type Scores = (number | null)[];

/** What the model's process needs: the folders of the model and of the library, and the most memory that it may take, in bytes. */
export type ModelFiles = { folder: string; runtime: string; memoryLimit: number; path: string };

export type ModelProcess = {
  pid: number;
  /** The digest of the loaded model; never, if the process ends before. */
  ready: Promise<string>;
  /** Scores in the order of the texts, null for those that were not read in time; "ended" where the process ends first. Never throws. */
  ask: (texts: string[], deadline: number) => Promise<Scores | "ended">;
  kill: (reason: string) => void;
  /** Why it ended, in words for the operator. */
  ended: Promise<string>;
};

/** How much of what the process says on its standard error is kept. */
const LONGEST_REASON = 300;

/**
 * Starts the model's process. It gets no setting and no key, only a PATH, and works where no .env lies. It is killed when it
 * takes more memory than it may, and ends by itself when this process does. Throws what `spawn` throws.
 */
export function startModelProcess({ folder, runtime, memoryLimit, path }: ModelFiles): ModelProcess {
  const { promise: ready, resolve: becomeReady } = Promise.withResolvers<string>();
  const waiting = new Map<number, (scores: Scores | "ended") => void>();
  let lastId = 0;
  let reason: string | undefined;
  const child = Bun.spawn(limited([process.execPath, join(import.meta.dir, "child.ts"), folder, runtime], memoryLimit), {
    cwd: "/",
    env: { PATH: path },
    stdio: ["ignore", "ignore", "pipe"],
    serialization: "json",
    ipc(answer: Answer) {
      if ("ready" in answer) return becomeReady(answer.ready);
      waiting.get(answer.id)?.(answer.scores);
      waiting.delete(answer.id);
    },
  });
  const kill = (why: string) => {
    reason ??= why;
    child.kill("SIGKILL");
  };
  const unwatch = watchMemory(child.pid, memoryLimit, () => kill("it took more memory than it may"));
  const said = lastLineOf(child.stderr);
  const ended = child.exited.then(async (code) => {
    unwatch();
    for (const settle of waiting.values()) settle("ended");
    waiting.clear();
    return reason ?? ((await said) || `its process ended (${child.signalCode ?? code})`);
  });
  return {
    pid: child.pid,
    ready,
    ask(texts, deadline) {
      lastId += 1;
      const { promise, resolve } = Promise.withResolvers<Scores | "ended">();
      waiting.set(lastId, resolve);
      try {
        child.send({ id: lastId, texts, deadline });
      } catch {
        // It has just ended.
        waiting.delete(lastId);
        resolve("ended");
      }
      return promise;
    },
    kill,
    ended,
  };
}

/** The last line that a stream ends with, cut short, without holding more than that of it. */
async function lastLineOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let tail = "";
  for await (const chunk of stream) tail = (tail + decoder.decode(chunk, { stream: true })).slice(-2 * LONGEST_REASON);
  return tail.trim().split("\n").at(-1)?.slice(0, LONGEST_REASON) ?? "";
}
