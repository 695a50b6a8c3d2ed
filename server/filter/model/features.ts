import type { Reading } from "../reading.ts";

/** Places that features are hashed to. */
export const BUCKETS = 1 << 17;

/** Words of a passage: a long text is judged by the passage of it that looks worst. */
export const PASSAGE = 40;

/** Features of a text: the word where each ends, and its bucket. */
export type Features = { words: Int32Array; buckets: Int32Array; count: number };

const features: Features = { words: new Int32Array(16_384), buckets: new Int32Array(16_384), count: 0 };

/** Most concepts that one word can begin: the bits of a reading's `lo` and `hi`. */
const CONCEPTS = 64;

/**
 * The features of a text: words, pairs of words near each other, and pairs of concepts. The arrays belong to the module and are good until the next
 * text's features are asked for.
 */
export function featuresOf(reading: Reading): Features {
  const { words, hashes, events, eventCount } = reading;
  features.count = 0;
  makeRoom(3 * words);
  let one = 0;
  let two = 0;
  for (let word = 0; word < words; word++) {
    const hash = hashes[word] as number;
    add(word, bucketOf(hash, 1));
    if (word > 0) add(word, bucketOf(Math.imul(one, 31) + hash, 2));
    if (word > 1) add(word, bucketOf(Math.imul(two, 37) + hash, 3));
    two = one;
    one = hash;
  }
  for (let event = 0; event < eventCount; event++) addConcepts(reading, event, events[event] as number);
  return features;
}

function addConcepts({ lo, hi, events, positions }: Reading, event: number, word: number): void {
  makeRoom(CONCEPTS * (1 + 3 * CONCEPTS));
  const low = lo[word] as number;
  const high = hi[word] as number;
  for (let concept = nextBit(low, high, 0); concept < CONCEPTS; concept = nextBit(low, high, concept + 1)) {
    add(word, bucketOf(concept, 4));
    for (let back = 1; back <= 3 && back <= event; back++) {
      const earlier = events[event - back] as number;
      if ((positions[word] as number) - (positions[earlier] as number) > 24) break;
      const earlierLow = lo[earlier] as number;
      const earlierHigh = hi[earlier] as number;
      for (let other = nextBit(earlierLow, earlierHigh, 0); other < CONCEPTS; other = nextBit(earlierLow, earlierHigh, other + 1))
        add(word, bucketOf(concept * 64 + other, 5));
    }
  }
}

/** The first bit of a mask from `from` on; 64 where there is none. */
function nextBit(lo: number, hi: number, from: number): number {
  if (from < 32) {
    const low = from === 0 ? lo : lo & (-1 << from);
    if (low !== 0) return 31 - Math.clz32(low & -low);
  }
  const high = from <= 32 ? hi : from < 64 ? hi & (-1 << (from - 32)) : 0;
  return high === 0 ? 64 : 63 - Math.clz32(high & -high);
}

function add(word: number, bucket: number): void {
  features.words[features.count] = word;
  features.buckets[features.count] = bucket;
  features.count += 1;
}

function makeRoom(more: number): void {
  const needed = features.count + more;
  if (needed <= features.words.length) return;
  const [words, buckets] = [new Int32Array(2 * needed), new Int32Array(2 * needed)];
  words.set(features.words);
  buckets.set(features.buckets);
  Object.assign(features, { words, buckets });
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
  const { words: ends, buckets, count } = featuresOf(reading);
  for (let feature = 0; feature < count; feature++) {
    const at = (ends[feature] as number) + 1;
    into[at] = (into[at] as number) + (weights[buckets[feature] as number] as number);
  }
  for (let word = 1; word <= words; word++) into[word] = (into[word] as number) + (into[word - 1] as number);
  let best = { sum: Number.NEGATIVE_INFINITY, from: 0, to: words };
  for (let to = Math.min(words, PASSAGE); to <= words; to++) {
    const from = Math.max(0, to - PASSAGE);
    const sum = ((sums[to] as number) - (sums[from] as number)) / Math.sqrt(to - from + 4);
    if (sum > best.sum) best = { sum, from, to };
  }
  return best;
}
