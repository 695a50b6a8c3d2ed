import { normalise } from "../../filter/normalise.ts";
import type { Material } from "./queries.ts";

/** Words in a row that count as one trace, and traces of one text from which it is an echo. */
const ROW = 5;
const MOST_TRACES_BY_CHANCE = 1;

/** Scripts without blanks are read character by character. */
const WORD = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[\p{L}\p{N}]+/gu;

/** Rows of words that stand in more of what was read than this are nobody's. */
const MOST_SOURCES = 3;

type Source = Material["delivered"][number];

/**
 * Which of the texts that an agent has read its own new words repeat: those with two rare rows of five words or more in common, strongest first, as
 * "post ID by AUTHOR: 7 rows of five words". A row is rare when the prompt has it not and few of the texts have it. Time is linear.
 */
export function echoesIn(news: string, parent: string, delivered: readonly Source[]): string[] {
  const rows = rowsOf(news).difference(rowsOf(parent));
  if (rows.size === 0) return [];
  const shared = delivered.map((source) => ({ source, rows: rowsOf(source.text ?? "").intersection(rows) }));
  const sources = new Map<string, number>();
  for (const { rows: own } of shared) for (const row of own) sources.set(row, (sources.get(row) ?? 0) + 1);
  return shared
    .map(({ source, rows: own }) => ({ source, count: [...own].filter((row) => (sources.get(row) ?? 0) <= MOST_SOURCES).length }))
    .filter(({ count }) => count > MOST_TRACES_BY_CHANCE)
    .toSorted((one, other) => other.count - one.count)
    .map(({ source, count }) => `${nameOf(source)}: ${count} rows of five words`);
}

function rowsOf(text: string): Set<string> {
  const words = normalise(text).text.toLowerCase().match(WORD) ?? [];
  const rows = new Set<string>();
  for (let at = 0; at + ROW <= words.length; at += 1) rows.add(words.slice(at, at + ROW).join(" "));
  return rows;
}

function nameOf({ kind, item_id, author }: Source): string {
  return `${kind} ${item_id ?? ""}${author ? ` by ${author}` : ""}`;
}
