import { atbash, reversedLetters, rot13 } from "./ciphers.ts";
import { type Mask, maskOf } from "./concepts.ts";
import { ENGLISH } from "./lexicon/english.ts";

/** Letters that a word needs to be a hint: shorter ones are hit by chance. */
const SHORTEST = 4;

/** English words of the lexicon in disguise, by their hashes: each hints that the text may be so disguised. */
const HINTS = new Map<number, Mask>();
const PLACES = new Uint8Array(1 << 16);
for (const entry of Object.values(ENGLISH.words).flatMap((list) => list.split(","))) {
  const word = entry.trim().toLowerCase().replace("*", "");
  if (word.length < SHORTEST || !/^[a-z]+$/.test(word)) continue;
  add(rot13(word), "rot13");
  add(atbash(word), "atbash");
  add(reversedLetters(word), "reversed");
}

function add(word: string, concept: string): void {
  const hash = hashOf(word);
  const { lo, hi } = maskOf(concept);
  const known = HINTS.get(hash) ?? { lo: 0, hi: 0 };
  HINTS.set(hash, { lo: known.lo | lo, hi: known.hi | hi });
  PLACES[placeOf(hash)] = 1;
}

/** What a whole word hints at, by the hash of its lower-case form: rot13, Atbash or letters written backwards; null for nearly every word. */
export function hintOf(hash: number): Mask | null {
  return PLACES[placeOf(hash)] === 0 ? null : (HINTS.get(hash) ?? null);
}

function placeOf(hash: number): number {
  return (hash ^ (hash >>> 16)) & 0xffff;
}

/** The hash of a word of small letters and figures, as a reading has it (FNV-1a, 32 bits). */
export function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < word.length; index++) hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
  return hash;
}
