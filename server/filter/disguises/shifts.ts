import { maskOf } from "../concepts.ts";
import { type Copy, replaced } from "../copy.ts";
import { hashOf } from "../hints.ts";
import { mayHold, type Reading } from "../reading.ts";
import { isEntry } from "../vocabulary.ts";

/** Words that hardly an English line does without. */
const COMMON = new Set(
  "the and to of you your all in is me my this that for with from are now it send not any on as i an be no".split(" "),
);
const SIGNAL = ["the", "and", "you", "your", "all", "my", "this", "that", "for", "with"].map(hashOf);
const SIGNALS = new Set(SIGNAL);
const decode = maskOf("decode");

/** Of a line's words, how many have to be common ones or in the lexicon for the line to be English: two fifths, and at least two. */
const SHARE = 2.5;

/** Letters of English by how often they come, in thousandths, a to z (Lewand, Cryptological Mathematics, 2000). */
const ENGLISH = [82, 15, 28, 43, 127, 22, 20, 61, 70, 2, 8, 40, 24, 67, 75, 19, 1, 60, 63, 91, 28, 10, 24, 2, 20, 1];

/** Whether a text is none of English words, or speaks of decoding, so that letters in it may have been shifted. */
export function mayBeShifted(reading: Reading): boolean {
  if (((reading.anyLo & decode.lo) | (reading.anyHi & decode.hi)) !== 0) return true;
  if (reading.words < 4 || reading.words * 14 < reading.text.length) return false;
  return !mayHold(reading, SIGNAL) || !reading.hashes.subarray(0, reading.words).some((hash) => SIGNALS.has(hash));
}

/** A copy in which lines with their letters moved in the alphabet (Caesar), or their signs in ASCII (rot47), are in clear; null where there are none. */
export function unshifted(source: string): Copy | null {
  return replaced(source, /[^\n]{20,2000}/g, ([line]) => {
    const shift = shiftOf(line);
    if (shift === null) return null;
    const plain = shift === ROT47 ? rot47(line) : caesar(line, shift);
    return isEnglish(plain) && !isEnglish(line) ? plain : null;
  });
}

const ROT47 = -1;
const counts = new Int32Array(26);

/**
 * The places by which the letters of a line have to go back to come as often as English ones; ROT47 where figures and signs are more than a quarter of
 * it. Null where nothing was moved, and where the line is not ASCII.
 */
function shiftOf(line: string): number | null {
  counts.fill(0);
  let letters = 0;
  let signs = 0;
  for (let at = 0; at < line.length; at++) {
    const unit = line.charCodeAt(at);
    if (unit >= 0x80) return null;
    const letter = (unit | 0x20) - 0x61;
    if (letter >= 0 && letter < 26) {
      counts[letter] = (counts[letter] as number) + 1;
      letters += 1;
    } else if (unit > 0x20) signs += 1;
  }
  if (signs * 3 > letters) return ROT47;
  let best = 0;
  let most = 0;
  for (let shift = 0; shift < 26; shift++) {
    let likeness = 0;
    for (let letter = 0; letter < 26; letter++) likeness += (ENGLISH[letter] as number) * (counts[(letter + shift) % 26] as number);
    if (likeness > most) {
      most = likeness;
      best = shift;
    }
  }
  return best === 0 ? null : best;
}

function isEnglish(line: string): boolean {
  const words = line.toLowerCase().match(/[a-z']+/g) ?? [];
  const common = words.filter((word) => COMMON.has(word) || isEntry(word)).length;
  return common >= 2 && common * SHARE >= words.length;
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
