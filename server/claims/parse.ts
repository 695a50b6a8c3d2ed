import type { ActionType } from "../actions/schema.ts";
import { deedOf, verbAt } from "./deeds.ts";
import type { Particulars } from "./object.ts";
import { NO_PARTICULARS, particularsOf } from "./object.ts";
import type { Sentence } from "./prose.ts";
import { sentencesOf, spoken } from "./prose.ts";
import { standingOf } from "./standing.ts";
import { passivesIn, tallyOf } from "./verbless.ts";

/** Something that an agent says that it did. `isPending`: it says itself that it still waits for its verification. */
export type Statement = Particulars & { type: ActionType | "nothing"; isPending: boolean; text: string };

const MOST_STATEMENTS = 200;
const NOTHING =
  /^\W{0,3}heartbeat_ok\b|\b(?:i|i've|and|have) (?:did|done) nothing\b(?! (?:else|more|further|but|wrong|except))|^\W{0,3}(?:did nothing|nothing (?:was )?(?:worth (?:doing|engaging)|to do|done))\b(?! (?:else|more|further|but|wrong|except))|\b(?:took|taken|made|performed) no actions?\b|^\W{0,3}no actions? (?:was |were )?(?:taken|needed|performed)|\b(?:only|just) (?:observed|lurked|watched)\b/i;
const PENDING =
  /\b(?:pending|awaits?|awaiting|unverified|not (?:yet )?(?:been )?(?:verified|visible|live|published)|(?:waits|waiting) for (?:its |the |a )?(?:verification|challenge)|verification (?:is |was )?(?:still )?(?:pending|open|outstanding|failed|expired)|(?:failed|missed|could not (?:answer|solve|pass)|couldn't (?:answer|solve|pass)) (?:the |its |that )?(?:verification|challenge))\b/i;
const FAILED =
  /\b(?:failed|refused|rejected|denied|blocked|errors?|errored|rate[- ]?limit\w*|timed out|bounced|did not (?:go|work|succeed|land|count)|didn't (?:go|work|succeed|land|count)|was not accepted|wasn't accepted|unsuccessful\w*|held back)\b/i;
const TURNS = /\b(?:but|however|though|although|which|only to|and it|and that|it|both|all of them)\b/i;
const SPEAKS_OF_IT =
  /^\W{0,3}(?:unfortunately,? |sadly,? |however,? |but )?(?:it|that|this|they|both|moltbook|the (?:server|post|comment|reply|vote|upvote|platform|tool|call|api|challenge|verification))\b/i;

/**
 * What a final report says that was done: by verbs, their objects, counts in words and digits, quoted titles, authors and submolts. What would
 * be done, was tried, refused, not needed, done by others, asked, quoted or done before is none. Deterministic, linear in the text.
 */
export function parseReport(report: string): Statement[] {
  const sentences = sentencesOf(report);
  const found: Statement[] = [];
  let before: Statement[] = [];
  for (const sentence of sentences) {
    const speaksOfIt = SPEAKS_OF_IT.test(sentence.text);
    if (speaksOfIt && PENDING.test(sentence.text)) for (const last of before.slice(-1)) last.isPending = true;
    else if (speaksOfIt && FAILED.test(sentence.text)) for (const last of before.slice(-1)) found.splice(found.indexOf(last), 1);
    before = sentence.isQuestion ? [] : statementsIn(sentence);
    found.push(...before);
    if (found.length >= MOST_STATEMENTS) break;
  }
  const deeds = dedupe(found.flatMap(apart));
  if (deeds.some(({ type }) => !isLook(type))) return deeds;
  const nothing = sentences.find(({ text }) => NOTHING.test(text));
  return nothing ? [...deeds, nothingSaid(nothing)] : deeds;
}

function isLook(type: Statement["type"]): boolean {
  return LOOKS.has(type);
}
const LOOKS: ReadonlySet<string> = new Set(["browsed", "checked_status", "checked_submolts", "searched", "read_messages", "marked_read"]);

function nothingSaid({ words, quotes }: Sentence): Statement {
  return { ...NO_PARTICULARS, type: "nothing", isPending: false, text: spoken(words, quotes).slice(0, 300) };
}

function statementsIn(sentence: Sentence): Statement[] {
  const { words, quotes, text } = sentence;
  const lower = words.map((word) => word.toLowerCase());
  const verbs = lower.flatMap((_word, at) => {
    const verb = verbAt(lower, at);
    return verb === undefined ? [] : [{ at, verb }];
  });
  const plain = [...tallyOf(sentence), ...passivesIn(sentence)];
  if (plain.length > 0) return plain.map((statement) => ({ ...statement, isPending: PENDING.test(text) }));
  const isPending = PENDING.test(text);
  const statements: (Statement & { end: number })[] = [];
  let standing = { isSelf: true, isDone: true };
  for (const [index, { at, verb }] of verbs.entries()) {
    standing = standingOf(lower, at, index === 0 ? null : { ...standing, at: verbs[index - 1]?.at ?? 0 });
    const end = endOf(lower, at + 1, verbs[index + 1]?.at ?? lower.length);
    const object = lower.slice(at + 1, end);
    const type = standing.isSelf && standing.isDone ? deedOf(verb, object) : undefined;
    if (type === undefined || /^(?:before|earlier|yesterday|previously)$/.test(object.at(-1) ?? "")) continue;
    const particulars = particularsOf(type, object, words.slice(at + 1, end), quotes, text);
    if (particulars.count > 0)
      statements.push({ ...particulars, type, isPending, text: spoken(words.slice(at, end), quotes).slice(0, 300), end });
  }
  return withoutFailed(statements, lower);
}

/** Where the object of a verb ends: at the next verb (and what joins it), or where a clause turns. */
function endOf(words: string[], from: number, next: number): number {
  const turn = words.findIndex(
    (word, at) =>
      at >= from && at < next && /^(?:but|because|since|so|while|although|though|however|;|—|–|→|where|which|hoping)$/.test(word),
  );
  let end = turn === -1 ? next : turn;
  while (end > from && /^(?:,|and|&|then|i|also|i've|plus|have|or|finally|ended|up|by|to|managed)$/.test(words[end - 1] ?? "")) end -= 1;
  return end;
}

/** "Posted X, but it was refused": what a turn of the sentence takes back, from the deed before it, or from all. */
function withoutFailed(statements: (Statement & { end: number })[], words: string[]): Statement[] {
  let kept = statements;
  const tail = words.slice(statements.at(-1)?.end ?? 0).join(" ");
  if (TURNS.test(tail) && FAILED.test(tail) && !PENDING.test(tail))
    kept = /\b(?:both|all|neither|none)\b/.test(tail) ? [] : statements.slice(0, -1);
  return kept.filter(({ text }) => !/\bunsuccessful\w*\b/i.test(text)).map(({ end: _end, ...statement }) => statement);
}

/** "Upvoted “A” and “B”" is two statements, each with a name of its own. */
function apart(statement: Statement): Statement[] {
  for (const kind of ["titles", "submolts", "authors"] as const) {
    const names = statement[kind];
    if (names.length > 1 && names.length >= statement.count) return names.map((name) => ({ ...statement, count: 1, [kind]: [name] }));
  }
  return [statement];
}

/** Said twice is done once: by type, name and the first fifty characters. */
function dedupe(statements: Statement[]): Statement[] {
  const seen = new Set<string>();
  return statements.filter(({ type, authors, titles, submolts, text }) => {
    const key = JSON.stringify([type, authors[0]?.toLowerCase(), titles[0] ?? submolts[0], text.slice(0, 50).toLowerCase()]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
