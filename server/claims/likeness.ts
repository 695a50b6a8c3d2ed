import type { RunRecord } from "./check.ts";
import type { Statement } from "./parse.ts";

type Deed = RunRecord["actions"][number];

/** Deeds of which the record always knows whose thing it was, so that another name is another thing. A comment may go by its post's author. */
const OWNED: ReadonlySet<string> = new Set(["upvoted", "downvoted", "unvoted"]);
const ADDRESSED: ReadonlySet<string> = new Set(["followed", "unfollowed"]);
const PLACED: ReadonlySet<string> = new Set(["subscribed", "unsubscribed"]);
/** How many words a title needs before it can speak against something. */
const TELLING = 2;

/** Whether nothing that a statement names as an id stands against this deed. */
export function matchesId({ ids }: Statement, { target_id }: Deed): boolean {
  return ids.length === 0 || (target_id !== null && ids.includes(target_id.toLowerCase()));
}

/** Whether a deed is the one that a statement names: by title, else by author, else by submolt. True where it names none. */
export function namesIt({ titles, authors, submolts }: Statement, deed: Deed): boolean {
  if (titles.length > 0 && deed.target_title !== null) return titles.some((title) => isLike(title, deed.target_title ?? ""));
  if (authors.length > 0 && whomOf(deed) !== null) return authors.some((author) => isSame(author, whomOf(deed)));
  if (submolts.length > 0 && whereOf(deed) !== null) return submolts.some((submolt) => isSame(submolt, whereOf(deed)));
  return titles.length + authors.length + submolts.length === 0;
}

/**
 * Whether a deed is certainly not the one that a statement names. Careful, for an agent may call things by other words: only a title of
 * several words, of which neither the record's title nor the text written has any, or a name where the record always has one.
 */
export function namesAnother(statement: Statement, deed: Deed): boolean {
  const { titles, authors, submolts } = statement;
  if (!matchesId(statement, deed)) return deed.target_id !== null;
  const known = `${deed.target_title ?? ""} ${deed.detail ?? ""}`;
  if (titles.length > 0 && deed.target_title !== null)
    return titles.every((title) => wordsOf(title).size >= TELLING && sharedWith(title, known) === 0);
  const whom = OWNED.has(deed.type) || ADDRESSED.has(deed.type) ? whomOf(deed) : null;
  if (authors.length > 0 && whom !== null) return authors.every((author) => !isSame(author, whom));
  const where = PLACED.has(deed.type) ? whereOf(deed) : null;
  return submolts.length > 0 && where !== null && submolts.every((submolt) => !isSame(submolt, where));
}

function whomOf(deed: Deed): string | null {
  return ADDRESSED.has(deed.type) ? (deed.target_author ?? deed.target_id) : deed.target_author;
}

function whereOf(deed: Deed): string | null {
  return deed.submolt ?? (PLACED.has(deed.type) ? deed.target_id : null);
}

function isSame(said: string, known: string | null): boolean {
  return known !== null && said.toLowerCase() === known.toLowerCase();
}

/** Half of the words of the shorter one: agents cut titles, and leave words out. */
function isLike(said: string, known: string): boolean {
  const least = Math.min(wordsOf(said).size, wordsOf(known).size);
  return least > 0 && sharedWith(said, known) * 2 >= least;
}

function sharedWith(said: string, known: string): number {
  return wordsOf(said).intersection(wordsOf(known)).size;
}

/** The words that tell: those of four letters or more, or all of them where there are no such. */
function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const telling = words.filter((word) => word.length >= 4);
  return new Set(telling.length > 0 ? telling : words);
}
