import type { AuditRecord } from "./queries.ts";
import { streamAudit } from "./queries.ts";

/** The result of walking the chain: its length and head, or the first record that does not fit and why. */
export type Verification = { records: number; head: string | null; fault: { seq: number; reason: string } | null };

/**
 * Recomputes the audit chain from its first record: sequence numbers without gaps, each record naming its predecessor's hash, each hash
 * the SHA-256 of the record's RFC 8785 JSON. It cannot see records cut off at the end: compare `head` with one kept elsewhere.
 */
export async function verifyChain(): Promise<Verification> {
  let records = 0;
  let head = "0".repeat(64);
  for await (const batch of streamAudit()) {
    for (const record of batch) {
      const reason = faultOf(record, records + 1, head);
      if (reason) return { records, head, fault: { seq: Number(record.seq), reason } };
      head = record.hash.toString("hex");
      records += 1;
    }
  }
  return { records, head: records ? head : null, fault: null };
}

function faultOf(record: AuditRecord, seq: number, prevHash: string): string | null {
  if (Number(record.seq) !== seq) return `sequence number ${seq} is missing`;
  if (record.prev_hash.toString("hex") !== prevHash) return "it does not continue the record before it";
  const hash = new Bun.CryptoHasher("sha256").update(textOf(record, seq, prevHash)).digest("hex");
  return hash === record.hash.toString("hex") ? null : "its content does not match its hash";
}

/**
 * The record as it was hashed: canonical JSON, with its keys in order. The body is canonical already and taken as it stands, since a parser
 * would read several texts as the same.
 */
function textOf({ agent_id, at, body, kind }: AuditRecord, seq: number, prevHash: string): string {
  const text = JSON.stringify;
  return `{"agent_id":${text(agent_id)},"at":${text(at)},"body":${body},"kind":${text(kind)},"prev_hash":"${prevHash}","seq":${seq}}`;
}
