import { step, treeOf } from "./lexicon.ts";
import { LEXICONS } from "./lexicons.ts";

/** Every word that a rule may read, and how to get from unit to unit through them. */
export const TREE = treeOf(LEXICONS);

/** Longest word looked for inside a run of letters. */
const LONGEST = 16;

/** Letters of a run that are cut into words; the rest stays as it is. */
const LONGEST_RUN = 4_000;

/** Whether a lower-case word is an entry of the lexicon, or begins like one that stands for all such words. */
export function isEntry(word: string): boolean {
  let node = 0;
  for (let index = 0; index < word.length; index++) {
    node = step(TREE, node, word.charCodeAt(index));
    if (node === 0) return false;
    if (((TREE.startLo[node] as number) | (TREE.startHi[node] as number)) !== 0) return true;
  }
  return ((TREE.wholeLo[node] as number) | (TREE.wholeHi[node] as number)) !== 0;
}

/** A run of letters cut into words of the lexicon, as few letters as possible left over and as few words as possible. */
export function segmented(run: string): string {
  const letters = run.slice(0, LONGEST_RUN);
  const lower = letters.toLowerCase();
  const cost = new Float64Array(letters.length + 1).fill(Number.POSITIVE_INFINITY);
  const from = new Int32Array(letters.length + 1);
  cost[0] = 0;
  for (let at = 0; at < letters.length; at++) {
    const base = cost[at] as number;
    better(cost, from, at, at + 1, base + 2);
    let node = 0;
    for (let end = at; end < letters.length && end < at + LONGEST; end++) {
      node = step(TREE, node, lower.charCodeAt(end));
      if (node === 0) break;
      const whole = ((TREE.wholeLo[node] as number) | (TREE.wholeHi[node] as number)) !== 0;
      if (whole && end - at >= 1) better(cost, from, at, end + 1, base + 1);
    }
  }
  const cuts: string[] = [];
  for (let end = letters.length; end > 0; end = from[end] as number) cuts.push(letters.slice(from[end], end));
  return (
    cuts
      .toReversed()
      .join(" ")
      .replace(/(?<=(?:^| )\S) (?=\S(?: |$))/g, "") + run.slice(LONGEST_RUN)
  );
}

function better(cost: Float64Array, from: Int32Array, at: number, to: number, price: number): void {
  if (price >= (cost[to] as number)) return;
  cost[to] = price;
  from[to] = at;
}
