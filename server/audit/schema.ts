import * as z from "zod";

import { AgentName, DateFilter } from "../paging.ts";

const Moment = z.iso.datetime();
const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** A record of the chain. `body` is its canonical JSON as it was hashed: ids, digests and actors, never content. Hashes are 64 hex digits. */
export const AuditRecord = z.object({
  seq: z.int().min(1),
  at: Moment,
  agent_id: z.uuid().nullable(),
  agent_name: z.string().nullable(),
  kind: z.string(),
  body: z.string(),
  prev_hash: Hash,
  hash: Hash,
});
export type AuditRecord = z.infer<typeof AuditRecord>;

/** Newest first. The cursor of this list is a record's number, since the chain has no ids. */
export const AuditFilter = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,15}$/)
    .optional(),
  kind: z
    .string()
    .regex(/^[a-z_]{1,60}\.[a-z_]{1,60}$/)
    .optional(),
  agent_name: AgentName.optional(),
  ...DateFilter,
});
export type AuditFilter = z.infer<typeof AuditFilter>;

/**
 * A stretch of the chain that was recomputed, from `first_seq` to `last_seq`. `head` is the hash of the last sound record; `fault` names the first
 * one that does not fit, and why. The whole chain was looked at if `first_seq` is 1.
 */
export const AuditVerification = z.object({
  at: Moment,
  actor: z.string(),
  first_seq: z.int().min(1),
  last_seq: z.int().min(0),
  head: Hash.nullable(),
  fault: z.object({ seq: z.int(), reason: z.string() }).nullable(),
});
export type AuditVerification = z.infer<typeof AuditVerification>;

/** The chain's last record, and what was verified of it: at last, and at last from the first record on. */
export const AuditHead = z.object({
  records: z.int().min(0),
  hash: Hash.nullable(),
  at: Moment.nullable(),
  last_verification: AuditVerification.nullable(),
  last_whole_verification: AuditVerification.nullable(),
});
export type AuditHead = z.infer<typeof AuditHead>;
