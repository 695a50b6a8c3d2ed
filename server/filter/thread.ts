import { FAST_MODEL } from "./rules/model.ts";
import type { Band, Verdict } from "./schema.ts";
import { worse } from "./verdict.ts";

/** UTF-16 units of one author's comments that are read as one text. */
const MOST_UNITS = 20_000;

/** A comment that was not withheld for itself: who wrote it, and what was made of its words. */
export type Said = { author: string | null; text: string; band: Band };

/** Comments of one author that are an attack only together, and the verdict on them as one text. */
export type Split<Comment> = { comments: Comment[]; text: string; verdict: Verdict };

/**
 * An attack that one author has cut into several comments of a thread shows when these are read as one text, in their order. It counts as one where
 * the whole is to be redacted or withheld, is graver than its parts, and a finding runs from one comment into another: findings that merely add up
 * belong to people who talk a lot.
 */
export function splitAmong<Comment extends Said>(said: Comment[], judge: (text: string, first: Comment) => Verdict): Split<Comment>[] {
  const byAuthor = Map.groupBy(said, ({ author }) => author);
  return [...byAuthor].flatMap(([author, comments]) => (author === null || comments.length < 2 ? [] : (splitOf(comments, judge) ?? [])));
}

function splitOf<Comment extends Said>(comments: Comment[], judge: (text: string, first: Comment) => Verdict): Split<Comment> | null {
  const [first] = comments;
  if (first === undefined) return null;
  let text = "";
  const places = comments.map((comment) => {
    const start = text === "" ? 0 : text.length + 1;
    if (start + comment.text.length <= MOST_UNITS) text = start === 0 ? comment.text : `${text} ${comment.text}`;
    return { comment, start, end: text.length };
  });
  const verdict = judge(text, first);
  const worst = comments.reduce<Band>((so, { band }) => worse(so, band), "mark");
  if (worse(worst, verdict.band) === worst) return null;
  const touched = verdict.spans.flatMap((span) => {
    const inside = places.filter(({ start, end }) => span.start < end && span.end > start);
    // The fast model judges stretches of text, and so runs across comments whatever they say.
    return span.rule !== FAST_MODEL.id && inside.length > 1 ? inside : [];
  });
  if (touched.length === 0) return null;
  return { comments: [...new Set(touched.map(({ comment }) => comment))], text, verdict };
}
