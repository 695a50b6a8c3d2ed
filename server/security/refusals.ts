import { ensureAgent } from "../agents/queries.ts";
import { config } from "../config.ts";
import { describe, log } from "../log.ts";
import type { Mode } from "../runs/schema.ts";
import { insertEvent } from "./queries.ts";
import type { Severity } from "./schema.ts";

/** Somebody who was not let in: from where, to which route of ours (never the address as it was sent), and in whose run, if the token was once good. */
export type Refusal = {
  source: string;
  path: string;
  type?: "unauthorized_access" | "closed_run_call" | "sign_in_failed" | "sign_in_refused";
  severity: Severity;
  title: string;
  detail?: Record<string, string | number>;
  /** What happened at `at` and is one event, whoever comes upon it; else each source, route, run and detail is one a minute. */
  once?: unknown;
  at?: Date;
  agentId?: string;
  runId?: string;
  mode?: Mode;
};

/** Records that the dashboard or the API refused a request that came from nobody it knows. `route` is the one that was matched. */
export function recordStranger({ headers }: Request, route: string, source: string): Promise<void> {
  const face = route.startsWith("/api/") ? "The API" : "The dashboard";
  const hasTried = headers.has("authorization");
  const title = hasTried ? `${face} was asked with a key that opens nothing` : `${face} was asked by nobody that is signed in`;
  return recordRefusal({ source, path: route, severity: hasTried ? "medium" : "info", title });
}

const MINUTE_MS = 60_000;
/** Different refusals of a type that this process records one by one in a minute. Beyond that a stranger with many addresses gets one event more. */
const MOST = 60;

let minute = 0;
/** By type, so that knocking at every door hides nobody who tries passwords meanwhile. */
let seen = new Map<string, Set<string>>();

/**
 * Records that somebody was refused: one event a minute for each source, route and severity, however often it knocks, and a bounded number of each type, so
 * that nobody can fill the record from outside. Never throws: who is refused stays refused while the database is away.
 */
export async function recordRefusal(refusal: Refusal): Promise<void> {
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  if (now !== minute) {
    minute = now;
    seen = new Map();
  }
  const { source, path, type = "unauthorized_access", severity, title, detail, once, at, agentId, runId, mode } = refusal;
  const recorded = seen.getOrInsertComputed(type, () => new Set());
  const fingerprint = once ?? { source, path, run: runId ?? null, severity, ...detail };
  const key = JSON.stringify(fingerprint);
  if (recorded.has(key) || recorded.size > MOST) return;
  recorded.add(key);
  const isOneTooMany = recorded.size > MOST;
  try {
    await insertEvent({
      agentId: agentId ?? (await ensureAgent(config.agentName)).id,
      runId: isOneTooMany ? null : (runId ?? null),
      mode: isOneTooMany ? null : (mode ?? null),
      type,
      severity: isOneTooMany ? "medium" : severity,
      title: isOneTooMany ? "More strangers were refused in a minute than are recorded one by one" : title,
      detail: isOneTooMany ? {} : { source, path, ...detail },
      sourceIp: isOneTooMany ? null : source,
      fingerprint: isOneTooMany ? { overflow: true } : fingerprint,
      at: isOneTooMany || !at ? new Date(now) : at,
    });
  } catch (error) {
    recorded.delete(key);
    log.error("refusal.not_recorded", { path, ...describe(error) });
  }
}
