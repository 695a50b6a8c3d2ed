import { describe, log } from "../../log.ts";
import { type ModelFiles, type ModelProcess, startModelProcess } from "./process.ts";
import type { ModelStatus } from "./schema.ts";

/** How long after the deadline an answer is waited for, and how long until a process without one counts as stuck: a batch takes its time. */
const SLACK_MS = 1_000;
const STUCK_MS = 20_000;

/** Wait before a process that ended is started again: doubled each time until it answers a question, up to five minutes. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;

/** `onOutage` is told once of each outage. */
export type Supervision = ModelFiles & { onOutage: (reason: string, since: Date) => void };

export type Supervisor = {
  /** Starts the process, unless it runs or waits to be started again. */
  start: () => void;
  /** The digest of the model that is loaded, or was before it ended; undefined where none has been by `deadline`. */
  loaded: (deadline: number) => Promise<string | undefined>;
  /** Scores in the order of the texts; null where the model does not answer by `deadline` and a little. Never throws. */
  judge: (texts: string[], deadline: number) => Promise<(number | null)[]>;
  status: () => ModelStatus;
  stop: () => Promise<void>;
};

/** Keeps the model's process alive: one that ended is started again, one that is stuck is ended, and what cannot be asked counts as no answer. */
export function supervise({ onOutage, ...files }: Supervision): Supervisor {
  let running: ModelProcess | undefined;
  let digest: string | undefined;
  let stopped = false;
  let wait = FIRST_WAIT_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let status: ModelStatus = { state: "starting", since: new Date().toISOString(), reason: null };

  const become = (state: "ready" | "degraded", reason: string | null) => {
    if (stopped) return;
    const since = state === status.state ? new Date(status.since) : new Date();
    const isOutage = state === "degraded" && status.state !== state;
    status = { state, since: since.toISOString(), reason };
    if (!isOutage || reason === null) return;
    log.error("filter_model.degraded", { reason });
    onOutage(reason, since);
  };

  const start = () => {
    if (running || timer || stopped) return;
    try {
      running = startModelProcess(files);
      void follow(running);
    } catch (error) {
      log.error("filter_model.not_started", describe(error));
      retry("it cannot be started");
    }
  };

  const follow = async ({ ready, ended }: ModelProcess) => {
    const loaded = await Promise.race([ready, ended.then(() => null)]);
    if (loaded !== null) {
      digest = loaded;
      become("ready", null);
    }
    retry(await ended);
  };

  const retry = (reason: string) => {
    running = undefined;
    become("degraded", reason);
    if (stopped) return;
    timer = setTimeout(() => {
      timer = undefined;
      start();
    }, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  };

  return {
    start,
    async loaded(deadline) {
      start();
      if (running) await within(deadline, running.ready, running.ended);
      return digest;
    },
    async judge(texts, deadline) {
      const nothing = texts.map(() => null);
      const asked = running;
      if (!asked) return nothing;
      const isReady = await within(deadline, asked.ready, asked.ended);
      if (isReady === undefined) become("degraded", "it is still being loaded");
      if (isReady === undefined || running !== asked) return nothing;
      const answering = asked.ask(texts, deadline);
      const answer = await within(deadline + SLACK_MS, answering);
      if (answer === "ended") return nothing;
      if (answer === undefined) {
        become("degraded", "it is too slow");
        void endIfStuck(asked, answering, deadline);
        return nothing;
      }
      if (answer.includes(null)) become("degraded", "it is too slow");
      else {
        wait = FIRST_WAIT_MS;
        become("ready", null);
      }
      return answer;
    },
    status: () => status,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      running?.kill("it was stopped");
      await running?.ended;
    },
  };
}

async function endIfStuck(asked: ModelProcess, answering: Promise<unknown>, deadline: number): Promise<void> {
  if ((await within(deadline + STUCK_MS, answering)) === undefined) asked.kill("it did not answer in time");
}

/** The first of promises to settle, or undefined at `deadline` (ms since 1970). */
async function within<Value>(deadline: number, ...promises: Promise<Value>[]): Promise<Value | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, Math.max(0, deadline - Date.now()), undefined);
  return Promise.race([...promises, late]).finally(() => clearTimeout(timer));
}
