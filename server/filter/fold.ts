/** Latin small capitals, barred letters, Braille and typographic quotation marks, which compatibility normalisation leaves alone, each with its plain form. */
const PLAIN_FORMS =
  '’\'‘\'“"”"„"ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpǫqʀrꜱsᴛtᴜuᴠvᴡwʏyᴢzøoØOłlŁLđdĐDħhŧtıi⠁a⠃b⠉c⠙d⠑e⠋f⠛g⠓h⠊i⠚j⠅k⠇l⠍m⠝n⠕o⠏p⠟q⠗r⠎s⠞t⠥u⠧v⠺w⠭x⠽y⠵z';

/** Entries kept before the cache of folded characters starts again: bounds its memory under hostile input. */
const CACHE_SIZE = 30_000;

/** Unicode's blocks of combining accents that any script may use. */
const ACCENTS = [
  [0x0300, 0x036f],
  [0x1ab0, 0x1aff],
  [0x1dc0, 0x1dff],
  [0x20d0, 0x20ff],
  [0xfe20, 0xfe2f],
] as const;

/** Longest plain form taken (UTF-16 units): a few Arabic and Japanese signs stand for whole phrases, and would make a copy many times its original. */
const LONGEST_FORM = 3;

/** What a code point becomes in a matching copy: some text, white space, a mark (whose runs are capped) or nothing. */
export type Folded = { kind: "text" | "space" | "newline" | "mark" | "drop"; text: string };

const NOTHING: Folded = { kind: "drop", text: "" };
const SPACE: Folded = { kind: "space", text: " " };
const NEWLINE: Folded = { kind: "newline", text: "\n" };

const plainForms = new Map(pairsOf(PLAIN_FORMS).map(([from, to]) => [from, String.fromCharCode(to)]));
const known = new Map<number, Folded>();

/**
 * The plain form of a code point above ASCII: NFKC, Latin letters without their accents, letters in circles, boxes, flags and small capitals
 * as letters; ignorable characters (Unicode's Default_Ignorable_Code_Point, control characters, accents on their own) as nothing.
 */
export function fold(codePoint: number): Folded {
  const earlier = known.get(codePoint);
  if (earlier !== undefined) return earlier;
  if (known.size >= CACHE_SIZE) known.clear();
  const folded = foldUncached(codePoint);
  known.set(codePoint, folded);
  return folded;
}

function foldUncached(codePoint: number): Folded {
  if (codePoint === 0x85 || codePoint === 0x2028 || codePoint === 0x2029) return NEWLINE;
  const char = String.fromCodePoint(codePoint);
  // The Hangul fillers and the empty Braille cell are letters and symbols to Unicode, and blank on a screen.
  if (/[\u115f\u1160\u2800\u3164\uffa0]/.test(char)) return SPACE;
  if (/[\p{Default_Ignorable_Code_Point}\p{Cc}\u2061-\u2064\ufff9-\ufffb]/u.test(char)) return NOTHING;
  if (/\s/.test(char)) return SPACE;
  if (ACCENTS.some(([first, last]) => codePoint >= first && codePoint <= last)) return NOTHING;
  return { kind: /\p{M}/u.test(char) ? "mark" : "text", text: plainForm(char, codePoint) };
}

function plainForm(char: string, codePoint: number): string {
  const letter = codePoint >= 0x1f150 && codePoint <= 0x1f189 ? (codePoint - 0x1f150) % 32 : codePoint - 0x1f1e6;
  if (letter >= 0 && letter < 26) return String.fromCharCode(0x61 + letter);
  const form = plainForms.get(codePoint);
  if (form !== undefined) return form;
  const plain = char.normalize("NFKC");
  if (plain.length > LONGEST_FORM) return char;
  return /\p{Script=Latin}/u.test(plain) ? plain.normalize("NFKD").replace(/\p{M}/gu, "") : plain;
}

function pairsOf(pairs: string): [number, number][] {
  return Array.from({ length: pairs.length / 2 }, (_, index) => [pairs.charCodeAt(2 * index), pairs.charCodeAt(2 * index + 1)]);
}
