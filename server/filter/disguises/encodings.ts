import { type Copy, replaced } from "../copy.ts";

/** Longest block decoded, in characters; a longer one is decoded up to here. */
const LONGEST_BLOCK = 20_000;

const utf8 = new TextDecoder("utf-8", { fatal: true });

const ESCAPES =
  /(?<percent>(?:%[0-9a-f]{2})+)|(?<escape>(?:\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\u\{[0-9a-f]{1,6}\}|u\+[0-9a-f]{4,6}\s?|\\[0-7]{3})+)|(?<quoted>(?:=[0-9a-f]{2}){2,})|(?<ascii85><~[!-uz\s]{8,20000}~>)/gi;
const NUMBERS =
  /(?<binary>(?:\b[01]{7,8}\b[ ,\n|;-]{0,2}){4,}|\b(?:[01]{8}){4,}\b)|(?<pairs>(?:\b(?:0x)?[0-9a-f]{2}[ ,:;|\n-]{1,3}){7,}(?:0x)?[0-9a-f]{2}\b)|(?<hex>\b(?:0x)?(?:[0-9a-f]{2}){8,}\b)|(?<quads>(?:\b[0-9a-f]{4} ){3,}[0-9a-f]{2,4}\b)|(?<decimal>(?:\b\d{2,3}[ ,;.|\n-]{1,3}){6,}\d{2,3}\b)|(?<places>(?:\b(?:[01]?\d|2[0-6])\b[ ,.;\n\-/|]{1,3}){7,}(?:[01]?\d|2[0-6])\b)/gi;
const BASES = /(?<base>[a-z0-9+/_-]{16,}(?:\n[a-z0-9+/_-]{8,})*={0,6})/gi;
const BASES_85 = /(?<base85>[!-~]{25,})/g;
const MORSE_RUN = /(?<morse>(?:[.\-·−–]{1,6}[ /|]{1,3}){5,}[.\-·−–]{0,6})/g;

/** A copy with percent codes, backslash escapes, quoted-printable and marked ascii85 in clear; null where none is text. */
export function unescaped(source: string): Copy | null {
  return replaced(source, ESCAPES, plainOf);
}

/** A copy with text in clear that was spelled in binary, hexadecimal, octal or decimal numbers; null where there is none. Keys and hashes are no text. */
export function unnumbered(source: string): Copy | null {
  return replaced(source, NUMBERS, plainOf);
}

/** A copy with base64 (also url-safe, unpadded, broken into lines) and base32 in clear; null where none is text. Keys and pictures are no text. */
export function unbased(source: string): Copy | null {
  return replaced(source, BASES, plainOf);
}

/** A copy with base85 (ascii85 without marks, and the alphabet of RFC 1924) in clear; null where none is text. */
export function unbased85(source: string): Copy | null {
  return replaced(source, BASES_85, plainOf);
}

/** A copy with Morse code in clear; null where there is none. */
export function unmorsed(source: string): Copy | null {
  return replaced(source, MORSE_RUN, plainOf);
}

function plainOf(match: RegExpMatchArray): string | null {
  const block = match[0].slice(0, LONGEST_BLOCK);
  for (const kind in match.groups) {
    if (match.groups[kind] === undefined) continue;
    for (const decode of decodersOf(kind)) {
      const text = decode(block);
      if (text !== null) return SEAMLESS.has(kind) ? text : ` ${text} `;
    }
  }
  return null;
}

/** Spellings used inside words: what they spell joins what stands around them. */
const SEAMLESS = new Set(["percent", "escape", "quoted"]);

type Decode = (block: string) => string | null;

function decodersOf(kind: string): Decode[] {
  switch (kind) {
    case "percent":
      return [(block) => textOf(numbersOf(block, /[0-9a-f]{2}/gi, 16), 1)];
    case "quoted":
      return [(block) => textOf(numbersOf(block, /[0-9a-f]{2}/gi, 16), 2)];
    case "escape":
      return [escapes];
    case "ascii85":
      return [(block) => ascii85(block.slice(2, -2))];
    case "base85":
      return [ascii85, (block) => ascii85(block.replace(/[!-~]/g, (char) => String.fromCharCode(33 + RFC_1924.indexOf(char))))];
    case "binary":
      return [(block) => textOf(numbersOf(block, /\s/.test(block) ? /[01]{7,8}/g : /[01]{8}/g, 2), 4)];
    case "pairs":
      return [
        (block) => textOf(numbersOf(block.replace(/0x/gi, ""), /[0-9a-f]{2}/gi, 16), 6),
        (block) => textOf(numbersOf(block, /\d{2,3}/g, 10), 6),
        places,
      ];
    case "hex":
      return [(block) => textOf(numbersOf(block.replace(/^0x/i, ""), /[0-9a-f]{2}/gi, 16), 6), base64];
    case "quads":
      return [(block) => textOf(numbersOf(block, /[0-9a-f]{2}/gi, 16), 6)];
    case "decimal":
      return [(block) => textOf(numbersOf(block, /\d{2,3}/g, 10), 6), (block) => textOf(numbersOf(block, /[0-7]{2,3}/g, 8), 6), places];
    case "places":
      return [places];
    case "morse":
      return [morse];
    default:
      return [base32, base64, base58];
  }
}

