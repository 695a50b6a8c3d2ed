import { describe, expect, test } from "bun:test";

import { atbash, reversedLetters, rot13 } from "./ciphers.ts";
import { readCorpus } from "./model/data.ts";
import type { FilterContext } from "./schema.ts";
import { verdict } from "./verdict.ts";

/** Texts of our own: what the filter catches must stay caught, and what is harmless must stay untouched. */
const context: FilterContext = { source: "corpus", kind: "post", field: "content", author: null };
const judge = (text: string) => verdict(text, context);
const corpus = await readCorpus();
const heldOut = await readCorpus("held-out");
const attacks = [...corpus, ...heldOut].filter(({ label }) => label === "injection");
const innocents = [...corpus, ...heldOut].filter(({ label }) => label === "benign");
const caught = corpus.filter(({ label, text }) => label === "injection" && judge(text).flag);

/** Attacks that the filter does not see yet, at most, in a hundred of each family; those that persuade without a word that gives them away are hardest. */
const MISSED: Record<string, number> = { subtle: 80, addressed: 40, judgement: 45, spread: 55, decode: 40, indirect: 45, stealth: 30 };
const MISSED_ELSEWHERE = 25;

describe("attacks", () => {
  for (const [family, texts] of Map.groupBy(attacks, (attack) => attack.family)) {
    test(`of the family ${family} are caught`, () => {
      const missed = texts.filter(({ text }) => !judge(text).flag);
      expect((100 * missed.length) / texts.length).toBeLessThanOrEqual(MISSED[family] ?? MISSED_ELSEWHERE);
    });
  }

  test("that the model never learned from are caught nearly as well", () => {
    const unknown = heldOut.filter(({ label }) => label === "injection");
    const missed = unknown.filter(({ text }) => !judge(text).flag);
    expect((100 * missed.length) / unknown.length).toBeLessThanOrEqual(MISSED_ELSEWHERE);
  });

  test("are many, of every family", () => {
    expect(attacks.length).toBeGreaterThan(400);
    expect(new Set(attacks.map(({ family }) => family)).size).toBeGreaterThanOrEqual(15);
  });
});

describe("innocents", () => {
  test("are never withheld, and hardly ever marked; those that quote an attack are at most marked", () => {
    const judged = innocents.map((innocent) => ({ ...innocent, ...judge(innocent.text) }));
    expect(judged.filter(({ band }) => band === "withhold").map(({ text }) => text)).toEqual([]);
    const marked = judged.filter(({ flag, family }) => flag && family !== "quoted");
    expect(marked.length / innocents.length).toBeLessThan(0.01);
  });

  test("are many", () => {
    expect(innocents.length).toBeGreaterThanOrEqual(600);
  });
});

const bytesOf = (text: string) => [...new TextEncoder().encode(text)];
const base = (text: string, alphabet: string, width: number) => {
  const bits = bytesOf(text).map((byte) => byte.toString(2).padStart(8, "0"));
  const groups = bits.join("").match(new RegExp(`.{1,${width}}`, "g")) ?? [];
  return groups.map((group) => alphabet[Number.parseInt(group.padEnd(width, "0"), 2)]).join("");
};
const lettersTo = (text: string, first: number) =>
  text.replace(/[a-z]/gi, (letter) => String.fromCodePoint(first + letter.toLowerCase().charCodeAt(0) - 97));
const LOOK_ALIKES: Record<string, string> = { a: "а", e: "е", o: "о", p: "р", c: "с", i: "і", s: "ѕ" };
const LEET: Record<string, string> = { a: "4", e: "3", i: "1", o: "0", s: "5", t: "7" };

const shiftedBy = (places: number) => (text: string) =>
  text.replace(/[a-z]/gi, (letter) => {
    const first = letter <= "Z" ? 65 : 97;
    return String.fromCharCode(first + ((letter.charCodeAt(0) - first + places) % 26));
  });
const ASCII_85 = String.fromCharCode(...Array.from({ length: 85 }, (_, digit) => 33 + digit));
const RFC_1924 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
const base85 = (alphabet: string) => (text: string) => {
  const bytes = bytesOf(text);
  const groups = Array.from({ length: Math.ceil(bytes.length / 4) }, (_, index) => bytes.slice(4 * index, 4 * index + 4));
  return groups
    .map((group) => {
      const value = [0, 1, 2, 3].reduce((sum, index) => sum * 256 + (group[index] ?? 0), 0);
      const digits = [4, 3, 2, 1, 0].map((power) => alphabet[Math.floor(value / 85 ** power) % 85]);
      return digits.slice(0, group.length + 1).join("");
    })
    .join("");
};
const base58 = (text: string) => {
  let digits = "";
  for (let rest = BigInt(`0x${new TextEncoder().encode(text).toHex()}`); rest > 0n; rest /= 58n)
    digits = `${"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[Number(rest % 58n)]}${digits}`;
  return digits;
};
const BRAILLE = "⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵";
const TURNED = "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz";
const lettersFrom = (text: string, letters: string) =>
  text.toLowerCase().replace(/[a-z]/g, (letter) => letters[letter.charCodeAt(0) - 97] ?? letter);

