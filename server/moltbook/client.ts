import type * as z from "zod";

import { AppError } from "../errors.ts";
import type { Exposure, Screen, Screened } from "../filter/schema.ts";
import { adviceFor, hintOf } from "./advice.ts";
import { checkBaseUrl } from "./base-url.ts";
import { MAX_BYTES } from "./body.ts";
import type { Exchange, Request, Wire } from "./exchange.ts";
import { exchange, pathOf } from "./exchange.ts";
import type { Failure, RateLimit } from "./failures.ts";
import { failure } from "./failures.ts";
import { isRefusal, kindOf, waitOf } from "./refusals.ts";
import { persistently } from "./retries.ts";
import { camelKeys, isRecord, toCount, toTime } from "./wire.ts";

/**
 * `screen` sees every parsed body before anything else does. `timeoutMs` covers a whole exchange, its body included (default 30 000);
 * `backoffMs` is about the wait before a read is tried again (default 300).
 */
export type MoltbookOptions = {
  baseUrl: string;
  apiKey: string | null;
  screen: (...answer: Parameters<Screen>) => Screened | Promise<Screened>;
  timeoutMs?: number | undefined;
  backoffMs?: number | undefined;
  fetch?: typeof fetch | undefined;
};

/** What the wire saw of a call. `ms` is the whole exchange, `bytes` the body after decompression. */
export type Upstream = { method: string; path: string; status: number; ms: number; bytes: number; rateLimit: RateLimit | null };

/** A parsed and filtered answer. `withheld` counts the items that the filter kept back. */
export type Answer<T> = { data: T; exposures: Exposure[]; withheld: number; upstream: Upstream };

/**
 * `signal`: a call whose signal fires is given up, and a write that was under way is then `outcome_unknown`. `mayRetry` is asked before a read
 * is sent once more, since every try counts against Moltbook's limits; without it, a read is sent once.
 */
export type CallOptions = { signal?: AbortSignal | undefined; mayRetry?: (() => Promise<boolean>) | undefined };

/** One call: what to ask, and what to make of the answer. */
export type Call = <T>(request: Request, shape: z.ZodType<T>, options?: CallOptions) => Promise<Answer<T>>;

/**
 * The one way to Moltbook. The returned function sends a write once, and a read up to three times; it follows no redirect, and answers with
 * what `shape` makes of the filtered body (its keys in camelCase). It throws AppErrors with a `Failure` as their details, and whatever `screen`
 * and `mayRetry` throw.
 */
export function createClient(options: MoltbookOptions): Call {
  const base = checkBaseUrl(options.baseUrl);
  const apiKey = checkKey(options.apiKey);
  const wire: Wire = { base, apiKey, timeoutMs: options.timeoutMs ?? 30_000, fetch: options.fetch ?? fetch };

  const attempt = async <T>(request: Request, shape: z.ZodType<T>, signal: AbortSignal | undefined): Promise<Answer<T>> => {
    const { method } = request;
    const isRegistration = request.action === "register";
    const landed = method === "GET" ? false : null;
    const sent: Failure = { kind: "invalid", status: null, method, path: pathOf(request), landed, rateLimit: null, exposures: [] };
    if (!isRegistration && !apiKey) throw failure(NO_KEY, { ...sent, kind: "unauthorized", landed: false });

    const answer = await exchange(isRegistration ? { ...wire, apiKey: null } : wire, request, sent, signal);
    const { status, body, ms } = answer;
    const rateLimit = rateLimitOf(answer.headers);
    const seen: Failure = { ...sent, status, rateLimit };
    if (status >= 300 && status < 400) throw failure(REDIRECTED, { ...seen, kind: "redirect", landed: false });

    const { value, exposures, withheld } = await screened(options.screen, answer, `${method} ${sent.path}`);
    const said = camelKeys(value);
    if (isRefusal(status, body.json)) throw refused(request, answer, said, { ...seen, exposures });
    if (body.fault) throw unusable(body.fault, seen);
    // The key that a registration issues joins the answer only here, past the filter and its records.
    const parsed = shape.safeParse(isRegistration && isRecord(said) ? { ...said, issuedKey: body.issuedKey } : said);
    if (!parsed.success) throw misshapen(parsed.error, { ...seen, exposures, landed: method !== "GET" });
    return { data: parsed.data, exposures, withheld, upstream: { method, path: sent.path, status, ms, bytes: body.bytes, rateLimit } };
  };

  return (request, shape, callOptions = {}) => {
    const once = () => attempt(request, shape, callOptions.signal);
    return request.method === "GET" ? persistently(once, callOptions, options.backoffMs ?? 300) : once();
  };
}

