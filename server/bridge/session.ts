import { streamHeaders } from "./headers.ts";
import type { Link } from "./link.ts";
import type { Message } from "./message.ts";
import { compose, isRecord } from "./message.ts";
import { pause, pauseAfter } from "./pause.ts";
import type { Outcome } from "./post.ts";
import { post, readOn, send } from "./post.ts";
import { startOf } from "./stream.ts";
import { takeTools } from "./tools.ts";

const GREETING_MS = 5_000;
const GOODBYE_MS = 200;
/** How a server of ours says that it answers a repeated `Idempotency-Key` with its first result. */
const TAKES_KEYS = "moltbot/idempotencyKey";

const greetings = new WeakMap<Link, Promise<Outcome>>();

/** Notes what the server says of itself in its answer to initialize or server/discover. */
export function noteGreeting(link: Link, greeting: Message, { body }: Message): void {
  if (!isRecord(body.result)) return;
  const { protocolVersion, capabilities } = body.result;
  if (greeting.method === "initialize" && typeof protocolVersion === "string") link.session.version = protocolVersion;
  const experimental = isRecord(capabilities) ? capabilities.experimental : null;
  link.takesKeys = isRecord(experimental) && TAKES_KEYS in experimental;
}

/**
 * Greets the server in the client's words: because it missed the first time, or has forgotten the session. Once for all who ask meanwhile.
 * A client that found a stand-in then hears that there are tools to see.
 */
export function greetAnew(link: Link): Promise<Outcome> {
  const greeting = greetings.get(link) ?? greet(link).finally(() => greetings.delete(link));
  greetings.set(link, greeting);
  return greeting;
}

async function greet(link: Link): Promise<Outcome> {
  const greeting = link.owed ?? link.session.opening;
  if (!greeting) return { kind: "done" };
  const receive = (answer: Message) => (greeting.method === "tools/list" ? takeTools : noteGreeting)(link, greeting, answer);
  const trip = { signal: AbortSignal.timeout(GREETING_MS), receive };
  const outcome = await post(link, greeting, trip);
  if (outcome.kind !== "done") return outcome;
  if (greeting.method === "initialize") {
    await post(link, compose({ method: "notifications/initialized" }), trip);
    openStream(link);
  }
  if (link.owed === greeting) {
    link.owed = null;
    await link.write(compose({ method: "notifications/tools/list_changed" }).line);
  }
  return outcome;
}

/** Hears what a server with sessions says unasked, until the session ends. Most servers say nothing, and refuse. */
export function openStream(link: Link): void {
  link.session.stream?.abort();
  link.session.stream = link.session.id === null ? null : new AbortController();
  if (link.session.stream) void listen(link, link.session.stream.signal);
}

async function listen(link: Link, signal: AbortSignal): Promise<void> {
  const cursor = startOf();
  for (let failures = 0; !signal.aborted; failures++) {
    const lastEventId = cursor.lastEventId;
    const outcome = await readOn(link, null, cursor, { signal, receive: ({ line }) => link.write(line) });
    if (outcome.kind === "forgotten" && link.session.id === outcome.sessionId) await greetAnew(link);
    if (outcome.kind !== "lost" && outcome.kind !== "refused") return;
    if (cursor.lastEventId !== lastEventId) failures = 0;
    await pause(Math.max(cursor.retryMs, pauseAfter(failures)), signal);
  }
}

/** Tells a server that opens sessions that this one is over. It may be gone already: that is no fault. */
export async function endSession(link: Link): Promise<void> {
  if (!link.session.id) return;
  const signal = AbortSignal.timeout(GOODBYE_MS);
  await send(link, { method: "DELETE", headers: streamHeaders(link, null), signal }).catch(() => {});
}