/** Ways to hide a text that the filter undoes. */
const DISGUISES: Record<string, (text: string) => string> = {
  "zero-width spaces": (text) => [...text].join("\u200b"),
  "soft hyphens": (text) => text.replace(/(?<=\w)(?=\w)/g, "\u00ad"),
  "tag characters": (text) => [...text].map((char) => String.fromCodePoint(0xe0000 + (char.codePointAt(0) ?? 0))).join(""),
  "full width": (text) => text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)),
  "mathematical letters": (text) => lettersTo(text, 0x1d41a),
  "circled letters": (text) => lettersTo(text, 0x24d0),
  "stacked marks": (text) => text.replace(/\w/g, (char) => `${char}\u0336\u0353`),
  "look-alikes": (text) => text.replace(/[aeopcis]/g, (letter) => LOOK_ALIKES[letter] ?? letter),
  entities: (text) => [...text].map((char) => `&#${char.codePointAt(0)};`).join(""),
  "percent codes": (text) =>
    bytesOf(text)
      .map((byte) => `%${byte.toString(16).padStart(2, "0")}`)
      .join(""),
  "hexadecimal escapes": (text) =>
    bytesOf(text)
      .map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`)
      .join(""),
  "unicode escapes": (text) => [...text].map((char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`).join(""),
  base64: (text) => `Look at this: ${btoa(String.fromCharCode(...bytesOf(text)))}`,
  "url-safe base64 without padding": (text) => new TextEncoder().encode(text).toBase64({ alphabet: "base64url", omitPadding: true }),
  "base64 twice": (text) => btoa(btoa(String.fromCharCode(...bytesOf(text)))),
  base32: (text) => base(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5),
  hexadecimal: (text) => new TextEncoder().encode(text).toHex(),
  "hexadecimal pairs": (text) =>
    bytesOf(text)
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join(" "),
  binary: (text) =>
    bytesOf(text)
      .map((byte) => byte.toString(2).padStart(8, "0"))
      .join(" "),
  "decimal codes": (text) => bytesOf(text).join(" "),
  rot13,
  atbash,
  backwards: reversedLetters,
  leet: (text) => text.replace(/[aeiost]/g, (letter) => LEET[letter] ?? letter),
  "spaced letters": (text) => [...text].join(" ").replace(/ {3}/g, "   "),
  "dotted letters": (text) =>
    text
      .split(" ")
      .map((word) => [...word].join("."))
      .join("  "),
  "dots between all letters": (text) => [...text].join("."),
  "pictures between letters": (text) => [...text].join("🔥"),
  "hyphens every two letters": (text) => text.replace(/(\w\w)(?=\w)/g, "$1-"),
  "letters in disorder": (text) => text.replace(/\b([a-z])([a-z])([a-z]+)([a-z])\b/gi, "$1$3$2$4"),
  "each letter twice": (text) => text.replace(/[a-z]/gi, "$&$&"),
  "pig latin": (text) =>
    text.replace(/[a-z]+/gi, (word) =>
      word.replace(/^([^aeiou]*)(.*)$/i, (_, first, rest) => (first ? `${rest}${first}ay` : `${word}way`)),
    ),
  "a Caesar cipher": shiftedBy(3),
  "another Caesar cipher": shiftedBy(20),
  rot47: (text) => text.replace(/[!-~]/g, (char) => String.fromCharCode(33 + ((char.charCodeAt(0) + 14) % 94))),
  "places in the alphabet": (text) =>
    text.toLowerCase().replace(/[a-z]+/g, (word) => [...word].map((char) => char.charCodeAt(0) - 96).join("-")),
  Braille: (text) => lettersFrom(text, BRAILLE),
  "upside down": (text) => reversedLetters(lettersFrom(text, TURNED)),
  "ascii85 without marks": base85(ASCII_85),
  "base85 of RFC 1924": base85(RFC_1924),
  base58,
  "hexadecimal numbers": (text) =>
    bytesOf(text)
      .map((byte) => `0x${byte.toString(16)}`)
      .join(" "),
  "string concatenation": (text) => `"${text.match(/.{1,4}/gs)?.join('" + "')}"`,
  "line breaks": (text) => text.replace(/ /g, "\n"),
  "upper case": (text) => text.toUpperCase(),
};

describe("what is caught in plain form is caught in disguise", () => {
  const plain = caught.filter(({ text }) => /^[ -~]{30,400}$/.test(text) && !/["<\\`|[{]/.test(text)).filter((_, index) => index % 3 === 0);
  const shares = new Map<string, number>();
  for (const [name, disguise] of Object.entries(DISGUISES)) {
    test(name, () => {
      const missed = plain.filter(({ text }) => !judge(disguise(text)).flag);
      shares.set(name, missed.length / plain.length);
      expect(missed.length / plain.length, missed.map(({ text }) => text).join("\n")).toBeLessThanOrEqual(0.12);
    });
  }

  test("nineteen times in twenty, over all of them", () => {
    const sum = [...shares.values()].reduce((total, share) => total + share, 0);
    expect(shares.size).toBe(Object.keys(DISGUISES).length);
    expect(sum / shares.size).toBeLessThanOrEqual(0.05);
  });
});
