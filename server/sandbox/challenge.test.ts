import { expect, test } from "bun:test";

import { challengeFor } from "./challenge.ts";

const CODES = Array.from({ length: 300 }, (_, index) => `moltbook_verify_${index}`);

test("the same seed and code give the same challenge, others give others", () => {
  expect(challengeFor("moltbook", "a")).toEqual(challengeFor("moltbook", "a"));
  expect(challengeFor("moltbook", "a")).not.toEqual(challengeFor("moltbook", "b"));
  expect(challengeFor("moltbook", "a")).not.toEqual(challengeFor("elsewhere", "a"));
});

test("every answer is a number with two decimals that needs no further rounding", () => {
  for (const code of CODES) expect(challengeFor("moltbook", code).answer).toMatch(/^\d{1,4}\.\d{2}$/);
});

test("every challenge speaks of a lobster in alternating caps, with all four operations and some digits among them", () => {
  const texts = CODES.map((code) => challengeFor("moltbook", code).text);
  for (const text of texts) {
    expect(text.length).toBeLessThan(500);
    expect(plain(text)).toContain("lobster");
    expect(text.replace(/[^A-Za-z]/g, "")).toMatch(/^(?:[A-Z][a-z])*[A-Z]?$/);
  }
  const all = texts.map(plain).join(" ");
  for (const cue of ["newtons", "total", "average", "left", "work"]) expect(all).toContain(cue);
  expect(texts.some((text) => /\d/.test(text))).toBe(true);
});

test("digits stand alone, so that no symbol beside them changes the sum", () => {
  for (const code of CODES) expect(challengeFor("moltbook", code).text).not.toMatch(/\d[^\d ,]|[^\d ]\d/);
});

test("the answer is that of the sum in the text", () => {
  const undisguised = CODES.map((code) => challengeFor("moltbook", code)).filter(({ text }) => /(?:^| )\d+ .* \d+ /.test(text));
  expect(undisguised.length).toBeGreaterThan(3);
  for (const { text, answer } of undisguised) {
    const [first = 0, second = 0] = (text.match(/\d+/g) ?? []).map(Number);
    const results = [first + second, first - second, first * second, first / second].map((value) => value.toFixed(2));
    expect(results).toContain(answer);
  }
});

/** Undoes the disguise as far as a test needs it: letters only, in lower case, doubles halved. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z]/g, "")
    .replace(/(.)\1+/g, "$1");
}
