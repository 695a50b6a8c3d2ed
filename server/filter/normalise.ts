import { fold } from "./fold.ts";
import { lookAlike } from "./look-alikes.ts";

/**
 * A copy of a text for matching. `starts` gives the original offset of each of its UTF-16 units and of its end; null: the copy is the original.
 * `hidden` says that the original has characters that leave nothing on a screen, `alike` that it has letters that look like Latin ones.
 */
export type Normalised = { text: string; starts: Uint32Array | null; hidden: boolean; alike: boolean };

/** Combining marks kept in a row; living scripts need fewer, stacked ("zalgo") text uses dozens. */
const MARKS_IN_A_ROW = 4;

/** ASCII that a copy takes as it is: 1 letters and figures, 2 the blank between words, 3 marks (not the ampersand, which may begin an entity). */
const PLAIN = Uint8Array.from({ length: 128 }, (_, unit) => {
  if (unit === 0x20) return 2;
  if (unit < 0x20 || unit === 0x26 || unit === 0x7f) return 0;
  return /[a-z0-9]/i.test(String.fromCharCode(unit)) ? 1 : 3;
});

const NEEDS_WORK = /[^\x21-\x25\x27-\x7e \n]|[ \n]{2}/;
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos|nbsp));/iy;
const NAMED: Record<string, number> = { lt: 0x3c, gt: 0x3e, amp: 0x26, quot: 0x22, apos: 0x27, nbsp: 0x20 };
const BLACK_FLAG = 0x1f3f4;
const FLAG_TAGS = /^(?:gb(?:eng|sct|wls|nir)|(?:us|ca)[a-z]{2})$/;

/** Where copies are made, one after the other; a text longer than this gets room of its own. */
const scratch = { units: new Uint16Array(16_384), starts: new Uint32Array(16_385) };

/**
 * A copy of `original` in which disguised text reads plainly: compatibility forms folded (NFKC), accents and invisible characters gone, tag
 * characters and HTML entities decoded, look-alike letters inside Latin words replaced, white space runs folded to one space or newline.
 * Time is linear in the length.
 */
export function normalise(original: string): Normalised {
  if (!NEEDS_WORK.test(original)) return { text: original, starts: null, hidden: false, alike: false };
  const copy = newCopy(original.length);
  for (let at = 0; at < original.length;) {
    const unit = original.charCodeAt(at);
    if (unit < 0x80 && PLAIN[unit] !== 0) at = addPlain(copy, original, at);
    else if (unit === 0x26) at += addEntity(copy, original, at);
    else if (unit < 0x80) {
      addAscii(copy, unit, at);
      at += 1;
    } else {
      const codePoint = original.codePointAt(at) as number;
      addCodePoint(copy, codePoint, at);
      at += codePoint > 0xffff ? 2 : 1;
      if (codePoint === BLACK_FLAG) at += flagTagsLength(original, at);
    }
  }
  closeWord(copy);
  copy.starts[copy.length] = original.length;
  const { units, starts, length, hidden, alike } = copy;
  const text = Buffer.from(units.buffer, 0, 2 * length).toString("utf16le");
  return { text, starts: starts.slice(0, length + 1), hidden, alike };
}

/** The original's range that a non-empty range of the copy came from; a character that became several counts whole. */
export function originalRange({ starts }: Normalised, start: number, end: number): { start: number; end: number } {
  if (starts === null) return { start, end };
  let after = end;
  while (after < starts.length - 1 && starts[after] === starts[end - 1]) after += 1;
  return { start: starts[start] ?? 0, end: starts[after] ?? 0 };
}

/** The copy under construction: `wordAt` is where its last word starts, `disguised` says that the word has look-alikes, `marks` counts the marks in a row. */
type Copy = {
  units: Uint16Array;
  starts: Uint32Array;
  length: number;
  wordAt: number;
  disguised: boolean;
  marks: number;
  hidden: boolean;
  alike: boolean;
};

function newCopy(length: number): Copy {
  const room = length <= scratch.units.length ? scratch : { units: new Uint16Array(length), starts: new Uint32Array(length + 1) };
  return {
    ...room,
    length: 0,
    wordAt: 0,
    disguised: false,
    marks: 0,
    hidden: false,
    alike: false,
  };
}

/** Adds a run of plain ASCII and says where it ends: the common case, which is why it keeps everything in local variables. */
function addPlain(copy: Copy, original: string, from: number): number {
  while (copy.length + original.length - from > copy.units.length) grow(copy);
  const { units, starts } = copy;
  let { length, wordAt } = copy;
  let blank = length > 0 && (units[length - 1] === 0x20 || units[length - 1] === 0x0a);
  let at = from;
  for (; at < original.length; at++) {
    const unit = original.charCodeAt(at);
    const kind = unit < 0x80 ? (PLAIN[unit] as number) : 0;
    if (kind === 0) break;
    if (kind !== 1) {
      if (copy.disguised) {
        copy.length = length;
        copy.wordAt = wordAt;
        closeWord(copy);
      }
      if (kind === 2 && blank) continue;
      wordAt = length + 1;
    }
    blank = kind === 2;
    units[length] = unit;
    starts[length] = at;
    length += 1;
  }
  copy.length = length;
  copy.wordAt = wordAt;
  copy.marks = 0;
  return at;
}

