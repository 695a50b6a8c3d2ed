import type { Judge, Verdict } from "./schema.ts";
import { verdict } from "./verdict.ts";

/** What one half holds at most: texts, and their UTF-16 units together. A longer text than this is not kept. */
const TEXTS = 4_096;
const UNITS = 1_000_000;
const LONGEST = 20_000;

/** Two halves, so that what was not asked for lately goes: a full young one becomes the old one, and the old one is forgotten. */
let young = new Map<string, Verdict>();
let old = new Map<string, Verdict>();
let units = 0;

/**
 * As `verdict`, whose answer depends on the text alone, with a memory: a feed's posts come again with every heartbeat, and to every agent. Whoever
 * makes many texts can only push others out of it.
 */
export const verdictRemembered: Judge = (text, context) => {
  if (text.length > LONGEST || context.kind === "challenge") return verdict(text, context);
  const recent = young.get(text);
  if (recent !== undefined) return recent;
  const judged = old.get(text) ?? Object.freeze(verdict(text, context));
  if (young.size >= TEXTS || units + text.length > UNITS) {
    old = young;
    young = new Map();
    units = 0;
  }
  young.set(text, judged);
  units += text.length;
  return judged;
};
