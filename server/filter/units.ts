/** Kinds of ASCII units: 1 letter, 2 digit, 3 space, 4 line end, 5 ends a sentence, 6 ends a clause, 7 apostrophe, 0 other. */
export const KIND = new Uint8Array(128);
for (let unit = 0x61; unit <= 0x7a; unit++) KIND[unit] = KIND[unit - 0x20] = 1;
for (let unit = 0x30; unit <= 0x39; unit++) KIND[unit] = 2;
KIND[0x20] = KIND[0x09] = 3;
KIND[0x0a] = KIND[0x0d] = 4;
for (const char of ".!?") KIND[char.charCodeAt(0)] = 5;
for (const char of ",;:()") KIND[char.charCodeAt(0)] = 6;
KIND[0x27] = 7;

const SIGNS = '<[{%\\&#`+=@$|*/"-~^_.';
/** The bit of each punctuation mark that rules and disguises ask for. */
export const SIGN = new Int32Array(128);
for (const [index, char] of Array.from(SIGNS).entries()) SIGN[char.charCodeAt(0)] = 1 << index;

/** The bits of a reading's `signs` for some punctuation marks. */
export function signsOf(marks: string): number {
  return Array.from(marks).reduce((bits, mark) => bits | (SIGN[mark.charCodeAt(0)] as number), 0);
}

/** Marks that no one writes between two letters, unless to split a word. */
export const SEAMS = signsOf("*~^|\\`");

/** Kinds of units beyond ASCII, by ranges: letters that join to words, letters of scripts without spaces (8), sentence and clause ends. */
export const BEYOND = new Uint8Array(0x10000).fill(0);
for (let unit = 0x80; unit < 0x10000; unit++) BEYOND[unit] = kindBeyond(unit);

/** Lower-case forms of the units of cased scripts below Georgian Extended. */
export const LOWER = Uint16Array.from({ length: 0x2000 }, (_, unit) => {
  const lower = String.fromCharCode(unit).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : unit;
});

function kindBeyond(unit: number): number {
  if (unit >= 0xd800 && unit < 0xe000) return 0;
  const char = String.fromCharCode(unit);
  if (
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u30fc]/u.test(
      char,
    )
  )
    return 8;
  if (/[\p{L}\p{M}\u200c\u200d]/u.test(char)) return 1;
  if (/\p{N}/u.test(char)) return 2;
  if (/[。！？؟।॥։።۔]/.test(char)) return 5;
  if (/[、，；：،؛]/.test(char)) return 6;
  return /\s/.test(char) ? 3 : 0;
}

/** Whether a word has figures, or capitals after its first letter: nothing that people write. */
export function isOdd(text: string, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x61 && KIND[unit] !== 7) return true;
  }
  return false;
}

/** Whether a mark stands between two letters. */
export function isSeam(text: string, at: number): boolean {
  if (at === 0 || at + 1 >= text.length) return false;
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at + 1);
  return (before >= 128 || KIND[before] === 1) && (after >= 128 || KIND[after] === 1);
}

/** Whether a word ends after the unit at `index`: in scripts without spaces every unit ends one. */
export function endsWord(text: string, index: number, unit: number): boolean {
  if (unit >= 0x0e00 && BEYOND[unit] === 8) return true;
  if (index + 1 >= text.length) return true;
  const next = text.charCodeAt(index + 1);
  const kind = next < 128 ? (KIND[next] as number) : (BEYOND[next] as number);
  return kind !== 1 && kind !== 2;
}
