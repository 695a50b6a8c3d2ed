import type { ActionType } from "../actions/schema.ts";
import { NO_PARTICULARS } from "./object.ts";
import type { Statement } from "./parse.ts";
import type { Sentence } from "./prose.ts";
import { spoken } from "./prose.ts";
import { numberOf } from "./words.ts";

const NOUNS: [RegExp, ActionType][] = [
  [/^upvotes?$/, "upvoted"],
  [/^downvotes?$/, "downvoted"],
  [/^comments?$/, "commented"],
  [/^repl(?:y|ies)$/, "replied"],
  [/^posts?$/, "posted"],
  [/^follows?$/, "followed"],
  [/^subscriptions?$/, "subscribed"],
];
const FILLERS =
  /^(?:total|totals|this|run|heartbeat|actions?|summary|result|results|done|today|given|made|left|written|created|published|cast|new|original|and|plus|my|also|no|,|;|:|\(|\)|\||\/|&|-|—|–)$/;

/** A sentence that only counts: "3 upvotes, 1 comment, 0 posts", "Upvotes: 3", "One comment". Any other word in it makes it none. */
export function tallyOf({ words, quotes }: Sentence): Statement[] {
  const lower = words.map((word) => word.toLowerCase());
  if (lower.length > 30 || !lower.every((word) => FILLERS.test(word) || numberOf(word) !== undefined || nounOf(word))) return [];
  return lower.flatMap((word, at) => {
    const type = nounOf(word);
    const count = type === undefined ? undefined : (numberBefore(lower, at) ?? numberAfter(lower, at));
    if (type === undefined || !count) return [];
    return [{ ...NO_PARTICULARS, type, count, isPending: false, text: `${spoken(words, quotes).slice(0, 250)} (${word})` }];
  });
}

function nounOf(word: string): ActionType | undefined {
  return NOUNS.find(([noun]) => noun.test(word))?.[1];
}

function numberBefore(words: string[], at: number): number | undefined {
  const one = numberOf(words[at - 1] ?? "");
  return one ?? (/^(?:new|original)$/.test(words[at - 1] ?? "") ? numberOf(words[at - 2] ?? "") : undefined);
}

/** "Upvotes: 3", "Comments made: 1". */
function numberAfter(words: string[], at: number): number | undefined {
  const colon = words.indexOf(":", at);
  return colon !== -1 && colon - at <= 2 ? numberOf(words[colon + 1] ?? "") : undefined;
}

const PASSIVE =
  /(?:^|[,;:] |\b(?:and|then) )(my|the new|its) (?:(?:new|first|original|latest|short|own|second|single) ){0,2}(post|comment|reply|upvote|message)s?( §\d+)?,? (?:is|was|were|are|went|got|has been|have been)( now| also| successfully| then)? (?:published|posted|live|up|online|submitted|sent|cast|left)\b/g;
const PASSIVES: Record<string, ActionType> = {
  post: "posted",
  comment: "commented",
  reply: "replied",
  upvote: "upvoted",
  message: "messaged",
};

/** "My post “T” is live", "one comment was left": deeds told of by what became of them. */
export function passivesIn({ words, quotes }: Sentence): Statement[] {
  const text = words.map((word) => word.toLowerCase()).join(" ");
  return [...text.matchAll(PASSIVE)].flatMap(([whole, , noun = "", quote]) => {
    const type = PASSIVES[noun];
    const title = quote === undefined ? undefined : quotes[Number(quote.slice(2))];
    if (type === undefined) return [];
    return [
      { ...NO_PARTICULARS, type, titles: title ? [title] : [], isPending: false, text: spoken(whole.split(" "), quotes).slice(0, 300) },
    ];
  });
}
