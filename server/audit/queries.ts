import { sql } from "../../db/client.ts";
import { canonical } from "./canonical.ts";

export type AuditRecord = { seq: string; at: string; agent_id: string | null; kind: string; body: string; prev_hash: Buffer; hash: Buffer };

/** Appends one record to the audit chain: `body` holds ids and digests only. State changes append in their own statement instead, through `append_audit`. */
export async function appendAudit(agentId: string | null, kind: string, body: Record<string, unknown>): Promise<void> {
  await sql`select append_audit(${agentId}, ${kind}, ${canonical(body)})`;
}

/** The chain from its first record on, in batches, so that any length is read in constant memory. */
export function streamAudit(batch = 1000): AsyncIterable<AuditRecord[]> {
  return sql<AuditRecord[]>`select seq, at, agent_id, kind, body, prev_hash, hash from audit_log order by seq`.cursor(batch);
}
