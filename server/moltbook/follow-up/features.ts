import type { CallOptions } from "../client.ts";
import { moltbook } from "../connection.ts";
import { failureOf } from "../failures.ts";
import type { Feature } from "../features.ts";
import { guarded } from "../governor.ts";
import type { Caller } from "../modes.ts";
import { recordFeature } from "./queries.ts";

/** The read that shows whether a feature is there. What can only be written is found out by the call that needs it. */
const PROBES: Partial<Record<Feature, (options: CallOptions) => ReturnType<typeof read>>> = {
  home: (options) => read(moltbook().home(options)),
  notifications: (options) => read(moltbook().notifications({ limit: 1 }, options)),
  messages: (options) => read(moltbook().dmCheck(options)),
  search: (options) => read(moltbook().search({ q: "hello", limit: 1 }, options)),
  labels: (options) => read(moltbook().labels("general", options)),
};

type Answered = { upstream: { rateLimit: null } };

async function read(call: Promise<unknown>): Promise<Answered> {
  await call;
  return { upstream: { rateLimit: null } };
}

/** Finds out whether Moltbook has a feature today, and keeps it. Throws what else goes wrong. */
export async function detectFeature(who: Caller, feature: Feature): Promise<void> {
  const probe = PROBES[feature];
  const available = probe ? await guarded(who, { classes: ["read"] }, probe).then(() => true, isThere) : true;
  await recordFeature(who, feature, available);
}

/** A refusal of any other kind comes from something that is there. */
function isThere(error: unknown): boolean {
  const kind = failureOf(error)?.kind;
  if (kind === "no_such_endpoint") return false;
  if (kind === "not_found" || kind === "forbidden" || kind === "upstream_shape" || kind === "invalid") return true;
  throw error;
}
