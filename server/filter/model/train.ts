import { normalise } from "../normalise.ts";
import { read } from "../reading.ts";
import { BUCKETS, featuresOf, PASSAGE } from "./features.ts";
import type { Weights } from "./vote.ts";

/** A labelled text to learn from. `weight` says how much it counts. */
export type Example = { text: string; isInjection: boolean; weight: number };

/** Rounds over all examples, size of the first steps, and pull of every weight towards nothing. */
const ROUNDS = 6;
const RATE = 0.15;
const DECAY = 1e-6;

/** Units of a text that are learned from. */
const LONGEST = 20_000;

type Learned = { words: number; at: Uint32Array; buckets: Uint32Array; isInjection: boolean; weight: number };

/**
 * Weights of a logistic regression over hashed features (AdaGrad, in an order that a fixed seed shuffles: the same examples give the same weights).
 * Of a long text only the passage counts that looks worst so far, as when the model votes: an attack is a passage, and so is the most suspicious
 * part of a harmless text.
 */
export function train(examples: readonly Example[]): Weights {
  const all = examples.map(exampleOf);
  const weights = new Float32Array(BUCKETS);
  const squares = new Float32Array(BUCKETS).fill(0.01);
  let bias = -1;
  let biasSquares = 0.01;
  const random = newRandom(1);
  const order = all.map((_, index) => index);
  for (let round = 0; round < ROUNDS; round++) {
    shuffle(order, random);
    for (const index of order) {
      const example = all[index] as Learned;
      const { sum, from, to } = round === 0 ? anyPassage(example, weights, random) : worstPassage(example, weights);
      const chance = 1 / (1 + Math.exp(-(sum + bias)));
      const error = (chance - (example.isInjection ? 1 : 0)) * example.weight;
      const slope = error / Math.sqrt(to - from + 4);
      for (let feature = 0; feature < example.at.length; feature++) {
        const word = example.at[feature] as number;
        if (word < from || word >= to) continue;
        const bucket = example.buckets[feature] as number;
        const gradient = slope + DECAY * (weights[bucket] as number);
        squares[bucket] = (squares[bucket] as number) + gradient * gradient;
        weights[bucket] = (weights[bucket] as number) - (RATE * gradient) / Math.sqrt(squares[bucket]);
      }
      biasSquares += error * error;
      bias -= (RATE * error) / Math.sqrt(biasSquares);
    }
  }
  return rounded(weights, bias);
}

function exampleOf({ text, isInjection, weight }: Example): Learned {
  const reading = read(normalise(text).text.slice(0, LONGEST));
  const { words, buckets, count } = featuresOf(reading);
  const order = Array.from({ length: count }, (_, feature) => feature).toSorted(
    (one, other) => (words[one] as number) - (words[other] as number),
  );
  return {
    words: reading.words,
    at: Uint32Array.from(order, (feature) => words[feature] as number),
    buckets: Uint32Array.from(order, (feature) => buckets[feature] as number),
    isInjection,
    weight,
  };
}

type Passage = { sum: number; from: number; to: number };

function anyPassage(example: Learned, weights: Float32Array, random: () => number): Passage {
  const from = example.words <= PASSAGE ? 0 : Math.floor(random() * (example.words - PASSAGE));
  const to = Math.min(example.words, from + PASSAGE);
  let sum = 0;
  for (let feature = 0; feature < example.at.length; feature++) {
    const word = example.at[feature] as number;
    if (word >= from && word < to) sum += weights[example.buckets[feature] as number] as number;
  }
  return { sum: sum / Math.sqrt(to - from + 4), from, to };
}

function worstPassage(example: Learned, weights: Float32Array): Passage {
  const sums = new Float64Array(example.words + 1);
  for (let feature = 0; feature < example.at.length; feature++) {
    const word = (example.at[feature] as number) + 1;
    sums[word] = (sums[word] as number) + (weights[example.buckets[feature] as number] as number);
  }
  for (let word = 1; word <= example.words; word++) sums[word] = (sums[word] as number) + (sums[word - 1] as number);
  let worst = { sum: Number.NEGATIVE_INFINITY, from: 0, to: example.words };
  for (let to = Math.min(example.words, PASSAGE); to <= example.words; to++) {
    const from = Math.max(0, to - PASSAGE);
    const sum = ((sums[to] as number) - (sums[from] as number)) / Math.sqrt(to - from + 4);
    if (sum > worst.sum) worst = { sum, from, to };
  }
  return worst;
}

/** Weights in steps that fit a signed byte. */
function rounded(weights: Float32Array, bias: number): Weights {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-6);
  const step = largest / 127;
  return { bytes: Int8Array.from(weights, (weight) => Math.round(weight / step)), step, bias };
}

/** A linear congruential generator (Numerical Recipes' constants). */
function newRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function shuffle(order: number[], random: () => number): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
}
