import * as z from "zod";

import { ActionType } from "../actions/schema.ts";

export const ClaimStatus = z.enum(["confirmed", "unconfirmed", "contradicted", "unreported"]);
export type ClaimStatus = z.infer<typeof ClaimStatus>;

/** Why a claim stands as it does; `said` and `found` count deeds, `refused` are the calls that were made for it and came to nothing. */
export const Evidence = z.object({
  reason: z.enum([
    "matches",
    "not_in_record",
    "fewer_in_record",
    "other_target",
    "pending_verification",
    "not_carried_out",
    "acted",
    "not_said",
  ]),
  said: z.int(),
  found: z.int(),
  refused: z.array(z.uuid()),
});
export type Evidence = z.infer<typeof Evidence>;

/**
 * What an agent said at the end of a run, held against the record of the run. `unreported` is the reverse: on record, and not said; its `text`
 * is empty. `action_ids` are the actions on record that it was held against.
 */
export const Claim = z.object({
  id: z.uuid(),
  agent_id: z.uuid(),
  run_id: z.uuid(),
  mode: z.enum(["real", "dry_run", "sandbox"]),
  seq: z.int(),
  type: z.enum([...ActionType.options, "nothing"]),
  status: ClaimStatus,
  text: z.string(),
  action_ids: z.array(z.uuid()),
  evidence: Evidence,
  created_at: z.iso.datetime(),
});
export type Claim = z.infer<typeof Claim>;
