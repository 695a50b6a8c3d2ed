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
  type?: "unauthorized_access" | "closed_run_call";
  severity: Severity;
  title: string;
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
/** Different refusals a minute that this process records one by one. Beyond that a stranger with many addresses gets one event more, and no record. */
const MOST = 60;

let minute = 0;
let seen = new Set<string>();

/**
 * Records that somebody was refused: one event a minute for each source, route and severity, however often it knocks, and a bounded number in all, so that
 * nobody can fill the record from outside. Never throws: who is refused stays refused while the database is away.
 */
export async function recordRefusal(refusal: Refusal): Promise<void> {
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  if (now !== minute) {
    minute = now;
    seen = new Set();
  }
  const key = `${refusal.severity} ${refusal.source} ${refusal.path} ${refusal.runId}`;
  if (seen.has(key) || seen.size > MOST) return;
  seen.add(key);
  const isOneTooMany = seen.size > MOST;
  const { source, path, type = "unauthorized_access", severity, title, agentId, runId, mode } = refusal;
  try {
    await insertEvent({
      agentId: agentId ?? (await ensureAgent(config.agentName)).id,
      runId: isOneTooMany ? null : (runId ?? null),
      mode: isOneTooMany ? null : (mode ?? null),
      type,
      severity: isOneTooMany ? "medium" : severity,
      title: isOneTooMany ? "More strangers were refused in a minute than are recorded one by one" : title,
      detail: isOneTooMany ? {} : { source, path },
      sourceIp: isOneTooMany ? null : source,
      fingerprint: isOneTooMany ? { overflow: true } : { source, path, run: runId ?? null, severity },
      at: new Date(now),
    });
  } catch (error) {
    seen.delete(key);
    log.error("refusal.not_recorded", { path, ...describe(error) });
  }
}
