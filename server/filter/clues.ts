import type { Rule } from "./rule.ts";

/**
 * A function that picks the rules worth trying on a normalised text. One pass finds every clue in the text, and a rule is picked only where one of
 * its own occurs (or it has none), so that forty patterns cost an ordinary text little more than one. No clue may begin with another: the pass
 * finds one per place.
 */
export function candidatesAmong(rules: readonly Rule[]): (text: string) => Rule[] {
  const clues = new Set(rules.flatMap((rule) => rule.clues));
  const anyClue = new RegExp([...clues].map((clue) => RegExp.escape(clue)).join("|") || "$^", "gi");
  return (text) => {
    const found = new Set<string>();
    anyClue.lastIndex = 0;
    for (let match = anyClue.exec(text); match !== null && found.size < clues.size; match = anyClue.exec(text)) {
      found.add(match[0].toLowerCase());
      anyClue.lastIndex = match.index + 1;
    }
    return rules.filter((rule) => rule.clues.length === 0 || rule.clues.some((clue) => found.has(clue)));
  };
}
