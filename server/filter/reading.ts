import { hintOf } from "./hints.ts";
import { step } from "./lexicon.ts";
import { BEYOND, endsWord, isOdd, isSeam, KIND, LOWER, SEAMS, SIGN } from "./units.ts";
import { TREE as tree } from "./vocabulary.ts";

/**
 * A text cut into words. Of each word: its place, a hash of its lower-case form, the concepts that begin with it, and the numbers of its clause and
 * sentence. A character of a script without spaces is a word. `signs` are the punctuation marks that occur, as bits; the counts say what disguises
 * may be worth undoing. The arrays belong to the module and are good until the next text is read.
 */
export type Reading = {
  text: string;
  words: number;
  starts: Int32Array;
  ends: Int32Array;
  hashes: Int32Array;
  lo: Int32Array;
  hi: Int32Array;
  phraseEnds: Int32Array;
  positions: Int32Array;
  /** Where the longest entry that begins with the word ends, counted as `positions` are: two for a word, one for a character that is a word. */
  lasts: Int32Array;
  clauses: Int32Array;
  sentences: Int32Array;
  events: Int32Array;
  eventCount: number;
  anyLo: number;
  anyHi: number;
  signs: number;
  /** Which hashes of words occur, roughly: a Bloom filter of 2¹³ bits with one hash function. */
  known: Int32Array;
  /** Most single characters in a row; most words in a row that are figures or have two characters at most. */
  singles: number;
  shorts: number;
  /** Words that change between letters and figures more than once; marks between two letters; length of the longest word, and of the longest that people do not write: with figures, or capitals after its first letter. */
  mixed: number;
  seams: number;
  longest: number;
  oddest: number;
  /** A letter beyond ASCII occurs, of a script that sets blanks between words. */
  isForeign: boolean;
};

const reading: Reading = {
  ...newArrays(4_096),
  text: "",
  words: 0,
  eventCount: 0,
  anyLo: 0,
  anyHi: 0,
  signs: 0,
  known: new Int32Array(256),
  singles: 0,
  shorts: 0,
  mixed: 0,
  seams: 0,
  longest: 0,
  oddest: 0,
  isForeign: false,
};

function newArrays(size: number) {
  const array = () => new Int32Array(size);
  return {
    starts: array(),
    ends: array(),
    hashes: array(),
    lo: array(),
    hi: array(),
    phraseEnds: array(),
    positions: array(),
    lasts: array(),
    clauses: array(),
    sentences: array(),
    events: array(),
  };
}

