import { finalForm, type Mask, maskOf } from "./concepts.ts";
import type { Reading } from "./reading.ts";

/** A sequence of concepts, each within `gap` words of the one before it, in one sentence. `guards` are what must not stand right before it. */
export type Pattern = { steps: (Mask & { gap: number })[]; guards: (Mask & { gap: number })[]; across: boolean };

/** Events looked at from one start, and positions (two for each word) that a match may span. */
const REACH = 30;
const SPAN = 80;

/**
 * The patterns of a line such as `drop 5 prior|every 5 orders`: sets of concepts with the most words from one to the next between them. A pattern
 * that starts with a verb also gets its form for languages that end with their verb: `prior|every 5 orders 8 drop_`.
 */
export function patternsOf(line: string, guards = "", across = false): Pattern[] {
  const words = line.split(" ");
  const sets = words.filter((_, index) => index % 2 === 0);
  const gaps = words.filter((_, index) => index % 2 === 1).map(Number);
  const forward = patternOf(sets, gaps, guards, across);
  const [first = "", ...others] = sets;
  const final = first
    .split("|")
    .map(finalForm)
    .filter((name) => name.endsWith("_"));
  if (final.length === 0 || others.length === 0) return [forward];
  const gapsAfter = [...gaps.slice(1), Math.max(...gaps) + 3];
  return [forward, patternOf([...others, final.join("|")], gapsAfter, "", across)];
}

function patternOf(sets: string[], gaps: number[], guards: string, across: boolean): Pattern {
  const steps = sets.map((names, index) => ({ ...maskOf(names), gap: index === 0 ? 0 : 2 * ((gaps[index - 1] as number) + 1) }));
  const guardSets = guards === "" ? [] : guards.split(", ").map((guard) => guard.split(" "));
  return { steps, across, guards: guardSets.map(([names = "", gap = "1"]) => ({ ...maskOf(names), gap: 2 * Number(gap) })) };
}

/** Whether a text has at least one word for every step. */
export function canMatch({ steps }: Pattern, { anyLo, anyHi }: Reading): boolean {
  for (const step of steps) if (((step.lo & anyLo) | (step.hi & anyHi)) === 0) return false;
  return true;
}

const reached = [new Uint8Array(REACH + 1), new Uint8Array(REACH + 1)] as const;

/**
 * The index of the event that completes a match starting at the event `from`; −1 where there is none. Each step takes the set of events that the
 * earlier steps could have reached, so no choice is missed and none is tried twice.
 */
export function matchAt(pattern: Pattern, reading: Reading, from: number): number {
  const { events, eventCount, lo, hi, positions, lasts, sentences } = reading;
  const first = events[from] as number;
  const { steps } = pattern;
  const start = steps[0] as Mask;
  if ((((lo[first] as number) & start.lo) | ((hi[first] as number) & start.hi)) === 0) return -1;
  const sentence = sentences[first];
  const origin = positions[first] as number;
  let before = reached[0];
  let after = reached[1];
  before.fill(0);
  before[0] = 1;
  const limit = Math.min(eventCount - from - 1, REACH);
  for (let index = 1; index < steps.length; index++) {
    const step = steps[index] as Mask & { gap: number };
    let latest = before[0] === 1 ? (lasts[first] as number) : -1_000;
    let found = -1;
    after[0] = 0;
    for (let offset = 1; offset <= limit; offset++) {
      const word = events[from + offset] as number;
      const position = positions[word] as number;
      after[offset] = 0;
      if ((sentences[word] !== sentence && !pattern.across) || position - origin > SPAN) break;
      if (position - latest <= step.gap && (((lo[word] as number) & step.lo) | ((hi[word] as number) & step.hi)) !== 0) {
        after[offset] = 1;
        if (found < 0) found = from + offset;
      }
      if (before[offset] === 1) latest = lasts[word] as number;
    }
    if (found < 0) return -1;
    if (index === steps.length - 1) return found;
    [before, after] = [after, before];
  }
  return from;
}

/** Whether words that turn an order into advice or a report stand right before the event `from`, in its clause. */
export function isGuarded(pattern: Pattern, reading: Reading, from: number): boolean {
  const { events, lo, hi, positions, lasts, clauses } = reading;
  const first = events[from] as number;
  for (let index = from - 1; index >= 0 && index >= from - 4; index--) {
    const word = events[index] as number;
    if (clauses[word] !== clauses[first]) return false;
    const distance = (positions[first] as number) - (lasts[word] as number);
    for (const guard of pattern.guards)
      if (distance <= guard.gap && (((lo[word] as number) & guard.lo) | ((hi[word] as number) & guard.hi)) !== 0) return true;
  }
  return false;
}
