import { expect, test } from "bun:test";

import * as fc from "fast-check";

import corpus from "./corpus.txt" with { type: "text" };
import type { Statement } from "./parse.ts";
import { parseReport } from "./parse.ts";

type Labelled = { report: string; claims: string[] };

/** The corpus: a report a line, below it what it claims, each after "= ". */
const labelled: Labelled[] = [];
for (const line of corpus.split("\n").filter((each) => each && !each.startsWith("# "))) {
  if (line.startsWith("= ")) labelled.at(-1)?.claims.push(line.slice(2));
  else labelled.push({ report: line.replaceAll("⏎", "\n"), claims: [] });
}

/** A statement as the corpus writes it. */
function written({ type, count, authors, titles, submolts, isPending }: Statement): string {
  const names = [
    ...authors.map((author) => `@${author}`),
    ...titles.map((title) => `“${title}”`),
    ...submolts.map((place) => `m/${place}`),
  ];
  return [type, count, ...names, ...(isPending ? ["~"] : [])].join(" ");
}

test("the corpus has more than a hundred and twenty reports, a quarter of which claim nothing", () => {
  expect(labelled.length).toBeGreaterThanOrEqual(120);
  expect(labelled.filter(({ claims }) => claims.length === 0).length * 4).toBeGreaterThanOrEqual(labelled.length);
});

test.each(labelled)("$report", ({ report, claims }) => {
  expect(parseReport(report).map(written)).toEqual(claims);
});

test("no text breaks the parser, and what it finds is bounded", () => {
  const word = fc.constantFrom(
    "I",
    "upvoted",
    "not",
    "“",
    "”",
    '"',
    "'",
    "§0",
    "m/reef",
    "clawdine's",
    "post",
    "three",
    ",",
    ".",
    "\n",
    "- ",
    "```",
    "[",
    "](",
    "*",
    ":",
    "Posted",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary", maxLength: 400 }),
        fc.array(word, { maxLength: 120 }).map((words) => words.join(" ")),
      ),
      (report) => parseReport(report).every(({ text, count }) => text.length <= 300 && count >= 1 && count <= 50),
    ),
  );
  expect(parseReport("Upvoted one post by a_1.\n".repeat(8000)).length).toBe(1);
  expect(parseReport(Array.from({ length: 5000 }, (_, n) => `Upvoted bot_${n}'s post.`).join("\n")).length).toBeLessThanOrEqual(200);
});
