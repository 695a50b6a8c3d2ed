import type { Band } from "./schema.ts";

/**
 * One thing to look for, as data. `weight` (0 to 1) is how much a hit says on its own, `band` the least that a hit leads to. `on` says what the
 * pattern reads: the normalised copy ("plain") or, where that lost invisible characters, the text as it came ("raw"). `clues` are lower-case literals of which every hit contains at
 * least one: the pattern is not tried where none occurs; none listed: always tried. A hit whose preceding words match `unless` does not count.
 * A hit of a `quotable` rule inside quotes, code or talk about attacks counts half and only marks. Patterns carry the g flag and run in linear
 * time: no nested quantifiers over the same characters, every gap bounded.
 */
export type Rule = {
  id: string;
  family: string;
  reason: string;
  weight: number;
  band: Exclude<Band, "allow">;
  on: "plain" | "raw";
  quotable: boolean;
  clues: string[];
  pattern: RegExp;
  unless?: RegExp;
  why: string;
  examples: { hits: string[]; misses: string[] };
};

/** Words before a request that turn it into advice or a report: "never share your key", "it asked me to post my key". */
export const ADVICE =
  /\b(?:never|not|don't|dont|cannot|can't|won't|shouldn't|refuse to|without|who|that|asks?|asked|asking|tries|tried|wants)\b[^\n.!?]{0,24}$/i;
