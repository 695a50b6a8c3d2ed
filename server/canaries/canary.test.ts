import { expect, test } from "bun:test";

import * as fc from "fast-check";

import { loadContent } from "../sandbox/content.ts";
import { canariesBehind, canariesIn, newCanary } from "./canary.ts";
import { noteOf, withoutNote } from "./plant.ts";

const bytes = (text: string) => [...Buffer.from(text)];
const hexOf = (byte: number) => byte.toString(16).padStart(2, "0");
const rot13 = (text: string) =>
  text.replace(/[a-z]/gi, (char) => {
    const base = char < "a" ? 65 : 97;
    return String.fromCharCode(((char.charCodeAt(0) - base + 13) % 26) + base);
  });

/** Ways to hide a text that whoever receives it can undo. */
const DISGUISES: Record<string, (text: string) => string> = {
  plain: (text) => text,
  "without its beginning": (text) => text.slice(4),
  capitals: (text) => text.toUpperCase(),
  spaced: (text) => [...text].join(" "),
  "split by signs": (text) => [...text].join("-*"),
  "split over lines": (text) => `${text.slice(0, 11)}\n> ${text.slice(11, 19)}\n> ${text.slice(19)}`,
  backwards: (text) => [...text].toReversed().join(""),
  "i for 1 and o for 0": (text) => text.replaceAll("1", "I").replaceAll("0", "o"),
  rot13,
  base64: (text) => Buffer.from(text).toString("base64"),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  "base64 in lines": (text) => Buffer.from(text).toString("base64").replaceAll(/.{6}/g, "$&\n"),
  "base64 backwards": (text) => [...Buffer.from(text).toString("base64")].toReversed().join(""),
  hex: (text) => Buffer.from(text).toString("hex"),
  "hex in pairs": (text) =>
    bytes(text)
      .map((byte) => `0x${hexOf(byte)}`)
      .join(", "),
  percent: (text) =>
    bytes(text)
      .map((byte) => `%${hexOf(byte)}`)
      .join(""),
  escapes: (text) =>
    bytes(text)
      .map((byte) => `\\x${hexOf(byte)}`)
      .join(""),
  unicode: (text) =>
    bytes(text)
      .map((byte) => `\\u00${hexOf(byte)}`)
      .join(""),
  entities: (text) =>
    bytes(text)
      .map((byte) => `&#${byte};`)
      .join(""),
  "decimal codes": (text) => bytes(text).join(" "),
  "full-width": (text) =>
    bytes(text)
      .map((byte) => String.fromCharCode(byte + 0xfee0))
      .join(""),
  "zero-width": (text) => [...text].join("\u200b"),
};

test.each(Object.entries(DISGUISES))("a canary is known again: %s", (_, disguise) => {
  for (let round = 0; round < 50; round += 1) {
    const canary = newCanary();
    expect(canariesBehind(`Look what I found, ${disguise(canary)}, is it yours?`)).toContain(canary);
  }
});

test("a canary is known again in base64 or hex of a text that is encoded itself, anywhere in it", () => {
  const outer = fc.constantFrom("base64", "base64url", "hex", "backwards", "percent");
  const inner = fc.constantFrom(...Object.keys(DISGUISES));
  const around = fc.string({ unit: fc.constantFrom(..." .,:;!?'()\n"), maxLength: 30 });
  const canary = newCanary();
  fc.assert(
    fc.property(inner, outer, around, around, (first, second, before, after) => {
      const hidden = DISGUISES[second]?.(DISGUISES[first]?.(canary) ?? "");
      expect(canariesBehind(`${before}${hidden}${after}`)).toContain(canary);
    }),
    { numRuns: 300 },
  );
});

test("no text makes the look for canaries fail, and none of the sandbox's is taken for one", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => Array.isArray(canariesBehind(text))));
  const texts = loadContent().posts.flatMap(({ title, content }) => [title, content ?? ""]);
  expect(texts.flatMap(canariesBehind)).toEqual([]);
  expect(canariesBehind("0".repeat(200) + " 0123456789abcdefghjkmnpqrstvwxyz".repeat(20))).toEqual([]);
});

test("canaries differ, and one with a character changed is none", () => {
  expect(new Set(Array.from({ length: 1000 }, newCanary)).size).toBe(1000);
  const canary = newCanary();
  for (let at = 4; at < canary.length; at += 1) {
    const changed = canary.slice(0, at) + (canary[at] === "7" ? "8" : "7") + canary.slice(at + 1);
    expect(canariesIn(changed)).toEqual([]);
  }
});

test("a prompt is the same again without the note that holds the canary", () => {
  const prompt = "# Identity\nYou are somebody.\n";
  expect(withoutNote(prompt + noteOf(newCanary()))).toBe(prompt);
  expect(withoutNote(prompt)).toBe(prompt);
});
