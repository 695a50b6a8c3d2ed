import type { Exposure, Screen } from "../filter/schema.ts";
import type { MoltbookOptions } from "./client.ts";
import type { Moltbook } from "./endpoints.ts";
import { createMoltbook } from "./endpoints.ts";
import type { Failure } from "./failures.ts";
import { failureOf } from "./failures.ts";

/** The key that doubles are called with. */
export const TEST_KEY = "moltbook_test_0123456789abcdef";

/** A request as a double saw it. `body` is the parsed JSON, null when there was none. */
export type Seen = { method: string; path: string; query: Record<string, string>; headers: Headers; body: unknown };

/** The way to a sandbox, with every request that leaves us added to `sent` as "POST /posts/…". */
export function noted(sandbox: { url: string; apiKey: string }, sent: string[]): Pick<MoltbookOptions, "baseUrl" | "apiKey" | "fetch"> {
  const note = (url: string, init: RequestInit) => {
    sent.push(`${init.method} ${url.slice(sandbox.url.length)}`);
    return fetch(url, init);
  };
  return { baseUrl: sandbox.url, apiKey: sandbox.apiKey, fetch: note as typeof fetch };
}

/** A filter that lets everything through. */
export const openScreen: Screen = (value) => ({ value, exposures: [], withheld: 0 });

/** A Moltbook on loopback that answers every request with `answer`, and remembers what it was asked. Close it with `using`. */
export function openDouble(answer: (seen: Seen) => Response | Promise<Response>) {
  const seen: Seen[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const url = new URL(request.url);
      const text = await request.text();
      const one: Seen = {
        method: request.method,
        path: url.pathname.replace("/api/v1", ""),
        query: Object.fromEntries(url.searchParams),
        headers: request.headers,
        body: text === "" ? null : JSON.parse(text),
      };
      seen.push(one);
      return answer(one);
    },
  });
  const baseUrl = `http://127.0.0.1:${server.port}/api/v1`;
  return {
    seen,
    baseUrl,
    moltbook: (options: Partial<MoltbookOptions> = {}) => createMoltbook({ baseUrl, apiKey: TEST_KEY, screen: openScreen, ...options }),
    [Symbol.dispose]: () => void server.stop(true),
  };
}

/**
 * A server that reads a request, says the next of `replies` (the last one for ever), and hangs up; `arrived` are the requests that it read.
 * Close it with `using`.
 */
export function openHangUp(...replies: string[]) {
  const arrived: string[] = [];
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data(socket, bytes) {
        const text = bytes.toString();
        if (/^[A-Z]+ \/api/.test(text)) arrived.push(text.slice(0, text.indexOf(" HTTP")));
        // Headers and body may come in two pieces; the body of these writes ends with a brace.
        if (text.startsWith("GET") || text.endsWith("}")) socket.end((replies.length > 1 ? replies.shift() : replies[0]) ?? "");
      },
    },
  });
  const baseUrl = `http://127.0.0.1:${server.port}/api/v1`;
  const moltbook = () => createMoltbook({ baseUrl, apiKey: TEST_KEY, screen: openScreen, backoffMs: 1 });
  return { arrived, moltbook, [Symbol.dispose]: () => server.stop(true) };
}

/** What `call` makes of a server that answers everything with `body` (undefined: 204 and nothing), and what that server was asked, once. */
export async function ask<T>(body: unknown, call: (moltbook: Moltbook) => Promise<{ data: T }>, status = 200) {
  using double = openDouble(() => (body === undefined ? new Response(null, { status: 204 }) : Response.json(body, { status })));
  const { data } = await call(double.moltbook());
  const [seen] = double.seen;
  if (!seen || double.seen.length > 1) throw new Error(`expected one request, got ${double.seen.length}`);
  const { method, path, query, body: sent } = seen;
  return { data, asked: { method, path, query, body: sent } };
}

/** The error of a call that has to fail, with its details. */
export async function failureFrom(call: Promise<unknown>): Promise<{ message: string; code: string; details: Failure }> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const details = failureOf(error);
  if (!details) throw new Error(`expected a failed call, got ${String(error)}`);
  return { ...(error as { message: string; code: string }), message: (error as Error).message, details };
}

/** An exposure of a text that the filter let through. */
export function exposureOf(field: string, text: string): Exposure {
  const verdict = { band: "allow" as const, score: 0, flag: false, rules: [], reason: null, spans: [], version: "test", degraded: false };
  return { kind: "other", itemId: null, author: null, field, text, contentHash: new Bun.SHA256().update(text).digest("hex"), verdict };
}