function checkKey(apiKey: string | null): string | null {
  if (apiKey === null || /^[\x21-\x7e]{16,512}$/.test(apiKey)) return apiKey;
  throw new AppError("invalid", "MOLTBOOK_API_KEY must have 16 to 512 printable characters without spaces or line breaks: copy it again.");
}

const NO_KEY = "No Moltbook API key is set up, so nothing was sent. The operator has to register an agent or set MOLTBOOK_API_KEY.";

const REDIRECTED =
  "Moltbook answered with a redirect, which is never followed: the key would go to another host, or get lost on the way. " +
  "The operator has to set MOLTBOOK_API_BASE to https://www.moltbook.com/api/v1 (with www) or leave it unset.";

function rateLimitOf(headers: Headers): RateLimit | null {
  const limit = toCount(headers.get("x-ratelimit-limit"));
  const remaining = toCount(headers.get("x-ratelimit-remaining"));
  const resetAt = toTime(headers.get("x-ratelimit-reset"));
  return limit === null && remaining === null && resetAt === null ? null : { limit, remaining, resetAt };
}

function screened(screen: MoltbookOptions["screen"], { body }: Exchange, source: string): Screened | Promise<Screened> {
  const isEmpty = body.json === null || body.json === undefined;
  return isEmpty ? { value: null, exposures: [], withheld: 0 } : screen(body.json, source);
}

function refused(request: Request, answer: Exchange, said: unknown, seen: Failure): AppError {
  const { action, thing } = request;
  const refusal = { status: answer.status, body: camelKeys(answer.body.json), headers: answer.headers };
  const kind = kindOf(refusal, action);
  const isWaiting = kind === "rate_limited" || kind === "suspended" || kind === "server_error";
  const wait = isWaiting ? waitOf(refusal, Date.now()) : {};
  const message = adviceFor({ kind, action, thing, status: answer.status, said, retryAfterS: wait.retryAfterS });
  // A gateway's 5xx says nothing of what the server behind it did.
  const landed = kind === "server_error" ? seen.landed : false;
  return failure(message, { ...seen, kind, landed, ...wait, hint: hintOf(said) });
}

function unusable(fault: "too_large" | "not_json", seen: Failure): AppError {
  const caution =
    seen.method === "GET" ? "" : " The write may have taken effect: do not repeat it before you have read whether it is there.";
  const message =
    fault === "too_large"
      ? `Moltbook's answer is too large (more than ${MAX_BYTES / 1024 / 1024} MB, or too many values) and was cut off. Ask for less: a smaller limit, or one item.`
      : "Moltbook answered with something that is not JSON. Try again later; if it lasts, the operator has to check MOLTBOOK_API_BASE.";
  return failure(`${message}${caution}`, { ...seen, kind: fault === "too_large" ? "too_large" : "upstream_shape" });
}

function misshapen(error: z.ZodError, seen: Failure): AppError {
  const path = (error.issues[0]?.path ?? []).reduce<string>((so, key) => `${so}${step(key)}`, "$");
  const caution = seen.landed ? " Moltbook accepted the write, so do not repeat it." : "";
  const message = `Moltbook's answer has changed: ${path} is missing or not of the expected type. The operator has to update Moltbot or report it.${caution}`;
  return failure(message, { ...seen, kind: "upstream_shape" });
}

/** A step of a JSON path, in the spelling of the live server. */
function step(key: PropertyKey): string {
  return typeof key === "number" ? `[${key}]` : `.${String(key).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
}
