/** How much of two texts' word triples must agree for one to count as the other again. */
const NEAR = 0.65;

/** Texts with fewer words say too little to be compared by their triples; the same ones to the letter are found by their hash. */
const FEWEST_WORDS = 8;

const SIZE = 128;

/** A text as it is compared: without case, punctuation, and the ways to write the same letter. */
export function foldedText(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/**
 * A MinHash sketch of a text (Broder 1997): 128 numbers, of which two texts share about as large a part as of their word triples. Empty for a
 * text of fewer than eight words.
 */
export function sketchOf(folded: string): number[] {
  const words = folded.split(" ");
  if (words.length < FEWEST_WORDS) return [];
  const least = Array.from({ length: SIZE }, () => 2 ** 31 - 1);
  for (let at = 0; at + 3 <= words.length; at++) {
    const triple = Bun.hash.xxHash32(words.slice(at, at + 3).join(" ")) | 0;
    for (let row = 0; row < SIZE; row++) {
      const value = mixed(triple ^ Math.imul(row + 1, 0x9e3779b9));
      if (value < (least[row] ?? 0)) least[row] = value;
    }
  }
  return least;
}

/** MurmurHash3's finalizer: makes of one hash as many independent ones as there are rows. In 31 bits, which Postgres has as an int. */
function mixed(hash: number): number {
  let value = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 1;
}

/** Whether two texts are nearly the same, by their sketches. */
export function isNear(one: number[], other: number[]): boolean {
  if (one.length !== SIZE || other.length !== SIZE) return false;
  return one.filter((value, row) => value === other[row]).length / SIZE >= NEAR;
}
