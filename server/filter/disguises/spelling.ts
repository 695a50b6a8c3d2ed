import { isCommon, placeOf } from "../common.ts";
import { type Copy, replaced } from "../copy.ts";
import { hashOf } from "../hints.ts";
import { ENGLISH } from "../lexicon/english.ts";
import type { Reading } from "../reading.ts";
import { isEntry } from "../vocabulary.ts";

/** Lengths of words that make a text suspect; a longest one may have each letter twice. */
const SHORTEST = 4;
const LONGEST = 36;

/** Different misspelled words that make a text suspect, and a short one, of which they are a tenth: fewer are slips. */
const SLIPS = 4;
const FEW_SLIPS = 2;
const SHARE = 10;

/** A word that has each letter twice. */
const TWICE = /^(?:(.)\1){2,18}$/;

/**
 * What is left of a word in each way to misspell it, as numbers: its letters, but for the first and the last in any order; its consonants; its letters
 * with those that come again and again but once.
 */
type Keys = { letters: number; consonants: number; sounds: number };

/** A number for each letter, whatever its case; for a consonant also what the number of consonants grows by: vowels leave it as it is. */
const MIXED = Int32Array.from({ length: 128 }, (_, unit) => Math.imul(unit | 0x20, 0x42b2ae35));
const ADDED = Int32Array.from({ length: 128 }, (_, unit) => Math.imul(unit | 0x20, (unit | 0x20) * 0x2b2ae35));
const XORED = Int32Array.from({ length: 128 }, (_, unit) => (isVowel(unit) ? 0 : Math.imul(unit | 0x20, 0x42b2ae35)));
const TIMES = Int32Array.from({ length: 128 }, (_, unit) => (isVowel(unit) ? 1 : 0x01000193));

/** Words of the English lexicon by their keys, and which keys there are, roughly. */
const { shell: _shell, code: _code, net: _net, ...PLAIN } = ENGLISH.words;
const WORDS = [...new Set(Object.values(PLAIN).flatMap((list) => list.match(/[a-z]{3,18}/g) ?? []))];

/** English words that are spelled right, though they look like others in disorder or cut short. */
const RIGHT =
  "find three cloud form cons round boot boots tired bond bonds rely whom refs greed blow state loose filed lunch forging conservation booth teen reserve reserved reed finnish spots singing mints causal casual trial trail angel angle quiet quite sacred scared untied united relay marital martial diary dairy string sting split spilt sliver silver salt slat calm clam barn bran crust cutlass chain spread salve slave reams mane tacks stack star lair liar fired fried felt left late tale stop pots post sport ports parts trap strap steak skate stale least slate tales".split(
    " ",
  );
const EXACT = new Set([...WORDS, ...RIGHT].map(hashOf));
const BY_LETTERS = new Map<number, string>();
const BY_CONSONANTS = new Map<number, string>();
const BY_SOUNDS = new Map<number, string>();
const KNOWN = new Uint8Array(1 << 16);
for (const word of WORDS) {
  const { letters, consonants, sounds } = keysOf(word, 0, word.length);
  if (word.length >= 4) setFirst(BY_LETTERS, letters, word);
  if (word.replace(/[aeiou]/g, "").length >= 3) setFirst(BY_CONSONANTS, consonants, word);
  setFirst(BY_SOUNDS, sounds, word);
  for (const [kind, key] of [letters, consonants, sounds].entries()) KNOWN[placeOf(key)] = (KNOWN[placeOf(key)] as number) | (1 << kind);
}

function setFirst(map: Map<number, string>, key: number, word: string): void {
  if (!map.has(key)) map.set(key, word);
}

