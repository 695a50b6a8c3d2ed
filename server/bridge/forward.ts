import { deliver } from "./deliver.ts";
import { explain, noSuchTool } from "./explain.ts";
import type { Link } from "./link.ts";
import { log } from "./log.ts";
import { awaitReturn } from "./lookout.ts";
import type { Id, Message } from "./message.ts";
import { compose, isRequest, parseMessage } from "./message.ts";
import type { Outcome } from "./post.ts";
import { isGreeting, isRead } from "./repeat.ts";
import { noteGreeting, openStream } from "./session.ts";
import { isIgnored, takeTools } from "./tools.ts";

type Request = Message & { id: Id; method: string };

export type Forwarder = {
  /** Takes a line from the client; null is one that was too long to keep. Returns at once. */
  accept(line: string | null): void;
  /** Resolves when nothing is under way any more. Subscriptions, which never end by themselves, are ended. */
  settle(): Promise<unknown>;
  /** Breaks off everything that is under way; each open request is answered with what is known of it. */
  abort(): void;
};

/** Forwards lines to the server, all at the same time, and writes each message that comes back. Every request is answered exactly once. */
export function createForwarder(link: Link): Forwarder {
  const open = new Map<Id, { method: string; controller: AbortController }>();
  const tasks = new Set<Promise<void>>();
  const closing = new AbortController();

  function accept(line: string | null): void {
    if (line?.trim() === "") return;
    const message = line === null ? { code: -32700, reason: "Parse error: the line is longer than 64 MiB." } : parseMessage(line);
    if ("reason" in message) {
      log("warn", "bridge.malformed_line", { code: message.code });
      link.write(compose({ id: null, error: { code: message.code, message: message.reason } }).line);
      return;
    }
    if (message.method === "notifications/cancelled") cancel(message.params.requestId);
    if (message.method === "notifications/cancelled" && !link.session.id) return;
    if (isRequest(message) && open.has(message.id)) return log("warn", "bridge.duplicate_id");
    const task = (isRequest(message) ? ask(message) : tell(message)).finally(() => tasks.delete(task));
    tasks.add(task);
  }

  /** The connection's end is the cancellation; one that never got through is only forgotten. A cancelled request is not answered. */
  function cancel(id: unknown): void {
    open.get(id as Id)?.controller.abort();
    open.delete(id as Id);
  }

  async function ask(request: Request): Promise<void> {
    const entry = { method: request.method, controller: new AbortController() };
    open.set(request.id, entry);
    if (request.method === "initialize") link.session.opening = request;
    const answer = async (message: Message) => {
      if (open.get(request.id) !== entry) return;
      open.delete(request.id);
      await link.write(message.line);
    };
    if (request.method === "tools/call" && isIgnored(link, request.params.name)) return answer(noSuchTool(request));
    const receive = (message: Message) => (message.method === null ? answer(understood(request, message)) : link.write(message.line));
    const signal = AbortSignal.any([entry.controller.signal, closing.signal]);
    const outcome = await deliver(link, request, { signal, receive });
    if (outcome.kind === "done" || open.get(request.id) !== entry) return;
    log("warn", "bridge.request_failed", { method: request.method.slice(0, 64), ...factsOf(outcome) });
    const explanation = explain(request, outcome, isRead(link, request));
    const isMisled = "result" in explanation.body && (isGreeting(request) || request.method === "tools/list");
    if (isMisled && (isGreeting(request) || !link.owed)) link.owed = request;
    await answer(explanation);
    if (isMisled) void awaitReturn(link);
  }

  /** What the server says of itself and its tools is noted on the way. */
  function understood(request: Request, answer: Message): Message {
    if (isGreeting(request) || request.method === link.owed?.method) link.owed = null;
    if (isGreeting(request)) noteGreeting(link, request, answer);
    return request.method === "tools/list" ? takeTools(link, request, answer) : answer;
  }

  async function tell(message: Message): Promise<void> {
    const receive = (incoming: Message) => link.write(incoming.line);
    const outcome = await deliver(link, message, { signal: closing.signal, receive });
    if (outcome.kind !== "done") log("warn", "bridge.message_dropped", { method: message.method?.slice(0, 64), ...factsOf(outcome) });
    else if (message.method === "notifications/initialized") openStream(link);
  }

  function settle(): Promise<unknown> {
    for (const [id, { method }] of open) if (method === "subscriptions/listen") cancel(id);
    return Promise.all(tasks);
  }

  return { accept, settle, abort: () => closing.abort() };
}

function factsOf(outcome: Outcome): Record<string, unknown> {
  const { kind } = outcome;
  return { kind, ...("reason" in outcome ? { reason: outcome.reason } : {}), ...("status" in outcome ? { status: outcome.status } : {}) };
}
