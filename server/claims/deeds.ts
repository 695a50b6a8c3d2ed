import type { ActionType } from "../actions/schema.ts";

/** What an object is about, by the nouns in it. */
const POST =
  /^(?:posts?|pieces?|essays?|threads?|reflections?|writeups?|write-ups?|musings?|introductions?|articles?|discussions?|titled)$/;
const COMMENT = /^comments?$/;
const REPLY = /^(?:repl(?:y|ies)|responses?|answers?)$/;
const UPVOTE = /^upvotes?$/;
const VOTE = /^(?:up|down)?votes?$/;
const DOWNVOTE = /^downvotes?$/;
const MESSAGE = /^(?:messages?|dms?)$/;
const WELCOME = /^(?:welcomes?|greetings?)$/;
const PROMPT = /^(?:identity|prompt|prompts|instructions)$/;
const PROPOSAL = /^proposals?$/;
const PROFILE = /^(?:profile|bio|description)$/;
const SUBMOLT = /^(?:submolts?|communit(?:y|ies)|m\/[\w-]+)$/;
const FEED = /^(?:feed|feeds|posts?|threads?|timeline|discussions?|conversations?|front|comments?)$/;
const STATUS = /^(?:status|account|home|dashboard|budget|limits|notifications?)$/;
const INBOX = /^(?:messages?|dms?|inbox|conversations?)$/;
const CHALLENGE = /^(?:challenges?|verifications?|verification|captcha)$/;
const QUESTION = /^(?:comments?|questions?|repl(?:y|ies)|posts?|threads?|\S+'s)$/;
const NOTE = /^(?:notifications?|notes?)$/;
const THING = /^(?:posts?|comments?|repl(?:y|ies)|spam)$/;

/** The nouns that make a verb a deed, in the order in which they are looked for. `null`: the verb is the deed, whatever follows. */
type Deed = readonly [RegExp | null, ActionType];
const WRITING: readonly Deed[] = [
  [COMMENT, "commented"],
  [REPLY, "replied"],
  [WELCOME, "welcomed"],
  [UPVOTE, "upvoted"],
  [DOWNVOTE, "downvoted"],
];
const MAKING: readonly Deed[] = [...WRITING, [PROPOSAL, "proposed_identity"], [MESSAGE, "messaged"], [POST, "posted"]];
const POSTING: readonly Deed[] = [
  [COMMENT, "commented"],
  [REPLY, "replied"],
];
const GIVING: readonly Deed[] = [[DOWNVOTE, "downvoted"], [UPVOTE, "upvoted"], ...POSTING, [WELCOME, "welcomed"], [/^follow$/, "followed"]];
const LOOKING: readonly Deed[] = [
  [INBOX, "read_messages"],
  [STATUS, "checked_status"],
  [/^submolts$/, "checked_submolts"],
  [FEED, "browsed"],
  [SUBMOLT, "checked_submolts"],
  [/^(?:\S+'s|profile)$/, "browsed"],
];
const CHANGING: readonly Deed[] = [
  [PROMPT, "proposed_identity"],
  [PROFILE, "updated_profile"],
  [SUBMOLT, "updated_submolt"],
];

/** Past forms, and what they say by their object. A verb whose object fits none of its nouns says nothing, but still has a subject. */
const PAST: Record<string, readonly Deed[]> = {
  upvoted: [[null, "upvoted"]],
  downvoted: [[null, "downvoted"]],
  voted: [
    [/^down$/, "downvoted"],
    [/^(?:up|for)$/, "upvoted"],
  ],
  unvoted: [[null, "unvoted"]],
  commented: [[null, "commented"]],
  replied: [[null, "replied"]],
  responded: [[null, "replied"]],
  answered: [
    [CHALLENGE, "verified"],
    [QUESTION, "replied"],
  ],
  posted: [...POSTING, [null, "posted"]],
  published: [...POSTING, [null, "posted"]],
  welcomed: [[null, "welcomed"]],
  greeted: [[null, "welcomed"]],
  subscribed: [[null, "subscribed"]],
  joined: [[SUBMOLT, "subscribed"]],
  unsubscribed: [[null, "unsubscribed"]],
  followed: [[null, "followed"]],
  unfollowed: [[null, "unfollowed"]],
  deleted: [[THING, "deleted"]],
  removed: [
    [VOTE, "unvoted"],
    [THING, "deleted"],
  ],
  retracted: [[VOTE, "unvoted"]],
  messaged: [[null, "messaged"]],
  dmed: [[null, "messaged"]],
  "dm'd": [[null, "messaged"]],
  left: [...WRITING, [/^m\/[\w-]+$/, "unsubscribed"]],
  wrote: [...POSTING, [MESSAGE, "messaged"], [POST, "posted"], [/^to$/, "replied"]],
  penned: [...POSTING, [POST, "posted"]],
  made: MAKING,
  added: WRITING,
  dropped: WRITING,
  offered: POSTING,
  contributed: [...POSTING, [POST, "posted"]],
  gave: GIVING,
  cast: [
    [DOWNVOTE, "downvoted"],
    [UPVOTE, "upvoted"],
  ],
  shared: [
    [COMMENT, "commented"],
    [POST, "posted"],
  ],
  submitted: MAKING,
  sent: [
    [MESSAGE, "messaged"],
    [REPLY, "replied"],
    [WELCOME, "welcomed"],
    [COMMENT, "commented"],
  ],
  put: [...POSTING, [POST, "posted"]],
  created: [[SUBMOLT, "created_submolt"], ...MAKING],
  founded: [[SUBMOLT, "created_submolt"]],
  opened: [
    [SUBMOLT, "checked_submolts"],
    [FEED, "browsed"],
  ],
  started: [
    [SUBMOLT, "created_submolt"],
    [POST, "posted"],
  ],
  proposed: [[PROMPT, "proposed_identity"]],
  suggested: [[PROMPT, "proposed_identity"]],
  requested: [[PROMPT, "proposed_identity"]],
  updated: CHANGING,
  changed: CHANGING,
  edited: CHANGING,
  rewrote: CHANGING,
  revised: CHANGING,
  pinned: [[THING, "pinned"]],
  unpinned: [[THING, "unpinned"]],
  reported: [[THING, "reported"]],
  flagged: [[/^moderators?$/, "reported"]],
  solved: [[CHALLENGE, "verified"]],
  verified: [[/^(?:posts?|comments?|challenges?|verifications?|it)$/, "verified"]],
  passed: [[CHALLENGE, "verified"]],
  completed: [[CHALLENGE, "verified"]],
  registered: [[/^(?:account|agent|as|myself|on|with)$/, "registered"]],
  marked: [[NOTE, "marked_read"]],
  cleared: [[NOTE, "marked_read"]],
  searched: [[null, "searched"]],
  browsed: [[null, "browsed"]],
  skimmed: LOOKING,
  scanned: LOOKING,
  scrolled: LOOKING,
  read: LOOKING,
  reviewed: LOOKING,
  viewed: LOOKING,
  visited: LOOKING,
  explored: LOOKING,
  looked: LOOKING,
  checked: LOOKING,
};

/** Base and -ing forms, for after "managed to" and "ended up". */
const BASE: Record<string, string> = {
  upvote: "upvoted",
  upvoting: "upvoted",
  downvote: "downvoted",
  downvoting: "downvoted",
  comment: "commented",
  commenting: "commented",
  reply: "replied",
  replying: "replied",
  respond: "responded",
  responding: "responded",
  answer: "answered",
  answering: "answered",
  post: "posted",
  posting: "posted",
  publish: "published",
  publishing: "published",
  subscribe: "subscribed",
  subscribing: "subscribed",
  follow: "followed",
  following: "followed",
  welcome: "welcomed",
  welcoming: "welcomed",
  leave: "left",
  leaving: "left",
  write: "wrote",
  writing: "wrote",
  send: "sent",
  sending: "sent",
  message: "messaged",
  messaging: "messaged",
};

/** The past form that a word stands for at this place, if it is a verb that we know. */
export function verbAt(words: string[], at: number): string | undefined {
  const word = words[at] ?? "";
  if (Object.hasOwn(PAST, word)) return word;
  const past = Object.hasOwn(BASE, word) ? BASE[word] : undefined;
  if (past === undefined) return undefined;
  const [two, one] = [words[at - 2], words[at - 1]];
  const isSaid = word.endsWith("ing")
    ? (one === "up" && two === "ended") || (one === "by" && (two === "finished" || two === "up"))
    : one === "did" || (one === "to" && (two === "managed" || two === "able" || two === "proceeded"));
  return isSaid ? past : undefined;
}

/** What a verb says with this object, or undefined. Of several nouns within the first ten words the first one counts. */
export function deedOf(verb: string, object: string[]): ActionType | undefined {
  const near = object.slice(0, 10);
  if (verb === "checked" && near[0] === "in") return "checked_status";
  const deeds = PAST[verb] ?? [];
  const otherwise = deeds.find(([noun]) => noun === null)?.[1];
  // "Posted a comment" is a comment; "posted a thought about comments" is a post.
  const limit = otherwise === undefined ? near.length : near.findIndex((word) => LEADS_ON.test(word));
  const nouns = near.slice(0, limit === -1 ? near.length : limit).flatMap((word) => deeds.find(([noun]) => noun?.test(word))?.[1] ?? []);
  return isDeed(verb, near) ? (nouns[0] ?? otherwise) : undefined;
}
const LEADS_ON = /^(?:about|on|in|to|for|asking|with|that|how|why|:|,|§\d+)$/;

/** "Posted nothing", "followed the rules", "reported back" and the like are no deeds. */
function isDeed(verb: string, [first = "", ...rest]: string[]): boolean {
  if (/^(?:on|to|in|with)$/.test(first) && /^(?:nothing|none|no|neither|nobody|zero|0)$/.test(rest[0] ?? "")) return false;
  if (/^(?:by|nothing|none|no|zero|0|neither|nobody)$/.test(first)) return false;
  if (verb === "voted") return /^(?:up|down|for)$/.test(first);
  if (verb === "reported") return first !== "back";
  if (verb === "put") return /^(?:up|out|together|a|an|my)$/.test(first);
  if (verb !== "followed") return true;
  if (/^(?:a|an|two|three|four|five|\d+|another|some|several|new|one|both|the)$/.test(first))
    return rest.slice(0, 4).some((word) => SOMEBODY.test(word));
  return !/^(?:up|my|its|their|his|her|along|through|suit|that|this|those|all|every|it|your|our|on|in|from|with|§\d+)$|'s$/.test(first);
}
const SOMEBODY = /^(?:agents?|authors?|accounts?|molty|moltys|bots?|newcomers?)$/;
