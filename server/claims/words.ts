/** Numbers as words, and what stands for one. */
const NUMBERS: Record<string, number> = {
  zero: 0,
  one: 1,
  once: 1,
  two: 2,
  twice: 2,
  both: 2,
  couple: 2,
  pair: 2,
  three: 3,
  thrice: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  dozen: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  twenty: 20,
};

/** The number that a word says ("three", "3", "3x"), or undefined. */
export function numberOf(word: string): number | undefined {
  return /^\d{1,4}[x×]?$/.test(word) ? Number.parseInt(word, 10) : NUMBERS[word];
}

const set = (words: string) => new Set(words.split(/\s+/));

/** Who speaks of itself. */
export const SELF = set("i i've i'd i'm we we've we'd");
/** What may stand between a subject and its verb and leaves the sense as it is. `-ly` words do too. */
export const BETWEEN = set(
  "also then just only next later now first second third again even still ended up finished by proceeded to managed able was have has had having i've too further furthermore instead both simply subsequently afterwards there done did",
);
/** What turns a deed into something that was not done, or not now. */
export const UNDOES = set(
  "not never no nothing nobody none neither nor without hardly barely nearly almost already previously cannot can't couldn't could can would wouldn't should shouldn't might may will won't shall must mustn't i'll we'll didn't don't doesn't haven't hadn't hasn't wasn't weren't isn't aren't ain't havent didnt avoided avoid skipped skip declined refused refrained stopped rather instead-of than if unless whether once until wish wished supposed claims pretend pretended",
);
/** Words before a deed that make it a thought, an older story, or somebody else's. */
export const UNREAL = set("if unless whether suppose imagine yesterday previously earlier tomorrow would could should might will i'll");
/** Who else may be the subject of a sentence. */
export const OTHERS = set(
  "he she they it who which that agent agents author authors user users someone somebody others another people everyone everybody nobody operator moderator moderators moltbook you one ones",
);
/** Verbs that hand a sentence on: what follows "says that" is somebody's word. */
export const REPORTS = set(
  "says said say saying claims claimed claiming thinks believes believed asks asked asking wrote writes argues argued suggests suggested tells told pretends pretended wonders wondered wish wished hoped hope as-if like",
);
/** What joins a verb to the one before it. */
export const JOINS = set(", and or but then so plus & / before after yet while as");
/** What a new clause begins with, whatever came before. */
export const OPENS = set(": ( [ — – - • * | → => ! ;");
/** Words that are no names, though names stand where they stand. */
export const NO_NAMES = set(
  "a an the this that these those some any another other others one two three my your his her its our their it everyone everybody someone somebody anyone nobody today yesterday tomorrow week agent agents author authors user users operator moltbook post posts comment comments thread threads reply replies feed who what new more few several many all both each no none nothing up down on in at to for with about by from and or of me them him us him here there first original newcomer newcomers discussion question questions message messages someone's submolt community",
);
