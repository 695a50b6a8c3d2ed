import { readingsOf } from "../filter/outbound/readings.ts";

/**
 * A canary is a random text that has no use, so that wherever it turns up somebody has taken it there. It is `mbc_` and 24 characters: 100
 * random bits in Crockford's base32, small letters, then 20 bits that follow from them. By those it is known in any text without a list of
 * all canaries at hand; whether it is one of ours its SHA-256 tells, and nothing else of it is kept.
 */
const PREFIX = "mbc_";
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const BODY = 20;
const LENGTH = BODY + 4;

/** The check is a polynomial in BASE over the body's characters, modulo the largest prime below 2^20, so that a window over a text rolls on in one step. */
const PRIME = 1_048_573;
const BASE = 37;
const TOP = Array.from({ length: BODY }).reduce<number>((power) => (power * BASE) % PRIME, 1);
/** Or a row of noughts would be a canary. */
const MIX = 0x5a5a5;

/** Makes a canary. */
export function newCanary(): string {
  const body = crypto.getRandomValues(new Uint8Array(BODY)).map((byte) => byte & 31);
  const check = body.reduce((hash, value) => (hash * BASE + value) % PRIME, 0) ^ MIX;
  const values = [...body, check >>> 15, (check >>> 10) & 31, (check >>> 5) & 31, check & 31];
  return PREFIX + values.map((value) => ALPHABET[value]).join("");
}

/** SHA-256 of a canary, which holds enough random bits to need no salt. */
export function hashOf(canary: string): Buffer {
  return new Bun.CryptoHasher("sha256").update(canary).digest();
}

/**
 * What may be canaries in a text that somebody disguised: cut by other signs, in capitals, backwards, in rot13, in percent or other escapes, hex,
 * decimal codes or base64, also one upon the other. About one window in a million is a chance hit.
 */
export function canariesBehind(text: string): string[] {
  const found = new Set<string>();
  if (text.length < LENGTH) return [];
  for (const reading of readingsOf(text)) {
    for (const values of [VALUES, ROTATED]) collect(reading, values, found);
  }
  return [...found];
}

/** The same for a text that nobody disguised, for what is read all the time: a canary in one piece, in small letters or capitals, or backwards. */
export function canariesIn(text: string): string[] {
  const found = new Set<string>();
  for (const piece of text.match(PIECE) ?? []) collect(piece, VALUES, found);
  return [...found];
}

const PIECE = /[0-9A-Za-z]{24,}/g;

const SKIP = 32;
const BREAK = 33;
const VALUES = valuesBy((letter) => letter);
const ROTATED = valuesBy((letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97));

/** The value of each ASCII character. Letters that the alphabet lacks read as Crockford has it: i and l are 1, o is 0; u is none. */
function valuesBy(read: (letter: string) => string): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, unit) => {
    const char = String.fromCharCode(unit).toLowerCase();
    if (!/[0-9a-z]/.test(char)) return SKIP;
    const letter = (/[a-z]/.test(char) ? read(char) : char).replace(/[il]/, "1").replace("o", "0");
    return letter === "u" ? BREAK : ALPHABET.indexOf(letter);
  });
}

function collect(text: string, values: Uint8Array, found: Set<string>): void {
  roll(text, 0, 1, values, found);
  roll(text, text.length - 1, -1, values, found);
}

/** Rolls a window of 24 values over a text, past whatever is neither letter nor figure. */
function roll(text: string, from: number, step: 1 | -1, values: Uint8Array, found: Set<string>): void {
  const recent = new Uint8Array(32);
  let count = 0;
  let hash = 0;
  let tail = 0;
  for (let at = from; at >= 0 && at < text.length; at += step) {
    const unit = text.charCodeAt(at);
    const value = unit < 128 ? (values[unit] as number) : SKIP;
    if (value === SKIP) continue;
    if (value === BREAK) {
      count = hash = tail = 0;
      continue;
    }
    recent[count & 31] = value;
    count += 1;
    tail = ((tail << 5) | value) & 0xfffff;
    if (count <= 4) continue;
    const leaving = count > LENGTH ? (recent[(count - LENGTH - 1) & 31] as number) : 0;
    hash = (hash * BASE + (recent[(count - 5) & 31] as number) + PRIME - ((leaving * TOP) % PRIME)) % PRIME;
    if (count >= LENGTH && (hash ^ MIX) === tail) found.add(spelled(recent, count - LENGTH));
  }
}

function spelled(recent: Uint8Array, first: number): string {
  const values = Array.from({ length: LENGTH }, (_, index) => recent[(first + index) & 31] as number);
  return PREFIX + values.map((value) => ALPHABET[value]).join("");
}
