import { join } from "node:path";

import type { Reading } from "../reading.ts";
import { BUCKETS, worstPassage } from "./features.ts";

/** What the model says of a text: how much that weighs (0 to 1), and the passage that it means, in units of the text. */
export type Vote = { weight: number; start: number; end: number };

/** Trained weights: one signed byte for each bucket, the value of one step, and the value of no feature at all. */
export type Weights = { bytes: Int8Array; step: number; bias: number };

/** The most that the model's word weighs: enough to mark a text, never enough to withhold one by itself. */
const MOST = 0.6;

/** Votes below this weight are silence. */
const LEAST = 0.1;

/** Log odds taken off, so that of harmless posts the model alone marks about one in a thousand. */
const CAUTION = 3;

/** The weights that `bun run job train-filter` wrote. */
export const WEIGHTS: Weights = await storedWeights();

/** A name for the weights, which changes with them. */
export const WEIGHTS_ID = Bun.hash.crc32(WEIGHTS.bytes).toString(16);

/** The vote of some weights on a text that was read; null where it says nothing. */
export function voteOf({ bytes, step, bias }: Weights, reading: Reading): Vote | null {
  if (reading.words === 0) return null;
  const { sum, from, to } = worstPassage(reading, bytes);
  const weight = Math.min(MOST, 1 / (1 + Math.exp(CAUTION - bias - sum * step)));
  if (weight < LEAST) return null;
  return { weight, start: reading.starts[from] as number, end: reading.ends[to - 1] as number };
}

/** Reads weights from the two files that training writes; absent files are weights that never vote. */
async function storedWeights(): Promise<Weights> {
  const file = Bun.file(join(import.meta.dir, "weights.bin"));
  if (!(await file.exists())) return { bytes: new Int8Array(BUCKETS), step: 0, bias: -10 };
  const { step, bias } = (await Bun.file(join(import.meta.dir, "provenance.json")).json()) as { step: number; bias: number };
  return { bytes: new Int8Array(await file.arrayBuffer()), step, bias };
}
