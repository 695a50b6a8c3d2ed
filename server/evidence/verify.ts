import * as z from "zod";

import type { Link } from "../audit/export.ts";
import { linkIn } from "../audit/export.ts";
import { linesOf } from "../bridge/lines.ts";
import type { Facts, Fault } from "./facts.ts";
import { blame, newFacts, noteAction, noteCall, noteExposure } from "./facts.ts";
import type { Dropped, LineKind } from "./schema.ts";
import { LINES } from "./schema.ts";
import type { Told } from "./told.ts";
import { hold } from "./told.ts";
import { blameUntold, isTold } from "./untold.ts";

/**
 * What came of looking through a file of evidence. `records` are those of the chain, `calls` those that fit what the chain tells of them, `untold`
 * those that it tells nothing of or not the end, `altered` arguments and results that were stored redacted or cut. `texts`: whether texts are in the
 * file at all; `dropped` are classes of which a month was dropped, as the chain tells. `fault` is the first line that does not fit.
 */
export type EvidenceVerification = {
  run_id: string | null;
  lines: number;
  records: number;
  calls: number;
  untold: number;
  altered: number;
  texts: boolean;
  dropped: Dropped[];
  head: { seq: number; hash: string } | null;
  fault: Fault | null;
};

/**
 * Looks through a file of evidence by itself: each line read by its schema, each record of the chain by its hash, and by its predecessor's where that
 * is in the file, texts and stored values by their digests, and everything by what the records tell of it and by the trailer.
 */
export async function verifyEvidence(bytes: ReadableStream<Uint8Array>): Promise<EvidenceVerification> {
  const facts = newFacts();
  const seal = new Bun.CryptoHasher("sha256");
  let [lines, before]: [number, Link | undefined] = [0, undefined];
  for await (const line of linesOf(bytes)) {
    lines += 1;
    const link = line?.startsWith(AUDIT) ? linkIn(line.slice(AUDIT.length, -1)) : undefined;
    try {
      if (link) before = readRecord(facts, lines, link, before);
      else if (line === null || !readLine(facts, lines, line)) break;
    } catch {
      // JSON that a parser takes, and that has no canonical form: too deep, or with numbers beyond all bounds.
      blame(facts, lines, "it holds what cannot be hashed");
      break;
    }
    if (facts.trailer) checkTrailer(facts, lines, seal.digest("hex"), before);
    else seal.update(`${line}\n`);
  }
  if (facts.trailer) blameUntold(facts);
  if (!facts.trailer && !facts.fault) blame(facts, lines + 1, "the trailer is missing, so the file was cut off");
  return sumUp(facts, lines);
}

const AUDIT = '{"audit":';

/** Checks a record by itself and against the one before it, and what it tells against the lines above. */
function readRecord(facts: Facts, number: number, link: Link, before: Link | undefined): Link {
  facts.records += 1;
  const reason = whyUnsound(link, before);
  const told = toldBy(link);
  if (reason) blame(facts, number, reason);
  else if (told) hold(facts, number, told);
  else blame(facts, number, `record ${link.seq} holds what nobody can read`);
  return link;
}

const RecordOfChain = z.object({ kind: z.string(), at: z.iso.datetime(), body: z.record(z.string(), z.unknown()) });

/** What a record tells, if it can be read: a hash fits over anything. */
function toldBy({ text }: Link): Told | undefined {
  try {
    return RecordOfChain.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function whyUnsound(link: Link, before: Link | undefined): string | null {
  if (new Bun.CryptoHasher("sha256").update(link.text).digest("hex") !== link.hash) return `record ${link.seq} does not match its hash`;
  if (!before) return null;
  if (link.seq <= before.seq) return `record ${link.seq} does not come after record ${before.seq}`;
  const isNext = link.seq === before.seq + 1;
  return isNext && link.prev_hash !== before.hash ? `record ${link.seq} does not continue the record before it` : null;
}

/** Takes in a line that is no record of the chain. False if nothing behind it can be understood either. */
function readLine(facts: Facts, number: number, text: string): boolean {
  const [kind, content] = parsed(text);
  if (kind === undefined) blame(facts, number, "it is no line of a file of evidence");
  else if (facts.trailer) blame(facts, number, "it comes after the trailer");
  else if ((kind === "header") !== (number === 1)) blame(facts, number, "the header is the first line, and only that");
  else {
    note(facts, number, kind, content);
    return true;
  }
  return false;
}

function parsed(text: string): [LineKind, unknown] | [undefined] {
  try {
    const [entry, ...others] = Object.entries(JSON.parse(text) as object);
    if (!entry || others.length > 0 || !Object.hasOwn(LINES, entry[0])) return [undefined];
    const kind = entry[0] as LineKind;
    const found = (LINES[kind] as z.ZodType).safeParse(entry[1]);
    return found.success ? [kind, found.data] : [undefined];
  } catch {
    return [undefined];
  }
}

type Content<Kind extends LineKind> = z.infer<(typeof LINES)[Kind]>;
const NOTES: { [Kind in LineKind]: (facts: Facts, line: number, content: Content<Kind>) => void } = {
  header: (facts, _, header) => (facts.header = header),
  run(facts, line, content) {
    if (facts.run || content.id !== facts.header?.run_id) blame(facts, line, "it is not the run that the header names");
    else facts.run = { line, content };
  },
  prompt: (facts, line, content) => (facts.prompt = { line, content }),
  call: noteCall,
  exposure: noteExposure,
  action: (facts, _, action) => noteAction(facts, action),
  claim(facts, line, { status }) {
    facts.counts.claims += 1;
    facts.claims.push({ line, status });
  },
  event(facts, line, { id, type, severity, fingerprint }) {
    facts.counts.events += 1;
    facts.events.set(id, { line, content: { type, severity, fingerprint } });
  },
  trailer: (facts, _, trailer) => (facts.trailer = trailer),
};

function note(facts: Facts, number: number, kind: LineKind, content: unknown): void {
  (NOTES[kind] as (facts: Facts, line: number, content: unknown) => void)(facts, number, content);
}

function checkTrailer(facts: Facts, number: number, sha256: string, last: Link | undefined): void {
  const { run, counts, trailer } = facts;
  const head = trailer?.head;
  if (!run) blame(facts, number, "the run itself is missing");
  if (trailer?.lines !== number - 1) blame(facts, number, `it seals ${trailer?.lines} lines, and ${number - 1} are there`);
  if (trailer?.sha256 !== sha256) blame(facts, number, "the lines before it are not those that it seals");
  if (last && (!head || last.seq > head.seq || (last.seq === head.seq && last.hash !== head.hash)))
    blame(facts, number, "the chain ended otherwise than it says");
  for (const [kind, count] of Object.entries(counts)) {
    const told = trailer?.counts[kind as keyof typeof counts];
    if (told !== count) blame(facts, number, `it counts ${told} ${kind}, and ${count} are in the file`);
  }
}

function sumUp({ header, calls, records, trailer, fault }: Facts, lines: number): EvidenceVerification {
  const told = [...calls.values()].filter(isTold);
  const altered = told.flatMap(({ values }) => [values.arguments, values.result]).filter((fit) => fit === "altered").length;
  const counts = { lines, records, calls: told.length, untold: calls.size - told.length, altered };
  const made = { run_id: header?.run_id ?? null, texts: header?.texts ?? false, dropped: header?.dropped ?? [] };
  return { ...made, ...counts, head: trailer?.head ?? null, fault };
}
