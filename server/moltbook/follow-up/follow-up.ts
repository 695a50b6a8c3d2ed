import { describe, log } from "../../log.ts";
import { noteChallenge } from "../account/account.ts";
import { lookAtAccount } from "../account/look.ts";
import { findAccount } from "../account/queries.ts";
import { failureOf } from "../failures.ts";
import { FEATURES } from "../features.ts";
import { listUnsettled } from "../intents/queries.ts";
import type { Caller } from "../modes.ts";
import { platformMode } from "../modes.ts";
import { expireVerifications } from "../verifications/queries.ts";
import { detectFeature } from "./features.ts";
import { listDueWritings, listStaleFeatures } from "./queries.ts";
import { reconcile } from "./reconcile.ts";
import { syncRequests } from "./requests.ts";
import { lookAfter } from "./visible.ts";

/** What one pass did, in counts. */
export type FollowedUp = { challenges_expired: number; intents: number; writings: number; features: number; requests: number };

/** At most so many of each in one pass: the agent needs its reads itself. */
const MOST = 5;

/** How old our knowledge of the account may be: while all is well, and while it is not. */
const FRESH_MS = { well: 3_600_000, ill: 600_000 };

/**
 * One pass over everything that is still open between us and Moltbook: the account's own state (after a suspension this is the one read that
 * shows whether it is over), challenges whose time has passed, writes of which nobody knows whether they landed, texts that should be visible
 * by now, functions of Moltbook that come and go, and requests for the operator. Only reads. Ends early where Moltbook refuses or fails.
 */
export async function followUp(who: Caller): Promise<FollowedUp> {
  const done: FollowedUp = { challenges_expired: 0, intents: 0, writings: 0, features: 0, requests: 0 };
  for (const { target_kind } of await expireVerifications(who)) {
    await noteChallenge(who, false);
    log.info("challenge.expired", { target: target_kind });
    done.challenges_expired += 1;
  }
  try {
    const account = await refreshedAccount(who);
    const name = account?.name ?? null;
    for (const intent of await listUnsettled(who.agent_id, platformMode(who), MOST)) {
      await reconcile(who, name, intent);
      done.intents += 1;
    }
    for (const due of await listDueWritings(who, MOST)) {
      await lookAfter(who, name, due);
      done.writings += 1;
    }
    for (const feature of await listStaleFeatures(who, FEATURES)) {
      await detectFeature(who, feature);
      done.features += 1;
    }
    done.requests = await syncRequests(who);
  } catch (error) {
    if (!failureOf(error)) throw error;
    log.info("follow_up.interrupted", describe(error));
  }
  return done;
}

async function refreshedAccount(who: Caller) {
  const account = await findAccount(who);
  const age = account?.checked_at ? Date.now() - Date.parse(account.checked_at) : Infinity;
  // Whether a suspended account may be asked for is the governor's to say.
  if (account?.name && account.state !== "suspended" && age < FRESH_MS[account.state === "ok" ? "well" : "ill"]) return account;
  await lookAtAccount(who);
  return findAccount(who);
}
