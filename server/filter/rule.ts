import type { Band } from "./schema.ts";

/**
 * One thing to look for, as data. `weight` (0 to 1) is how much a hit says on its own, `band` the least that a hit leads to: allow means that it only
 * adds its weight. A rule reads either `phrases`, sequences of concepts such as `drop 4 prior 4 orders` (see patterns.ts: they hold in every
 * language of the lexicon), with `guards` that must not stand right before them; or a `pattern` over the normalised copy ("plain") or the text as it
 * came ("raw"). A pattern is tried only where every mark of `signs`, one concept of `has` and one of the whole `words` occur. A hit whose preceding words match `unless`, or
 * whose following ones match `unlessThen`, does not count. A `shadow` rule only reports: its hits are on record, and change no verdict. A hit of a `quotable` rule inside quotes, code or talk about attacks counts half and only marks. Patterns carry the g flag and run in
 * linear time: no nested quantifiers over the same characters, every gap bounded.
 */
export type Rule = {
  id: string;
  family: string;
  reason: string;
  weight: number;
  band: Band;
  quotable: boolean;
  shadow?: boolean;
  phrases?: string[];
  /** Phrases may run over the ends of sentences. */
  across?: boolean;
  guards?: string;
  pattern?: RegExp;
  on?: "plain" | "raw";
  signs?: string;
  has?: string;
  words?: string;
  unless?: RegExp;
  unlessThen?: RegExp;
  why: string;
  examples: { hits: string[]; misses: string[] };
};

/** Words before an order that turn it into advice, a report or somebody's plan: "never share", "it asked me to", "I ignore". */
export const ADVISED = "nay 3, subject 1";

/** A word before a verb that makes it a noun: "a post", "the list". */
export const NOUNED =
  /\b(?:an?|the|th(?:is|at|ese|ose)|my|our|their|its|his|her|your|each|first|next|new|last|another|any|every|some|of|in|intro|per|from|no|single|one) $/i;

/** As ADVISED, for patterns. */
export const ADVICE =
  /\b(?:never|not|don't|dont|cannot|can't|won't|shouldn't|refuse to|without|who|that|asks?|asked|asking|tries|tried|wants)\b[^\n.!?]{0,24}$/i;
