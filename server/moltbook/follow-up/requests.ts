import { tell } from "../account/account.ts";
import { moltbook } from "../connection.ts";
import { failureOf } from "../failures.ts";
import { guarded } from "../governor.ts";
import type { Caller } from "../modes.ts";
import { findFeature, recordMessageRequests } from "./queries.ts";

/** Brings the operator's list of requests to talk up to date, where Moltbook has messages; answers how many are new. */
export async function syncRequests(who: Caller): Promise<number> {
  if ((await findFeature(who, "messages")) === false) return 0;
  const { data } = await guarded(who, { classes: ["read"] }, (options) => moltbook().dmRequests(options)).catch(withoutMessages);
  const made = await recordMessageRequests(who, data.items);
  if (made > 0)
    await tell(
      who,
      "message_request",
      "medium",
      made === 1 ? "Another agent asks to talk in private" : `${made} agents ask to talk in private`,
    );
  return made;
}

function withoutMessages(error: unknown) {
  if (failureOf(error)?.kind !== "no_such_endpoint") throw error;
  return { data: { items: [] } };
}