/** Whether a text has words with their inner letters in disorder, without their vowels, or with letters again and again, that rules would else read. */
export function hasSlips({ text, words, starts, ends, lo, hi, hashes }: Reading): boolean {
  const slips = new Set<number>();
  for (let word = 0; word < words; word++) {
    if (((lo[word] as number) | (hi[word] as number)) !== 0 || isCommon(hashes[word] as number)) continue;
    const start = starts[word] as number;
    const end = ends[word] as number;
    if (end - start < SHORTEST || end - start > LONGEST) continue;
    const { letters, consonants, sounds } = keysOf(text, start, end);
    if (
      ((KNOWN[placeOf(letters)] as number) & 1) +
        ((KNOWN[placeOf(consonants)] as number) & 2) +
        ((KNOWN[placeOf(sounds)] as number) & 4) ===
      0
    )
      continue;
    if (EXACT.has(hashes[word] as number) || meant(text.slice(start, end).toLowerCase()) === null) continue;
    slips.add(hashes[word] as number);
    if (slips.size >= SLIPS) return true;
  }
  return slips.size >= FEW_SLIPS && slips.size * SHARE >= words;
}

/** A copy in which such words are spelled as they are meant; null where there are none. */
export function respelled(source: string): Copy | null {
  return replaced(source, /[a-z]{3,36}/gi, ([word]) => meant(word.toLowerCase()));
}

/** The word of the lexicon that another one stands for; null where there is none, or where it is one. */
function meant(word: string): string | null {
  if (EXACT.has(hashOf(word))) return null;
  const { letters, consonants, sounds } = keysOf(word, 0, word.length);
  const jumbled = BY_LETTERS.get(letters);
  if (jumbled !== undefined && jumbled.length === word.length) return jumbled;
  const short = BY_CONSONANTS.get(consonants);
  if (short !== undefined && short.length > word.length && isWithin(word, short)) return short;
  if (TWICE.test(word)) return word.replace(/(.)\1/g, "$1");
  const long = BY_SOUNDS.get(sounds);
  return long !== undefined && long.length < word.length ? long : null;
}

/** Made of tables and without branches, since nearly every word of every text comes here. */
function keysOf(text: string, start: number, end: number): Keys {
  let letters = 0;
  let consonants = 0;
  let sounds = 0;
  let before = 0;
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at) & 0x7f;
    const mixed = MIXED[unit] as number;
    letters = (letters + (ADDED[unit] as number)) | 0;
    consonants = Math.imul(consonants ^ (XORED[unit] as number), TIMES[unit] as number);
    if (mixed !== before) sounds = Math.imul(sounds ^ mixed, 0x01000193);
    before = mixed;
  }
  const first = MIXED[text.charCodeAt(start) & 0x7f] as number;
  const last = MIXED[text.charCodeAt(end - 1) & 0x7f] as number;
  return { letters: Math.imul(letters ^ first, 0x01000193) ^ last, consonants, sounds };
}

function isVowel(unit: number): boolean {
  return "aeiou".includes(String.fromCharCode(unit | 0x20));
}

/** Whether the letters of one word stand in another one in the same order. */
function isWithin(part: string, whole: string): boolean {
  let at = 0;
  for (let index = 0; index < whole.length && at < part.length; index++) if (whole[index] === part[at]) at += 1;
  return at === part.length;
}

/** Whether many words of a text end as words of pig latin do. */
export function hasPigLatin({ text, words, ends }: Reading): boolean {
  let count = 0;
  for (let word = 0; word < words; word++) {
    const end = ends[word] as number;
    if ((text.charCodeAt(end - 1) | 0x20) === 0x79 && (text.charCodeAt(end - 2) | 0x20) === 0x61) count += 1;
  }
  return count >= 4 && count * 8 >= words;
}

/** A copy in which words of pig latin ("ignoreway eviouspray") are put back; null where there are none. */
export function unpigged(source: string): Copy | null {
  return replaced(source, /[a-z]{1,30}ay\b/gi, ([word]) => {
    const stem = word.toLowerCase().slice(0, -2);
    const all = /[^aeiou]*$/.exec(stem)?.[0].length ?? 0;
    const choices = [all, 1, 2, 3, 4].map((letters) => stem.slice(stem.length - letters) + stem.slice(0, stem.length - letters));
    if (/^[aeiou].*w$/.test(stem)) choices.unshift(stem.slice(0, -1));
    return choices.find((choice) => EXACT.has(hashOf(choice)) || isEntry(choice)) ?? (choices[0] as string);
  });
}
