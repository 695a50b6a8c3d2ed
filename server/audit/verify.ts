import { ensureAgent } from "../agents/queries.ts";
import { config } from "../config.ts";
import { insertEvent } from "../security/queries.ts";
import type { Link } from "./export.ts";
import { linkOf } from "./export.ts";
import { findAuditRecord, findLastSound, getAuditHead, insertVerification, streamAudit } from "./queries.ts";
import type { AuditVerification } from "./schema.ts";

/** The result of walking the chain: how many records fit, the hash of the last of them, and the first that does not fit and why. */
export type Verification = { records: number; head: string | null; fault: { seq: number; reason: string } | null };

type Place = { seq: number; hash: string };
const BEGINNING: Place = { seq: 0, hash: "0".repeat(64) };

/**
 * Recomputes the audit chain from its first record, or from the one after `from`: sequence numbers without gaps, each record naming its
 * predecessor's hash, each hash the SHA-256 of the record's RFC 8785 JSON. It cannot see records cut off at the end: compare `head` with one
 * kept elsewhere.
 */
export async function verifyChain(links: AsyncIterable<Link[]> = linksFrom(0), from = BEGINNING): Promise<Verification> {
  let { seq, hash } = from;
  for await (const batch of links) {
    for (const link of batch) {
      const reason = faultOf(link, seq + 1, hash);
      if (reason) return { records: seq - from.seq, head: hash, fault: { seq: link.seq, reason } };
      ({ seq, hash } = link);
    }
  }
  return { records: seq - from.seq, head: seq > 0 ? hash : null, fault: null };
}

/**
 * Recomputes the chain, or only its `newest` records, looks whether the last record that was verified before is still there, and puts the
 * result on record. A fault is a critical event.
 */
export async function verifyAudit(actor: string, newest: number | null): Promise<AuditVerification> {
  const known = await findLastSound();
  const { records } = await getAuditHead();
  const before = newest !== null && records > newest ? await findAuditRecord(records - newest) : undefined;
  const from = before ?? BEGINNING;
  const { head, fault, records: sound } = await verifyChain(linksFrom(from.seq), from);
  const result = { actor, first_seq: from.seq + 1, last_seq: from.seq + sound, head, fault: fault ?? (await lossSince(known)) };
  if (result.fault) await recordFault(result.fault);
  return insertVerification(result);
}

async function* linksFrom(after: number): AsyncGenerator<Link[]> {
  for await (const batch of streamAudit(after)) yield batch.map(linkOf);
}

function faultOf(link: Link, seq: number, prevHash: string): string | null {
  if (link.seq !== seq) return `sequence number ${seq} is missing`;
  if (link.prev_hash !== prevHash) return "it does not continue the record before it";
  return new Bun.CryptoHasher("sha256").update(link.text).digest("hex") === link.hash ? null : "its content does not match its hash";
}

/** What is wrong with the record that was the last one to be verified: whoever cuts the chain off or writes it anew has that one against them. */
async function lossSince(known: AuditVerification | undefined): Promise<Verification["fault"]> {
  if (!known) return null;
  const record = await findAuditRecord(known.last_seq);
  if (record?.hash === known.head) return null;
  return { seq: known.last_seq, reason: record ? "it is not the record that was verified before" : "it was verified before and is gone" };
}

/** One event an hour for each fault, however often it is looked at. */
async function recordFault(fault: { seq: number; reason: string }): Promise<void> {
  const agent = await ensureAgent(config.agentName);
  await insertEvent({
    agentId: agent.id,
    type: "audit_chain_broken",
    severity: "critical",
    title: `The audit chain does not fit at record ${fault.seq}: ${fault.reason}`,
    detail: fault,
    fingerprint: fault,
    at: new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000),
  });
}
