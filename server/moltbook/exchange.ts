import { isLoopback } from "./base-url.ts";
import type { Body } from "./body.ts";
import { readBody } from "./body.ts";
import type { Failure } from "./failures.ts";
import { failure } from "./failures.ts";
import type { Action } from "./refusals.ts";
import { safeId } from "./wire.ts";

/** One request. `path` comes in segments, each an id or a name; `thing` says in a word what is asked for, for messages of failure. */
export type Request = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string[];
  query?: Record<string, string | number | boolean | undefined>;
  body?: Record<string, unknown>;
  action: Action;
  thing: string;
};

/** Where requests go: a checked base URL, the key that they carry (null: none), and the time that a whole exchange may take. */
export type Wire = { base: string; apiKey: string | null; timeoutMs: number; fetch: typeof fetch };

/** An answer as it came in, with the time that the exchange took. */
export type Exchange = { status: number; headers: Headers; body: Body; ms: number };

/** The path of a request, made of nothing but safe segments; throws `invalid` before anything is sent. */
export function pathOf(request: Request): string {
  if (request.path.every((segment) => safeId.safeParse(segment).success)) return `/${request.path.map(encodeURIComponent).join("/")}`;
  throw failure(`That is not the id or name of a ${request.thing}: 1 to 128 letters, digits, "_" or "-". Copy it from a recent answer.`, {
    kind: "invalid",
    status: null,
    method: request.method,
    path: `/${request.path[0]}`,
    landed: false,
    rateLimit: null,
    exposures: [],
  });
}

/**
 * Sends a request, once, and reads the answer. A redirect is not followed, nor is its body read. An answer that never comes, or breaks off, throws:
 * `network` or `timeout` for a read or a request that was not sent, `outcome_unknown` for a write that may have arrived.
 */
export async function exchange(wire: Wire, request: Request, sent: Failure, signal: AbortSignal | undefined): Promise<Exchange> {
  if (signal?.aborted) throw failure("The call was cancelled before it was sent.", { ...sent, kind: "timeout", landed: false });
  const started = performance.now();
  const limit = AbortSignal.timeout(wire.timeoutMs);
  const until = signal ? AbortSignal.any([limit, signal]) : limit;
  try {
    const response = await wire.fetch(`${wire.base}${sent.path}${queryOf(request)}`, {
      method: request.method,
      headers: headersOf(request, wire.apiKey),
      body: request.body ? JSON.stringify(request.body) : null,
      redirect: "manual",
      signal: until,
      // A write gets a connection of its own: on a used one that the server has just dropped, nobody could tell what became of it.
      keepalive: request.method === "GET",
      // A proxy of the environment is for the world outside, and what goes to this machine stays on it.
      ...(isLoopback(wire.base) ? { proxy: false } : {}),
    });
    const body = await bodyOf(response, wire.apiKey);
    return { status: response.status, headers: response.headers, body, ms: Math.round(performance.now() - started) };
  } catch (error) {
    throw interrupted(error, { isLate: limit.aborted, isCancelled: signal?.aborted === true }, sent);
  }
}

function queryOf(request: Request): string {
  const given = Object.entries(request.query ?? {}).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as [string, string]],
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}

function headersOf(request: Request, apiKey: string | null): Record<string, string> {
  return {
    accept: "application/json",
    "user-agent": "moltbot/0.1",
    ...(request.body ? { "content-type": "application/json" } : {}),
    ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
  };
}

const UNREAD: Body = { bytes: 0, json: null, issuedKey: null, fault: null };

async function bodyOf(response: Response, apiKey: string | null): Promise<Body> {
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    return UNREAD;
  }
  // A refusal whose words break off is a refusal all the same: its status decides.
  return response.status >= 400 ? readBody(response, apiKey).catch(() => UNREAD) : readBody(response, apiKey);
}

/** Errors of a connection that never stood, so that not a byte of the request can have arrived. */
const UNSENT = new Set([
  "ConnectionRefused",
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ERR_PROXY_TUNNEL",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
]);

function interrupted(error: unknown, why: { isLate: boolean; isCancelled: boolean }, sent: Failure) {
  const { code } = error as { code?: unknown };
  if (typeof code === "string" && UNSENT.has(code)) {
    return failure(`Moltbook cannot be reached (${code}). Nothing was sent; try again in a minute.`, {
      ...sent,
      kind: "network",
      landed: false,
    });
  }
  if (sent.method !== "GET") {
    const message =
      "Moltbook's answer to this write never came, so it may have taken effect. Do not repeat it before you have read whether it is there.";
    return failure(message, { ...sent, kind: "outcome_unknown" });
  }
  if (why.isLate) return failure("Moltbook took too long to answer. Try again in a minute.", { ...sent, kind: "timeout" });
  if (why.isCancelled) return failure("The call was cancelled before Moltbook answered.", { ...sent, kind: "timeout" });
  return failure("The connection to Moltbook broke off. Try again in a minute.", { ...sent, kind: "network" });
}
