import { BETWEEN, JOINS, OPENS, OTHERS, REPORTS, SELF, UNDOES, UNREAL } from "./words.ts";

/** Whose deed a verb tells, and whether it tells it as done. */
export type Standing = { isSelf: boolean; isDone: boolean };

const NOT_DONE = { isSelf: true, isDone: false };
const DONE = { isSelf: true, isDone: true };
const OTHER = { isSelf: false, isDone: false };

/**
 * How the verb at `at` stands, by the words before it: who its subject is, and what undoes it. Without a subject of its own it goes with the
 * verb before it in the sentence (`before`), and the first one of a sentence is the agent's own. Anything else before a verb means that it is none.
 */
export function standingOf(words: string[], at: number, before: (Standing & { at: number }) | null): Standing {
  const start = before ? before.at + 1 : 0;
  let place = at - 1;
  while (place >= start && isBetween(words[place] ?? "")) place -= 1;
  const word = words[place] ?? "";
  if (isUnreal(words, start, at)) return NOT_DONE;
  if (place < start && before === null) return DONE;
  if (UNDOES.has(word)) return NOT_DONE;
  // "Which I had upvoted" is an older story.
  if (SELF.has(word) && /^(?:which|that|whom)$/.test(words[place - 1] ?? "") && words[place + 1] === "had") return NOT_DONE;
  if (SELF.has(word)) return UNDOES.has(words[place - 1] ?? "") || REPORTS.has(beforeThat(words, place - 1)) ? NOT_DONE : DONE;
  if (OPENS.has(word)) return OTHERS.has(words[at - 2] ?? "") ? OTHER : DONE;
  if (JOINS.has(word)) return joined(words, start, place, before);
  return OTHER;
}

function isBetween(word: string): boolean {
  return BETWEEN.has(word) || (word.endsWith("ly") && !UNDOES.has(word) && word.length > 3);
}

/** "If …", "yesterday …", "would …" anywhere since the verb before. A comma ends a "yesterday", but not an "if". */
function isUnreal(words: string[], start: number, at: number): boolean {
  return words
    .slice(start, at)
    .some(
      (word, index) =>
        UNREAL.has(word) ||
        (word === "last" && /^(?:week|time|heartbeat|run|night|month|session|visit|cycle)$/.test(words[start + index + 1] ?? "")),
    );
}

function beforeThat(words: string[], place: number): string {
  const word = words[place] ?? "";
  return word === "that" ? (words[place - 1] ?? "") : word;
}

function joined(words: string[], start: number, place: number, before: (Standing & { at: number }) | null): Standing {
  const between = words.slice(start, place);
  if (between.some((word) => SELF.has(word))) return DONE;
  if (before)
    return words[place] === "but" || words[place] === "then"
      ? { isSelf: before.isSelf, isDone: before.isSelf }
      : { isSelf: before.isSelf, isDone: before.isDone };
  return between.some((word) => OTHERS.has(word) || word.includes("_")) ? OTHER : DONE;
}
