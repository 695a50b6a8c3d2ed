import type { Reading } from "./queries.ts";
import type { Background, Cause, Tie } from "./schema.ts";
import { Tie as TIES } from "./schema.ts";

/** A write: its call's id, which tells when it was made, its arguments, and whose items it was about. */
export type Written = { id: string; arguments: unknown; authors: string[] };

const SHOWN = 5;
/** Shorter ones are names, ids and choices. */
const SHORTEST_TEXT = 20;
/** Shared word triples that make an echo, if few of the texts of the run have them. */
const ECHOES = 2;
const RARE = 0.1;
const LINK = /\bhttps?:\/\/[^\s<>"')\]]{1,500}/gi;

/**
 * What had been read before each of these writes, by call id. A tie is an explicit reference (an argument is the item's id), the same author, word
 * triples that few texts of the run have, the same link; what has none came in the same run and no more. Linear in the texts' length.
 */
export function traceWrites(writes: Written[], readings: Reading[]): Record<string, Background> {
  const triples = indexOf(readings, triplesOf);
  const links = indexOf(readings, linksOf);
  const rare = Math.max(2, readings.length * RARE);
  return Object.fromEntries(
    writes.map((write) => {
      const said = stringsOf(write.arguments);
      const text = said.filter((string) => string.length >= SHORTEST_TEXT).join("\n");
      const named = new Set(said);
      const authors = new Set(write.authors.concat(said).map(fold));
      const echoed = sharedBy(triplesOf(text), triples, rare);
      const linked = sharedBy(linksOf(text), links, Infinity);
      const tieOf = ({ item_id, author }: Reading, index: number): Tie => {
        if (item_id !== null && named.has(item_id)) return "direct reply";
        if (author !== null && authors.has(fold(author))) return "same author";
        if ((echoed.get(index) ?? 0) >= ECHOES) return "echoes";
        return linked.has(index) ? "same link" : "same run only";
      };
      return [write.id, backgroundOf(write, readings, tieOf)];
    }),
  );
}

/** By each feature, the readings that have it. */
function indexOf(readings: Reading[], featuresOf: (text: string) => Set<string>): Map<string, number[]> {
  const index = new Map<string, number[]>();
  for (const [at, { text }] of readings.entries()) {
    for (const feature of featuresOf(text ?? "")) {
      const known = index.get(feature);
      if (known) known.push(at);
      else index.set(feature, [at]);
    }
  }
  return index;
}

/** How many of `own` features each reading has, those left out that more than `most` of them have. */
function sharedBy(own: Set<string>, index: Map<string, number[]>, most: number): Map<number, number> {
  const shared = new Map<number, number>();
  for (const feature of own) {
    const having = index.get(feature) ?? [];
    if (having.length > most) continue;
    for (const at of having) shared.set(at, (shared.get(at) ?? 0) + 1);
  }
  return shared;
}

function backgroundOf(write: Written, readings: Reading[], tieOf: (reading: Reading, index: number) => Tie): Background {
  const before = readings.flatMap((reading, index) => (reading.id < write.id ? [{ reading, index }] : []));
  const seen = before.filter(({ reading }) => reading.delivered && reading.band !== "withhold");
  const best = new Map<string, Cause>();
  // The newest first, so that of two texts of an item, or of two items with the same tie, the later one stands first.
  for (const { reading, index } of seen.toReversed()) {
    const { id, call_id, seq, kind, author, field, band } = reading;
    const cause: Cause = { id, call_id, seq, kind, author, field, band, tie: tieOf(reading, index) };
    const item = reading.item_id ?? id;
    const other = best.get(item);
    if (other === undefined || rank(cause) < rank(other)) best.set(item, cause);
  }
  return {
    read: seen.length,
    flagged: seen.filter(({ reading }) => reading.band !== "allow").length,
    not_seen: before.length - seen.length,
    causes: [...best.values()].toSorted((one, other) => rank(one) - rank(other)).slice(0, SHOWN),
  };
}

function rank({ tie }: Cause): number {
  return TIES.options.indexOf(tie);
}

/** All strings of a call's arguments, however deep; `arguments` came over the wire and cannot be deeper than its parser bore. */
function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsOf);
}

/** Every three words in a row; links are features of their own. */
function triplesOf(text: string): Set<string> {
  const words = fold(text.replace(LINK, " ")).match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.slice(2).map((word, index) => `${words[index]} ${words[index + 1]} ${word}`));
}

function linksOf(text: string): Set<string> {
  return new Set(text.match(LINK) ?? []);
}

/** As names and words are compared. */
function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
