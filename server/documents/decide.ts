import { ensureAgent } from "../agents/queries.ts";
import { config } from "../config.ts";
import { AppError } from "../errors.ts";
import type { Reader } from "./queries.ts";
import { decideDocument, findDocumentVersion } from "./queries.ts";
import type { DocumentDecision, DocumentVersion } from "./schema.ts";

/** The installation's own agent, in the mode that it runs in. */
export async function ownReader(): Promise<Reader> {
  return { agent_id: (await ensureAgent(config.agentName)).id, mode: config.mode };
}

/** One text of a document. Throws AppError `not_found`. */
export async function getDocumentVersion(reader: Reader, id: string): Promise<DocumentVersion> {
  const version = await findDocumentVersion(reader, id);
  if (!version) throw new AppError("not_found", "There is no such version of a document. The list of versions tells which there are.");
  return version;
}

/** A person's decision on a text, which may be taken back by another one. Throws AppError `not_found`. */
export async function decide(reader: Reader, id: string, { decision, reason }: DocumentDecision, actor: string): Promise<DocumentVersion> {
  await decideDocument(reader, { id, isApproved: decision === "approve", actor, reason });
  return getDocumentVersion(reader, id);
}
