import { RULES } from "../filter/rules.ts";
import { verdict } from "../filter/verdict.ts";
import { isLoopback } from "../moltbook/base-url.ts";
import { moltbookOrigin } from "../moltbook/connection.ts";
import { storable } from "../redact.ts";
import { insertEvent } from "../security/queries.ts";
import type { Fetched, Reader } from "./queries.ts";
import { recordFault, recordFetch } from "./queries.ts";
import { DocumentName } from "./schema.ts";

/** The most that a document may weigh, in bytes after decompression, and the time that a whole fetch may take. */
const MAX_BYTES = 256 * 1024;
const TIMEOUT_MS = 15_000;

/** A page for people is none of them: gateways and captchas answer so. */
const TYPE = /^(?:text\/(?:markdown|plain|x-markdown)|application\/(?:json|[\w.+-]{1,60}\+json))\s*(?:;|$)/i;

/** Why a document could not be fetched, in words for people that hold nothing of the answer. */
type Fault = { name: DocumentName; fault: string };

export type FetchCounts = { fetched: number; changed: DocumentName[]; failed: Fault[] };

/**
 * Fetches what Moltbook publishes for agents, from its own host and nowhere else, judges each text and keeps what was not seen before, for a
 * person to review. It is never trusted by itself. What cannot be fetched stays as it was; that it cannot is an event when it begins and when
 * it ends.
 */
export async function fetchDocuments(reader: Reader, timeoutMs = TIMEOUT_MS): Promise<FetchCounts> {
  const origin = moltbookOrigin();
  const answers = await Promise.all(DocumentName.options.map((name) => fetchOne(origin, name, timeoutMs)));
  const failed = answers.filter((answer): answer is Fault => "fault" in answer);
  const fetched = answers.filter((answer): answer is Fetched => "text" in answer);
  const changed: DocumentName[] = [];
  const back: DocumentName[] = [];
  for (const document of fetched) {
    const news = await recordFetch(reader, document);
    if (news.was_away) back.push(document.name);
    if (!news.is_new) continue;
    changed.push(document.name);
    await tellChange(reader, document, news.version_id);
  }
  const gone: DocumentName[] = [];
  for (const { name, fault } of failed) if (await recordFault(reader, name, fault)) gone.push(name);
  await tellReach(reader, gone, "document_unreachable", "could not be fetched from Moltbook; the approved copies stay in use");
  await tellReach(reader, back, "document_reachable", "can be fetched from Moltbook again");
  return { fetched: fetched.length, changed, failed };
}

async function fetchOne(origin: string, name: DocumentName, timeoutMs: number): Promise<Fetched | Fault> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(`${origin}/${name}`, {
      headers: { accept: "text/markdown, text/plain, application/json", "user-agent": "moltbot/0.1" },
      redirect: "manual",
      signal,
      ...(isLoopback(origin) ? { proxy: false } : {}),
    });
    const fault = faultOf(response);
    const text = fault ? null : await readText(response);
    if (fault || text === null) await response.body?.cancel().catch(() => {});
    if (fault) return { name, fault };
    if (text === null) return { name, fault: `It is larger than ${MAX_BYTES / 1024} KB.` };
    return judged(name, text);
  } catch (error) {
    if (signal.aborted) return { name, fault: `It did not arrive within ${timeoutMs / 1000} s.` };
    if (error instanceof TypeError && /utf-?8|encoded data/i.test(error.message)) return { name, fault: "It is not UTF-8." };
    return { name, fault: "The site could not be reached." };
  }
}

function faultOf({ status, headers }: Response): string | null {
  if (status >= 300 && status < 400) return "It redirects elsewhere, which is not followed.";
  if (status !== 200) return `The site answered ${status}.`;
  return TYPE.test(headers.get("content-type") ?? "") ? null : "It is neither text nor JSON.";
}

/** The whole body, or null when there is more than may be. Throws what the stream throws, and TypeError on what is not UTF-8. */
async function readText(response: Response): Promise<string | null> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function judged(name: DocumentName, raw: string): Fetched | Fault {
  const text = storable(raw);
  if (text.trim() === "") return { name, fault: "It is empty." };
  if (name.endsWith(".json") && !isJson(text)) return { name, fault: "It is not JSON." };
  const judgement = verdict(text, { source: "documents", kind: "other", field: name, author: null });
  const families = new Set(RULES.filter(({ id }) => judgement.rules.includes(id)).map(({ family }) => family));
  return { name, text, verdict: judgement, families: [...families] };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function tellChange({ agent_id, mode }: Reader, { name, verdict: { band } }: Fetched, versionId: string): Promise<void> {
  const isGrave = band === "redact" || band === "withhold";
  await insertEvent({
    agentId: agent_id,
    mode,
    type: "document_changed",
    severity: isGrave ? "high" : "low",
    title: `${name} of Moltbook says something new${isGrave ? ", and the filter objects to it" : ""}: it waits for your review`,
    detail: { name, band, version_id: versionId },
    fingerprint: { version: versionId },
  });
}

async function tellReach({ agent_id, mode }: Reader, names: DocumentName[], type: string, what: string): Promise<void> {
  if (names.length === 0) return;
  const at = new Date();
  const severity = type === "document_unreachable" ? "medium" : "info";
  await insertEvent({
    agentId: agent_id,
    mode,
    type,
    severity,
    title: `${names.join(", ")} ${what}`,
    fingerprint: { at: at.toISOString(), names },
    at,
  });
}