/** Adds what stands at an ampersand, an entity or the ampersand itself, and says how long that was. */
function addEntity(copy: Copy, original: string, at: number): number {
  ENTITY.lastIndex = at;
  const match = ENTITY.exec(original);
  if (match === null) {
    addAscii(copy, 0x26, at);
    return 1;
  }
  const [whole, decimal, hex, name] = match;
  const codePoint = name === undefined ? Number.parseInt(decimal ?? hex ?? "", decimal === undefined ? 16 : 10) : NAMED[name.toLowerCase()];
  if (codePoint !== undefined && codePoint <= 0x10ffff) addCodePoint(copy, codePoint, at);
  return whole.length;
}

function addCodePoint(copy: Copy, codePoint: number, at: number): void {
  if (codePoint < 0x80) return addAscii(copy, codePoint, at);
  if (codePoint >= 0xe0020 && codePoint <= 0xe007e) {
    copy.hidden = true;
    return addAscii(copy, codePoint - 0xe0000, at);
  }
  const { kind, text } = fold(codePoint);
  if (kind === "drop") {
    copy.hidden = true;
    return;
  }
  if (kind === "space" || kind === "newline") return addSpace(copy, text.charCodeAt(0), at);
  copy.marks = kind === "mark" ? copy.marks + 1 : 0;
  if (copy.marks > MARKS_IN_A_ROW) return;
  for (let index = 0; index < text.length; index++) addFolded(copy, text.charCodeAt(index), at);
}

function addFolded(copy: Copy, unit: number, at: number): void {
  if (unit < 0x80) return addAscii(copy, unit, at);
  if (lookAlike(unit) !== 0) {
    copy.disguised = true;
    copy.alike = true;
  }
  add(copy, unit, at);
}

function addAscii(copy: Copy, unit: number, at: number): void {
  copy.marks = 0;
  const letter = unit | 0x20;
  if ((letter >= 0x61 && letter <= 0x7a) || (unit >= 0x30 && unit <= 0x39)) return add(copy, unit, at);
  if (unit === 0x20 || (unit >= 0x09 && unit <= 0x0d)) return addSpace(copy, unit === 0x20 || unit === 0x09 ? 0x20 : 0x0a, at);
  if (unit < 0x20 || unit === 0x7f) return;
  closeWord(copy);
  add(copy, unit, at);
  copy.wordAt = copy.length;
}

function addSpace(copy: Copy, unit: number, at: number): void {
  closeWord(copy);
  const last = copy.length > 0 ? copy.units[copy.length - 1] : undefined;
  if (last === 0x20 || last === 0x0a) {
    if (unit === 0x0a) copy.units[copy.length - 1] = unit;
    return;
  }
  add(copy, unit, at);
  copy.wordAt = copy.length;
}

function add(copy: Copy, unit: number, at: number): void {
  if (copy.length === copy.units.length) grow(copy);
  copy.units[copy.length] = unit;
  copy.starts[copy.length] = at;
  copy.length += 1;
}

/** Plain forms can be longer than what they replace: a ligature becomes up to three units. */
function grow(copy: Copy): void {
  const units = new Uint16Array(copy.units.length * 2 + 32);
  const starts = new Uint32Array(units.length + 1);
  units.set(copy.units);
  starts.set(copy.starts);
  copy.units = units;
  copy.starts = starts;
}

/** Ends a word; one that mixes Latin letters with look-alikes of other scripts becomes Latin throughout, one wholly in its own script stays. */
function closeWord(copy: Copy): void {
  if (copy.disguised && hasLatin(copy)) {
    for (let index = copy.wordAt; index < copy.length; index++) {
      const unit = copy.units[index] ?? 0;
      copy.units[index] = lookAlike(unit) || unit;
    }
  }
  copy.disguised = false;
  copy.wordAt = copy.length;
}

function hasLatin(copy: Copy): boolean {
  for (let index = copy.wordAt; index < copy.length; index++) {
    const letter = (copy.units[index] ?? 0) | 0x20;
    if (letter >= 0x61 && letter <= 0x7a) return true;
  }
  return false;
}

/** Length of the tag sequence of a regional flag (England, Texas…) at `at`, right after a black flag; 0 for tags that spell anything else. */
function flagTagsLength(text: string, at: number): number {
  let name = "";
  for (let index = at; index < at + 16; index += 2) {
    const codePoint = text.codePointAt(index) ?? 0;
    if (codePoint === 0xe007f) return FLAG_TAGS.test(name) ? index + 2 - at : 0;
    if (codePoint < 0xe0020 || codePoint > 0xe007e) return 0;
    name += String.fromCharCode(codePoint - 0xe0000);
  }
  return 0;
}