/** Reads a normalised text. Time is linear in its length. */
export function read(text: string): Reading {
  if (text.length + 1 > reading.starts.length) Object.assign(reading, newArrays(text.length + 1));
  const { starts, ends, hashes, lo, hi, phraseEnds, positions, lasts, clauses, sentences, events, known } = reading;
  known.fill(0);
  const length = text.length;
  let words = 0;
  let position = 0;
  let clause = 0;
  let sentence = 0;
  let eventCount = 0;
  let anyLo = 0;
  let anyHi = 0;
  let signs = 0;
  let singles = 0;
  let run = 0;
  let shorts = 0;
  let shortRun = 0;
  let mixed = 0;
  let seams = 0;
  let longest = 0;
  let oddest = 0;
  let isForeign = false;
  let at = 0;
  while (at < length) {
    const unit = text.charCodeAt(at);
    const kind = unit < 128 ? (KIND[unit] as number) : (BEYOND[unit] as number);
    if (kind === 1 || kind === 2) {
      let hash = 0x811c9dc5;
      let last = kind;
      let changes = 0;
      let end = at;
      for (; end < length; end++) {
        let next = text.charCodeAt(end);
        const nextKind = next < 128 ? (KIND[next] as number) : (BEYOND[next] as number);
        if (nextKind !== 1 && nextKind !== 2 && nextKind !== 7) break;
        // What stands before an apostrophe counts as a word too: 'exec' has one at its end.
        if (nextKind === 7) known[(hash >>> 5) & 255] = (known[(hash >>> 5) & 255] as number) | (1 << (hash & 31));
        if (nextKind !== last && nextKind !== 7) {
          changes += 1;
          last = nextKind;
        }
        if (next < 128) next = nextKind === 1 ? next | 0x20 : next;
        else {
          isForeign = true;
          if (next < 0x2000) next = LOWER[next] as number;
        }
        hash = Math.imul(hash ^ next, 0x01000193);
      }
      starts[words] = at;
      ends[words] = end;
      hashes[words] = hash;
      known[(hash >>> 5) & 255] = (known[(hash >>> 5) & 255] as number) | (1 << (hash & 31));
      if (end - at === 1) {
        run += 1;
        if (run > singles) singles = run;
      } else run = 0;
      if (end - at <= 2 || (kind === 2 && changes === 0)) {
        shortRun += 1;
        if (shortRun > shorts) shorts = shortRun;
      } else shortRun = 0;
      if (changes > 1) mixed += 1;
      if (end - at > longest) longest = end - at;
      if (end - at > oddest && end - at >= 12 && isOdd(text, at, end)) oddest = end - at;
      at = end;
    } else if (kind === 8) {
      starts[words] = at;
      ends[words] = at + 1;
      hashes[words] = Math.imul(0x811c9dc5 ^ unit, 0x01000193);
      run = 0;
      at += 1;
    } else {
      if (kind === 5) {
        const next = at + 1 < length ? text.charCodeAt(at + 1) : 0x20;
        if (unit >= 128 || next === 0x20 || next === 0x0a || next === 0x22 || next === 0x27) sentence += 1;
        clause += 1;
      } else if (kind === 6) {
        clause += 1;
        if (unit === 0x28) position += 4;
      } else if (unit < 128 && kind === 0) {
        const sign = SIGN[unit] as number;
        signs |= sign;
        if ((sign & SEAMS) !== 0 && isSeam(text, at)) seams += 1;
      }
      at += 1;
      continue;
    }
    // The longest entries that begin here.
    let node = 0;
    let wordLo = 0;
    let wordHi = 0;
    let phraseEnd = ends[words] as number;
    const from = starts[words] as number;
    for (let index = from; index < length; index++) {
      let next = text.charCodeAt(index);
      if (next >= 128 && next < 0x2000) next = LOWER[next] as number;
      node = step(tree, node, next);
      if (node === 0) break;
      const startLo = tree.startLo[node] as number;
      const startHi = tree.startHi[node] as number;
      let foundLo = startLo;
      let foundHi = startHi;
      if (((tree.wholeLo[node] as number) | (tree.wholeHi[node] as number)) !== 0 && endsWord(text, index, next)) {
        foundLo |= tree.wholeLo[node] as number;
        foundHi |= tree.wholeHi[node] as number;
      }
      if ((foundLo | foundHi) !== 0) {
        wordLo |= foundLo;
        wordHi |= foundHi;
        if (index + 1 > phraseEnd) phraseEnd = index + 1;
      }
    }
    const hint = hintOf(hashes[words] as number);
    if (hint !== null) {
      wordLo |= hint.lo;
      wordHi |= hint.hi;
    }
    lo[words] = wordLo;
    hi[words] = wordHi;
    phraseEnds[words] = phraseEnd;
    positions[words] = position;
    lasts[words] = position + (phraseEnd > (ends[words] as number) ? spanOf(text, from, phraseEnd) : 0);
    clauses[words] = clause;
    sentences[words] = sentence;
    if ((wordLo | wordHi) !== 0) {
      events[eventCount] = words;
      eventCount += 1;
      anyLo |= wordLo;
      anyHi |= wordHi;
    }
    position += kind === 8 ? 1 : 2;
    words += 1;
  }
  return Object.assign(reading, {
    text,
    words,
    eventCount,
    anyLo,
    anyHi,
    signs,
    singles,
    shorts,
    mixed,
    seams,
    longest,
    oddest,
    isForeign,
  });
}

/** Whether a text may have one of some words, by their hashes: never no where it has. */
export function mayHold({ known }: Reading, hashes: readonly number[]): boolean {
  for (const hash of hashes) if ((((known[(hash >>> 5) & 255] as number) >>> (hash & 31)) & 1) === 1) return true;
  return false;
}

/** Positions that a phrase takes beyond its first word. */
function spanOf(text: string, from: number, to: number): number {
  let span = 0;
  for (let at = from + 1; at < to; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 128 ? KIND[unit] !== 1 && KIND[unit] !== 2 && KIND[unit] !== 7 : false) span += 2;
    else if (unit >= 0x0e00 && BEYOND[unit] === 8) span += 1;
  }
  return span;
}
