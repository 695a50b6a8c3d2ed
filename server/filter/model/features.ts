import type { Reading } from "../reading.ts";

/** Places that features are hashed to. */
export const BUCKETS = 1 << 17;

/** Words of a passage: a long text is judged by the passage of it that looks worst. */
export const PASSAGE = 40;

/** Calls `visit` with each feature of a text: the word where it ends, and its bucket. Features are words, pairs of words near each other, and pairs of concepts. */
export function eachFeature(reading: Reading, visit: (word: number, bucket: number) => void): void {
  const { words, hashes, events, eventCount, lo, hi, positions } = reading;
  let one = 0;
  let two = 0;
  for (let word = 0; word < words; word++) {
    const hash = hashes[word] as number;
    visit(word, bucketOf(hash, 1));
    if (word > 0) visit(word, bucketOf(Math.imul(one, 31) + hash, 2));
    if (word > 1) visit(word, bucketOf(Math.imul(two, 37) + hash, 3));
    two = one;
    one = hash;
  }
  for (let event = 0; event < eventCount; event++) {
    const word = events[event] as number;
    const wordLo = lo[word] as number;
    const wordHi = hi[word] as number;
    eachBit(wordLo, wordHi, (concept) => {
      visit(word, bucketOf(concept, 4));
      for (let back = 1; back <= 3 && back <= event; back++) {
        const earlier = events[event - back] as number;
        if ((positions[word] as number) - (positions[earlier] as number) > 24) break;
        eachBit(lo[earlier] as number, hi[earlier] as number, (other) => visit(word, bucketOf(concept * 64 + other, 5)));
      }
    });
  }
}

function eachBit(lo: number, hi: number, visit: (bit: number) => void): void {
  for (let rest = lo; rest !== 0; rest &= rest - 1) visit(31 - Math.clz32(rest & -rest));
  for (let rest = hi; rest !== 0; rest &= rest - 1) visit(63 - Math.clz32(rest & -rest));
}

function bucketOf(value: number, kind: number): number {
  let mixed = Math.imul(value ^ Math.imul(kind, 0x9e3779b1), 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) & (BUCKETS - 1);
}

let sums = new Float64Array(4_096);

/** The passage of a text whose features weigh most: its sum of weights over the root of its length, and where it starts and ends (in words, end exclusive). */
export function worstPassage(reading: Reading, weights: { [bucket: number]: number }): { sum: number; from: number; to: number } {
  const { words } = reading;
  if (sums.length < words + 1) sums = new Float64Array(words + 1);
  else sums.fill(0, 0, words + 1);
  const into = sums;
  eachFeature(reading, (word, bucket) => {
    into[word + 1] = (into[word + 1] as number) + (weights[bucket] as number);
  });
  for (let word = 1; word <= words; word++) into[word] = (into[word] as number) + (into[word - 1] as number);
  let best = { sum: Number.NEGATIVE_INFINITY, from: 0, to: words };
  for (let to = Math.min(words, PASSAGE); to <= words; to++) {
    const from = Math.max(0, to - PASSAGE);
    const sum = ((sums[to] as number) - (sums[from] as number)) / Math.sqrt(to - from + 4);
    if (sum > best.sum) best = { sum, from, to };
  }
  return best;
}
