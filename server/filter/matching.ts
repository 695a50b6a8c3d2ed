import { type Mask, maskOf } from "./concepts.ts";
import { hashOf } from "./hints.ts";
import { mentionsIn } from "./mention.ts";
import { canMatch, isGuarded, matchAt, type Pattern, patternsOf } from "./patterns.ts";
import { mayHold, type Reading } from "./reading.ts";
import type { Rule } from "./rule.ts";
import { signsOf } from "./units.ts";

/** A place where a rule matched, in the units of the text that was read. */
export type Hit = { rule: Rule; start: number; end: number; mentioned: boolean };

/** Hits of one rule that are kept: more would change no verdict. */
const HITS_PER_RULE = 16;

/** Starts of phrases tried in one text; one with more is no text for people. */
const MAX_TRIES = 400_000;

/** Rules made ready: phrases by the concept they start with, patterns with what must occur before they are tried. */
export type Prepared = {
  phrases: { rule: Rule; index: number; pattern: Pattern }[];
  patterns: { rule: Rule; signs: number; has: Mask | null; words: number[] | null }[];
};

/** Makes rules ready to be matched. */
export function prepared(rules: readonly Rule[]): Prepared {
  return {
    phrases: rules.flatMap((rule, index) =>
      (rule.phrases ?? []).flatMap((line) => patternsOf(line, rule.guards, rule.across).map((pattern) => ({ rule, index, pattern }))),
    ),
    patterns: rules
      .filter((rule) => rule.pattern !== undefined)
      .map((rule) => ({
        rule,
        signs: signsOf(rule.signs ?? ""),
        has: rule.has === undefined ? null : maskOf(rule.has),
        words: rule.words?.split(", ").map(hashOf) ?? null,
      })),
  };
}

/** The hits of phrases in a text that was read. Time is linear in its words: each start looks at a bounded number of words after it. */
export function phraseHits({ phrases }: Prepared, reading: Reading, hits: Hit[]): void {
  if (reading.eventCount < 2) return;
  const possible: Prepared["phrases"] = [];
  for (const phrase of phrases) if (canMatch(phrase.pattern, reading)) possible.push(phrase);
  if (possible.length === 0) return;
  const isMentioned = mentionsIn(reading.text);
  const counts = new Map<Rule, number>();
  let firstLo = 0;
  let firstHi = 0;
  for (const { pattern } of possible) {
    firstLo |= (pattern.steps[0] as Mask).lo;
    firstHi |= (pattern.steps[0] as Mask).hi;
  }
  const { events, eventCount, lo, hi, starts, phraseEnds } = reading;
  for (let event = 0, tries = 0; event < eventCount && tries < MAX_TRIES; event++) {
    const word = events[event] as number;
    if ((((lo[word] as number) & firstLo) | ((hi[word] as number) & firstHi)) === 0) continue;
    for (const { rule, pattern } of possible) {
      const first = pattern.steps[0] as Mask;
      if ((((lo[word] as number) & first.lo) | ((hi[word] as number) & first.hi)) === 0) continue;
      tries += 1;
      const count = counts.get(rule) ?? 0;
      if (count >= HITS_PER_RULE) continue;
      const last = matchAt(pattern, reading, event);
      if (last < 0 || isGuarded(pattern, reading, event)) continue;
      const start = starts[word] as number;
      if (rule.unless?.test(reading.text.slice(Math.max(0, start - 60), start))) continue;
      const end = Math.max(phraseEnds[events[last] as number] as number, phraseEnds[word] as number);
      if (rule.unlessThen?.test(reading.text.slice(end, end + 30))) continue;
      counts.set(rule, count + 1);
      hits.push({ rule, start, end, mentioned: rule.quotable && isMentioned(start, end) });
    }
  }
}

/** Whether a rule's pattern has anything to look for in a text that was read. */
export function isWorthTrying({ signs, has, words }: Prepared["patterns"][number], reading: Reading): boolean {
  if ((reading.signs & signs) !== signs) return false;
  if (has !== null && ((reading.anyLo & has.lo) | (reading.anyHi & has.hi)) === 0) return false;
  return words === null || mayHold(reading, words);
}

/** The hits of one rule's pattern in a text. */
export function patternHits(rule: Rule, text: string, hits: Hit[]): void {
  const pattern = rule.pattern as RegExp;
  let isMentioned: ((start: number, end: number) => boolean) | null = null;
  let count = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null && count < HITS_PER_RULE; match = pattern.exec(text)) {
    const start = match.index;
    const end = start + match[0].length;
    if (rule.unless?.test(text.slice(Math.max(0, start - 60), start)) || rule.unlessThen?.test(text.slice(end, end + 30))) continue;
    count += 1;
    isMentioned ??= mentionsIn(text);
    hits.push({ rule, start, end, mentioned: rule.quotable && isMentioned(start, end) });
  }
}
