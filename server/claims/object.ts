import type { ActionType } from "../actions/schema.ts";
import { NO_NAMES, numberOf } from "./words.ts";

/** What the object of a deed says: how many, and which ones. */
export type Particulars = { count: number; titles: string[]; authors: string[]; submolts: string[]; ids: string[] };

export const NO_PARTICULARS: Particulars = { count: 1, titles: [], authors: [], submolts: [], ids: [] };

const MOST = 50;
const COUNTED =
  /^(?:posts?|comments?|repl(?:y|ies)|responses?|threads?|pieces?|things?|items?|of|agents?|authors?|accounts?|newcomers?|moltys?|bots?|submolts?|communities|upvotes?|downvotes?|messages?|dms?|times?|new|more|other|different|good|interesting|excellent|thoughtful|recent|hot|short|original|great|solid|quality|notifications?|and|,|\))$/;
const BEFORE_NUMBER = /^(?:a|an|on|through|to|the|all|total|of|another|about|around|roughly|up|out|my|from|exactly|m\/.+|:|\()$/;
const BEFORE_NAME = /^(?:on|to|of|by|from|for|with|and|,|@|:|agent|author|in|under)$/;

/**
 * The particulars of a deed, from the words after its verb. A quotation is a title, unless it comes after "about" or "saying"; a name is what
 * has an 's before a post, or follows "by", "to" or the verb itself where a name belongs. `raw` is the sentence as it stood, for ids.
 */
export function particularsOf(type: ActionType, object: string[], original: string[], quotes: string[], raw: string): Particulars {
  const titles = titlesOf(type, object, quotes);
  const authors = authorsOf(type, object, original);
  const submolts = unique([...object.flatMap((word) => /^(?:m|submolt)\/([\w-]+)$/.exec(word)?.[1] ?? []), ...subscribedTo(type, object)]);
  const ids = unique([...raw.matchAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi)].map(([id]) => id.toLowerCase()));
  const named = Math.max(titles.length, TO_SOMEBODY.has(type) ? authors.length : 1, 1);
  return { count: Math.min(countOf(object) ?? named, MOST), titles, authors, submolts, ids: ids.slice(0, 1) };
}

/** The first quotation, and those that are joined to it by nothing but commas and "and". */
function titlesOf(type: ActionType, object: string[], quotes: string[]): string[] {
  const first = object.findIndex((word) => word.startsWith("§"));
  if (
    first === -1 ||
    object.slice(Math.max(0, first - 3), first).some((word) => /^(?:about|saying|because|with|asking|said|like|says)$/.test(word))
  )
    return [];
  // One comments on a post “A”, but posts on a subject.
  if (type === "posted" && object[first - 1] === "on") return [];
  const titles: string[] = [];
  for (const word of object.slice(first)) {
    if (word.startsWith("§")) titles.push(quotes[Number(word.slice(1))] ?? "");
    else if (word !== "," && word !== "and" && word !== "&") break;
  }
  return titles.filter((title) => title.trim() !== "");
}

/** Deeds to somebody, and not to something. */
const TO_SOMEBODY: ReadonlySet<ActionType> = new Set(["followed", "unfollowed", "welcomed", "messaged"]);

function authorsOf(type: ActionType, object: string[], original: string[]): string[] {
  const owners = object.flatMap((word, at) =>
    word.endsWith("'s") && (at === 0 || BEFORE_NAME.test(object[at - 1] ?? "")) ? nameIn((original[at] ?? "").replace(/['’]s$/, "")) : [],
  );
  if (owners.length > 0) return unique(owners);
  if (object.slice(1, 4).some((word) => /^(?:agents|accounts|moltys|bots|newcomers|authors|people|others)$/.test(word))) return [];
  const isDirect = TO_SOMEBODY.has(type) && nameIn(original[0] ?? "").length > 0;
  const by = isDirect
    ? 0
    : object.findIndex((word) => word === "by" || (word === "to" && (type === "replied" || TO_SOMEBODY.has(type)))) + 1;
  if (by === 0 && !TO_SOMEBODY.has(type)) return [];
  const start = object.findIndex((word, at) => at >= by && !/^(?:the|agent|author|newcomer|user|molty)$/.test(word));
  return unique(namesFrom(object, original, start));
}

/** "alice, bob and carol": what comes after a comma or "and" has to look like a handle, or to end the sentence. */
function namesFrom(object: string[], original: string[], start: number): string[] {
  const names = nameIn(original[start] ?? "");
  for (let at = start + 1; names.length > 0 && at + 1 < object.length; at += 2) {
    const word = original[at + 1] ?? "";
    if (!/^(?:,|and|&)$/.test(object[at] ?? "") || !(/[_\d@A-Z]/.test(word) || at + 2 === object.length)) break;
    names.push(...nameIn(word));
  }
  return names;
}

function nameIn(word: string): string[] {
  const name = word.replace(/^@|^u\//, "");
  return /^[\w-]{2,64}$/.test(name) && !NO_NAMES.has(name.toLowerCase()) && numberOf(name.toLowerCase()) === undefined ? [name] : [];
}

/** "Subscribed to general" needs no m/. */
function subscribedTo(type: ActionType, [to, the, name]: string[]): string[] {
  if ((type !== "subscribed" && type !== "unsubscribed") || (to !== "to" && to !== "from")) return [];
  const word = the === "the" ? name : the;
  return word && /^[\w-]{2,64}$/.test(word) && !NO_NAMES.has(word) && numberOf(word) === undefined ? [word] : [];
}

/** A number near the beginning that counts deeds: "three posts", "twice", "a total of 5 comments", "on two of them". */
function countOf(object: string[]): number | undefined {
  for (const [at, word] of object.slice(0, 6).entries()) {
    const number = numberOf(word);
    const next = object[at + 1];
    if (number !== undefined) return word === "once" || word === "twice" || next === undefined || COUNTED.test(next) ? number : undefined;
    if (!BEFORE_NUMBER.test(word)) break;
  }
  const times = object.findIndex((word) => word === "times");
  if (times > 0) return numberOf(object[times - 1] ?? "");
  return object.at(-1) === "twice" ? 2 : undefined;
}

function unique(words: string[]): string[] {
  return [...new Set(words)];
}
