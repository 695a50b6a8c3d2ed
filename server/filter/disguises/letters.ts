import { atbash, reversedLetters, rot13 } from "../ciphers.ts";
import { aligned, type Copy, finish, keep, newDraft, put, replaced } from "../copy.ts";
import { isEntry, segmented } from "../vocabulary.ts";

/** Figures and signs that stand for letters in "leet"; 1 and | are also read as l. */
const LEET: Record<string, string> = {
  "0": "o",
  "1": "i",
  "2": "z",
  "3": "e",
  "4": "a",
  "5": "s",
  "6": "g",
  "7": "t",
  "8": "b",
  "9": "g",
  "@": "a",
  $: "s",
  "!": "i",
  "|": "i",
  "+": "t",
  "€": "e",
  "£": "l",
  "¥": "y",
  "(": "c",
  "}": "",
  "{": "",
};

/** Choices of i or l tried in one word. */
const DOUBTFUL = 4;

/** A copy in which words with figures or signs among their letters are spelled with letters; null where there are none. */
export function unleeted(source: string): Copy | null {
  return replaced(source, /[a-z0-9@$!|+€£¥]*[0-9@$!|+€£¥][a-z0-9@$!|+€£¥]*/gi, ([word]) => {
    const ends = /[!+|]+$/.exec(word)?.[0] ?? "";
    const core = word.slice(0, word.length - ends.length);
    if (core === "" || core.length > 40) return null;
    const plain = Array.from(core.toLowerCase(), (char) => LEET[char] ?? char);
    const doubtful = Array.from(core)
      .flatMap((char, index) => (char === "1" || char === "|" || char === "!" ? [index] : []))
      .slice(0, DOUBTFUL);
    for (let choice = 0; choice < 1 << doubtful.length; choice++) {
      const tried = plain.slice();
      for (const [bit, index] of doubtful.entries()) if (choice & (1 << bit)) tried[index] = "l";
      const found = tried.join("");
      if (isEntry(found)) return fitted(found, core.length) + ends;
    }
    return fitted(plain.join(""), core.length) + ends;
  });
}

function fitted(text: string, length: number): string {
  return text.slice(0, length);
}

/** A copy in which letters that stand apart, by blanks or one mark between each two, are joined to words; null where there are none. */
export function joined(source: string): Copy | null {
  return replaced(
    source,
    /(?<![\p{L}\p{N}])(?:[\p{L}\p{N}!?.,:'"<>()[\]{}/=`~@#$%&*_|+\\-](?:[^\S\n]{1,4}|[._*\-~\\/|+,'"^:;=•·]{1,2})){5,4000}[\p{L}\p{N}]?(?![\p{L}\p{N}])/gu,
    ([run]) => {
      const gap = separatorOf(run);
      return ` ${segments(run.split(gap.between).map((word) => word.replace(gap.inside, "")))} `;
    },
  );
}

/** A copy in which letters that stand alone or in pairs, whatever keeps them apart, are put together and cut into words; null where there are none. */
export function gathered(source: string): Copy | null {
  return replaced(
    source,
    /(?<![\p{L}\p{N}])(?:[\p{L}\p{N}]{1,2}[^\p{L}\p{N}]{1,6}){7,4000}[\p{L}\p{N}]{1,2}(?![\p{L}\p{N}])/gu,
    ([run]) => ` ${wordsOf(run)} `,
  );
}

/** The words of a run of letters: what stands most often between two of them stands inside a word, anything else between words. */
function wordsOf(run: string): string {
  const gaps = run.match(/[^\p{L}\p{N}]+/gu) ?? [];
  const counts = [...Map.groupBy(gaps, (gap) => gap)].map(([gap, same]) => ({ gap, count: same.length }));
  const inside = counts.reduce((most, one) => (one.count > most.count ? one : most)).gap;
  const words = run.replace(/[^\p{L}\p{N}]+/gu, (gap) => (gap === inside ? "" : " ")).split(" ");
  return segments(words);
}

/** Words that are too long to be one are cut. */
function segments(words: string[]): string {
  return words.map((word) => (word.length > 9 ? segmented(word) : word)).join(" ");
}

function separatorOf(run: string): { inside: RegExp; between: RegExp } {
  if (/^\S[^\S\n]/u.test(run)) return { inside: /\s/g, between: /\s{2,}/ };
  const mark = RegExp.escape(run.slice(1, 2) === "" ? " " : (/[._*\-~\\/|+,'"^:;=•·]/.exec(run)?.[0] ?? " "));
  return { inside: new RegExp(mark, "g"), between: new RegExp(`(?:${mark})?\\s+(?:${mark})?|(?:${mark}){2,}`) };
}

/** A copy without marks between the letters of words and without the seams of strings put together; null where there are none. */
export function seamless(source: string): Copy | null {
  return replaced(
    source,
    /(?<=[\p{L}\p{N} ])(?:["'`]\s{0,2}[+.&|,]{0,2}\s{0,2}["'`]|[*~^|\\`_.·•]{1,2}|\]\s?\[|\)\s?\(|\}\s?\{)(?=[\p{L}\p{N} ])/gu,
    () => "",
  );
}

/** A copy in which long words without blanks between their parts are cut into words; null where there are none. */
export function cutApart(source: string): Copy | null {
  return replaced(source, /\p{L}{14,400}/gu, ([word]) => {
    const humps = word.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, " ");
    const text = humps.includes(" ") ? humps : segmented(word);
    return text === word ? null : text;
  });
}

/** A copy with its letters moved by thirteen places. */
export function rotated(source: string): Copy {
  return aligned(source, rot13(source));
}

/** A copy with its letters counted from the end of the alphabet. */
export function counted(source: string): Copy {
  return aligned(source, atbash(source));
}

/** A copy written backwards. */
export function backwards(source: string): Copy {
  const starts = Uint32Array.from({ length: source.length + 1 }, (_, at) => Math.max(0, source.length - 1 - at));
  return { text: reversedLetters(source), starts };
}

/** A copy in which each word is written backwards. */
export function backwardsByWord(source: string): Copy {
  const draft = newDraft();
  for (const match of source.matchAll(/\S+|\s+/g)) {
    if (/^\s/.test(match[0])) keep(draft, source, match.index, match.index + match[0].length);
    else put(draft, reversedLetters(match[0]), match.index);
  }
  return finish(draft, source);
}

const UPRIGHT = "abcdefghijklmnopqrstuvwxyz";
const UPSIDE_DOWN = "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz";

/** A copy of a text that was turned upside down, letter by letter, and written from its end. */
export function turned(source: string): Copy {
  const { text, starts } = backwards(source);
  const upright = Array.from(text, (char) => UPRIGHT[UPSIDE_DOWN.indexOf(char)] ?? (char === "ı" ? "i" : char));
  return { text: upright.join(""), starts };
}
