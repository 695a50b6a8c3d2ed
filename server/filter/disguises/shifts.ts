import { COMMON, isCommon } from "../common.ts";
import { type Copy, replaced } from "../copy.ts";
import type { Reading } from "../reading.ts";
import { isEntry } from "../vocabulary.ts";

/** Words in a row without a common one, and without one of the lexicon, that make a text suspect. */
const STRANGE = 4;

/** Of a line's words, how many have to be common ones or in the lexicon for the line to be English: two fifths, and three different ones. */
const SHARE = 2.5;
const FEWEST = 3;

/** Letters of English by how often they come, in thousandths, a to z (Lewand, Cryptological Mathematics, 2000). */
const ENGLISH = [82, 15, 28, 43, 127, 22, 20, 61, 70, 2, 8, 40, 24, 67, 75, 19, 1, 60, 63, 91, 28, 10, 24, 2, 20, 1];

/** How English the letters of a text are, in thousandths: English has 65, letters by chance 38. */
const LIKE_ENGLISH = 48;

/** Whether a text has a stretch of words that are not English, nor are their letters, so that these may have been shifted. */
export function mayBeShifted({ text, words, starts, ends, hashes, lo, hi }: Reading): boolean {
  let strange = 0;
  for (let word = 0; word <= words; word++) {
    const isStrange = word < words && ((lo[word] as number) | (hi[word] as number)) === 0 && !isCommon(hashes[word] as number);
    if (isStrange) strange += 1;
    else {
      if (strange >= STRANGE && isUnlike(text, starts[word - strange] as number, ends[word - 1] as number)) return true;
      strange = 0;
    }
  }
  return false;
}

function isUnlike(text: string, from: number, to: number): boolean {
  const { letters, signs } = count(text, from, to);
  return signs * 3 > letters * 2 || likeness(0) < LIKE_ENGLISH * letters;
}

/** A copy in which lines, or what follows a colon, with letters moved in the alphabet (Caesar) or signs in ASCII (rot47) are in clear; null where there are none. */
export function unshifted(source: string): Copy | null {
  return replaced(source, /[^\n]{12,2000}/g, ([line]) => {
    const whole = plainOf(line);
    if (whole !== null) return whole;
    const start = line.indexOf(": ") + 2;
    const rest = start < 2 ? null : plainOf(line.slice(start));
    return rest === null ? null : line.slice(0, start) + rest;
  });
}

function plainOf(line: string): string | null {
  const shift = shiftOf(line);
  if (shift === null) return null;
  const plain = shift === ROT47 ? rot47(line) : caesar(line, shift);
  return isEnglish(plain) && !isEnglish(line) ? plain : null;
}

const ROT47 = -1;
const counts = new Int32Array(26);

/**
 * The places by which the letters of a line have to go back to come as often as English ones; ROT47 where figures and signs are two fifths of
 * it. Null where nothing was moved.
 */
function shiftOf(line: string): number | null {
  const { letters, signs } = count(line, 0, line.length);
  if (signs * 3 > letters * 2) return ROT47;
  let best = 0;
  for (let shift = 1; shift < 26; shift++) if (likeness(shift) > likeness(best)) best = shift;
  return best === 0 ? null : best;
}

/** Counts how often each letter comes in a part of a text. */
function count(text: string, from: number, to: number): { letters: number; signs: number } {
  counts.fill(0);
  let letters = 0;
  let signs = 0;
  for (let at = from; at < to; at++) {
    const unit = text.charCodeAt(at);
    const letter = (unit | 0x20) - 0x61;
    if (unit < 0x7f && letter >= 0 && letter < 26) {
      counts[letter] = (counts[letter] as number) + 1;
      letters += 1;
    } else if (unit > 0x20 && unit < 0x7f) signs += 1;
  }
  return { letters, signs };
}

/** How well the letters counted last would fit English, were they moved back by so many places. */
function likeness(shift: number): number {
  let sum = 0;
  for (let letter = 0; letter < 26; letter++) sum += (ENGLISH[letter] as number) * (counts[(letter + shift) % 26] as number);
  return sum;
}

function isEnglish(line: string): boolean {
  const words = line.toLowerCase().match(/[a-z']{2,}/g) ?? [];
  const known = words.filter((word) => COMMON.has(word) || isEntry(word));
  return known.length * SHARE >= words.length && new Set(known).size >= FEWEST;
}

function caesar(line: string, shift: number): string {
  return line.replace(/[a-z]/gi, (char) => {
    const base = char <= "Z" ? 65 : 97;
    return String.fromCharCode(base + ((char.charCodeAt(0) - base + 26 - shift) % 26));
  });
}

function rot47(line: string): string {
  return line.replace(/[!-~]/g, (char) => String.fromCharCode(33 + ((char.charCodeAt(0) + 14) % 94)));
}
