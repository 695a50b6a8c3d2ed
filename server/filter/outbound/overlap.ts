/** Words in a row that two texts do not share by chance. */
const ROW = 12;

const WORD = /[\p{L}\p{N}]+/gu;

/** The rows of 12 words in a text, in small letters. */
function* rowsOf(text: string): Generator<string> {
  const words = text.toLowerCase().match(WORD) ?? [];
  for (let at = 0; at + ROW <= words.length; at += 1) yield words.slice(at, at + ROW).join(" ");
}

/** Whether a text has as many words as a row takes. */
export function isLong(text: string): boolean {
  return (text.match(WORD)?.length ?? 0) >= ROW;
}

let latest: { text: string; rows: Set<string> } = { text: "", rows: new Set() };

/** Whether a text repeats 12 words or more in a row of another. Time is linear in both. */
export function repeats(text: string, other: string): boolean {
  if (!isLong(text)) return false;
  if (latest.text !== other) latest = { text: other, rows: new Set(rowsOf(other)) };
  const { rows } = latest;
  return rowsOf(text).some((row) => rows.has(row));
}