function numbersOf(block: string, digits: RegExp, base: number): number[] {
  return Array.from(block.matchAll(digits), ([number]) => Number.parseInt(number, base));
}

/** The text that bytes spell in UTF-8; null where it is too short or no readable text. */
function textOf(bytes: number[], shortest: number): string | null {
  if (bytes.length < shortest || bytes.some((byte) => byte > 255)) return null;
  try {
    return readable(utf8.decode(Uint8Array.from(bytes)));
  } catch {
    return null;
  }
}

/** A text that is one: hardly any control characters, and mostly letters, digits, spaces and ordinary punctuation. */
function readable(text: string): string | null {
  let ordinary = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return null;
    if ((unit >= 0x20 && unit < 0x7f) || unit === 0x0a || (unit > 0xa0 && unit < 0xd800) || unit >= 0xf900) ordinary += 1;
  }
  return ordinary >= text.length * 0.85 ? text : null;
}

function escapes(block: string): string | null {
  const bytes = /^(?:\\x[0-9a-f]{2})+$/i.test(block) ? textOf(numbersOf(block, /[0-9a-f]{2}/gi, 16), 1) : null;
  if (bytes !== null) return bytes;
  const codes = Array.from(block.matchAll(/\\x([0-9a-f]{2})|(?:\\u|u\+)\{?([0-9a-f]{1,6})\}?|\\([0-7]{3})/gi), ([, byte, code, octal]) =>
    octal === undefined ? Number.parseInt(byte ?? code ?? "", 16) : Number.parseInt(octal, 8),
  );
  return codes.every((code) => (code >= 0x20 && code <= 0x10ffff) || code === 9 || code === 10 || code === 13)
    ? String.fromCodePoint(...codes.slice(0, 5_000))
    : null;
}

function base64(block: string): string | null {
  const plain = block.replace(/\s/g, "");
  if (!/[A-Z]/.test(plain) || !/[a-z]/.test(plain)) return null;
  return textOf(
    bitsOf(plain.replace(/-/g, "+").replace(/_/g, "/"), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6),
    8,
  );
}

function base32(block: string): string | null {
  return /^[A-Z2-7\s]{16,}=*$/.test(block) ? textOf(bitsOf(block, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5), 8) : null;
}

const BASE_58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Longest base58 decoded: the time grows with the square of the length. */
const LONGEST_58 = 400;

function base58(block: string): string | null {
  if (block.length > LONGEST_58 || !/^[1-9A-HJ-NP-Za-km-z]+$/.test(block)) return null;
  const bytes: number[] = [];
  for (const char of block) {
    let carry = BASE_58.indexOf(char);
    for (let index = 0; index < bytes.length; index++) {
      carry += (bytes[index] as number) * 58;
      bytes[index] = carry & 0xff;
      carry >>= 8;
    }
    for (; carry > 0; carry >>= 8) bytes.push(carry & 0xff);
  }
  return textOf(bytes.toReversed(), 12);
}

/** Letters as their places in the alphabet: hyphens or the like inside words, anything else between them. */
function places(block: string): string | null {
  const inside = /[-.,;/|]/.exec(block)?.[0] ?? " ";
  const words = block.split(inside === " " ? /\s{2,}/ : /\s+|[,/|]{2}/);
  const text = words
    .map((word) => word.replace(/\d+/g, (place) => String.fromCharCode(96 + Number(place))).replace(/[^a-z`]/g, ""))
    .join(" ");
  return /`/.test(text) ? null : text;
}

function bitsOf(block: string, alphabet: string, width: number): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const char of block) {
    const value = alphabet.indexOf(char);
    if (value < 0) continue;
    held = ((held << width) | value) & 0xffff;
    bits += width;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return bytes;
}

const RFC_1924 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

function ascii85(block: string): string | null {
  const digits = block.replace(/\s/g, "").replace(/z/g, "!!!!!");
  const bytes: number[] = [];
  for (let at = 0; at < digits.length; at += 5) {
    const group = digits.slice(at, at + 5);
    const value = Array.from(group.padEnd(5, "u")).reduce((sum, char) => sum * 85 + char.charCodeAt(0) - 33, 0);
    for (let byte = 0; byte < group.length - 1; byte++) bytes.push(Math.floor(value / 256 ** (3 - byte)) & 0xff);
  }
  return textOf(bytes, 4);
}

const MORSE = new Map(
  "a.- b-... c-.-. d-.. e. f..-. g--. h.... i.. j.--- k-.- l.-.. m-- n-. o--- p.--. q--.- r.-. s... t- u..- v...- w.-- x-..- y-.-- z--.. 0----- 1.---- 2..--- 3...-- 4....- 5..... 6-.... 7--... 8---.. 9----."
    .split(" ")
    .map((entry) => [entry.slice(1), entry[0] as string]),
);

function morse(block: string): string | null {
  const words = block
    .replace(/·/g, ".")
    .replace(/[−–]/g, "-")
    .trim()
    .split(/ ?[/|] ?| {2,}/);
  const text = words
    .map((word) =>
      word
        .split(" ")
        .map((sign) => MORSE.get(sign) ?? "")
        .join(""),
    )
    .join(" ");
  return /[a-z]{3}/.test(text) ? text : null;
}
