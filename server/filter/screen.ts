import { isForged, kindOfKey, type Owner, ownerOf } from "./items.ts";
import { pathTo } from "./path.ts";
import { isIdentifier, isProse } from "./prose.ts";
import { verdictRemembered } from "./remembered.ts";
import { withoutSpans } from "./removal.ts";
import type { Band, Exposure, ItemKind, Judge, Screen, Verdict } from "./schema.ts";
import { type Said, splitAmong } from "./thread.ts";
import { OVERSIZED, worse } from "./verdict.ts";

/** Bounds of one response; what lies beyond is left out and its item withheld. */
const MAX_DEPTH = 100;
const MAX_VALUES = 100_000;
const MAX_UNITS = 8_000_000;

/** Longest verification challenge passed on; real ones have about 100 characters. */
const MAX_CHALLENGE = 1_000;

/** The annotation on items that are not simply allowed. */
export const FILTER_KEY = "moltbot_filter";

const CHALLENGE_KEYS = new Set(["challenge_text", "challenge"]);
const TITLE_KEYS = ["title", "post_title", "display_name", "name"];
const BODY_KEYS = ["content", "body", "description", "content_preview", "preview", "message"];

/** Invisible and control characters, besides tab and newline. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]|[^\P{Cc}\n\t]/gu;

type Holder = { [key: string]: unknown } | unknown[];

/**
 * One response on its way through: what was found, what may still be spent, the keys that were seen and whether each may stay, and the words
 * (handles, types and the like, which come again and again) that were found harmless.
 */
type Run = {
  source: string;
  judge: Judge;
  exposures: Exposure[];
  withheld: number;
  values: number;
  units: number;
  keys: Map<string, boolean>;
  harmless: Map<string, Verdict>;
  said: Comment[];
};

/** A comment as a part of its thread; `outcome` is the new value. */
type Comment = Said & { item: Item; path: string; outcome: unknown };

/**
 * One item on its way through: the places of its strings in the new value that go when it is withheld, the worst that was found in it, and whether
 * any rule hit it, were it too lightly to say so.
 */
type Item = Owner & {
  path: string;
  band: Band;
  reason: string | null;
  isHit: boolean;
  prose: { holder: Holder; key: string | number }[];
};

/** Where a value stands: its path, depth and key, and the kind of objects found there. */
type Place = { path: string; depth: number; key: string | null; kind: ItemKind };

/** Filters by the rules alone. See `screenBy`. */
export const screen: Screen = screenBy(verdictRemembered);

/**
 * A filter that judges texts by `judge`. It filters a whole response, whatever its shape, and never changes the given value. Each object in a list or under a key that names an item is
 * judged on its own; other objects count as parts of what encloses them. Allowed items come out unchanged; marked ones carry
 * `moltbot_filter: {band, reason}`; redacted ones have the found spans replaced too; withheld ones keep ids, plain handles, numbers and times,
 * and every other string is emptied. Beyond the bounds nothing passes.
 */
export function screenBy(judge: Judge): Screen {
  return (value, source) => {
    const run: Run = {
      source,
      judge,
      exposures: [],
      withheld: 0,
      values: MAX_VALUES,
      units: MAX_UNITS,
      keys: new Map(),
      harmless: new Map(),
      said: [],
    };
    const box: { value?: unknown } = {};
    putItem(box, "value", value, { path: "", depth: 0, key: null, kind: "other" }, run);
    judgeThread(run);
    return { value: box.value, exposures: run.exposures, withheld: run.withheld };
  };
}

/** Filters a value as an item of its own. */
function putItem(holder: Holder, key: string | number, value: unknown, place: Place, run: Run): void {
  const owner = isObject(value) ? ownerOf(value, place.kind, place.key) : { kind: place.kind, itemId: null, author: null };
  const item: Item = { ...owner, path: place.path, band: "allow", reason: null, isHit: false, prose: [] };
  // A comment stands before its replies.
  const turn = run.said.length;
  put(holder, key, value, { ...place, kind: owner.kind }, item, run);
  if (isObject(value)) judgeJoined(value, item, run);
  settle(item, at(holder, key), run);
  if (item.kind === "comment" && item.band !== "withhold" && isObject(value)) hear(value, item, at(holder, key), turn, run);
}

/** Filters a value as part of an item and puts the outcome into `holder`. */
function put(holder: Holder, key: string | number, value: unknown, place: Place, item: Item, run: Run): void {
  run.values -= 1;
  if (run.values < 0 || place.depth > MAX_DEPTH) {
    note(item, "withhold", OVERSIZED);
    set(holder, key, null);
  } else if (typeof value === "string") putString(holder, key, value, place, item, run);
  else if (Array.isArray(value)) putList(holder, key, value, place, item, run);
  else if (isObject(value)) putObject(holder, key, value, place, item, run);
  else set(holder, key, typeof value === "boolean" || Number.isFinite(value) ? value : null);
}

function putString(holder: Holder, key: string | number, text: string, place: Place, item: Item, run: Run): void {
  run.units -= text.length;
  if (run.units < 0) {
    note(item, "withhold", OVERSIZED);
    return set(holder, key, "");
  }
  const isChallenge = place.key !== null && CHALLENGE_KEYS.has(place.key);
  const owner: Owner = isChallenge ? { ...item, kind: "challenge" } : item;
  const judged = expose(text, place.path, owner, run);
  note(item, judged.band, judged.reason);
  item.isHit ||= judged.flag || judged.rules.length > 0;
  if (isChallenge) return set(holder, key, text.replace(INVISIBLE, "").slice(0, MAX_CHALLENGE));
  set(holder, key, judged.band === "redact" ? withoutSpans(text, judged) : text);
  if (judged.flag || !isIdentifier(text)) item.prose.push({ holder, key });
}

function putList(holder: Holder, key: string | number, values: unknown[], place: Place, item: Item, run: Run): void {
  const list: unknown[] = [];
  set(holder, key, list);
  for (const [index, value] of values.entries()) {
    const inside = { ...place, path: `${place.path}[${index}]`, depth: place.depth + 1 };
    if (isObject(value) && place.depth <= MAX_DEPTH) putItem(list, index, value, inside, run);
    else put(list, index, value, inside, item, run);
  }
}

function putObject(holder: Holder, key: string | number, value: object, place: Place, item: Item, run: Run): void {
  const copy: { [key: string]: unknown } = {};
  set(holder, key, copy);
  for (const [name, field] of Object.entries(value)) {
    const path = pathTo(place.path, name);
    if (!mayStay(name, path, item, run)) continue;
    const kind = kindOfKey(name);
    const inside = { path, depth: place.depth + 1, key: name, kind: kind ?? place.kind };
    if (isObject(field) && kind !== undefined && place.depth <= MAX_DEPTH) putItem(copy, name, field, inside, run);
    else put(copy, name, field, inside, item, run);
  }
}

/** Judges a text and records the exposure, unless it is a harmless identifier. */
function expose(text: string, field: string, owner: Owner, run: Run): Verdict {
  const known = owner.kind === "challenge" ? undefined : run.harmless.get(text);
  if (known) return known;
  const judged = judgedAs(text, field, owner, run);
  if (judged.flag || isProse(text)) {
    const contentHash = Bun.SHA256.hash(text, "hex");
    run.exposures.push({ kind: owner.kind, itemId: owner.itemId, author: owner.author, field, text, contentHash, verdict: judged });
  } else if (owner.kind !== "challenge") run.harmless.set(text, judged);
  return judged;
}

function judgedAs(text: string, field: string, { kind, author }: Owner, { judge, source }: Run): Verdict {
  return judge(text, { source, kind, field, author });
}

/** Whether a key is harmless; the first of its name in a response tells for all. */
function mayStay(name: string, path: string, item: Item, run: Run): boolean {
  run.units -= name.length;
  const known = run.keys.get(name);
  if (known !== undefined) return known;
  const isHarmless = name !== "__proto__" && !isForged(name) && !expose(name, path, item, run).flag;
  run.keys.set(name, isHarmless);
  return isHarmless;
}

/** Units on either side of the seam between a title and a body that are read as one: a rule's phrase spans no more. */
const SEAM = { before: 200, after: 240 };

/**
 * A payload cut in two, half in the title and half in the body, shows when both are read as one; it is nowhere to be cut out. Where no rule hit
 * either, it is looked for around the seam first, and in the whole only where something shows there. Light hits in both may add up, wherever they are.
 */
function judgeJoined(value: object, item: Item, run: Run): void {
  const fields = value as Record<string, unknown>;
  const [title, body] = [TITLE_KEYS, BODY_KEYS].map((keys) => keys.find((key) => typeof fields[key] === "string"));
  if (title === undefined || body === undefined || item.band === "withhold" || run.units < 0) return;
  const [before, after] = [String(fields[title]), String(fields[body])];
  if (!item.isHit && before.length + after.length > SEAM.before + SEAM.after) {
    const seam = `${before.slice(-SEAM.before)} ${after.slice(0, SEAM.after)}`;
    if (judgedAs(seam, item.path, item, run).band === "allow") return;
  }
  const text = `${before} ${after}`;
  const judged = judgedAs(text, item.path, item, run);
  if (judged.band === "allow" || worse(item.band, judged.band) === item.band) return;
  expose(text, `${pathTo(item.path, title)} + ${pathTo(item.path, body)}`, item, run);
  note(item, judged.band === "redact" ? "withhold" : judged.band, judged.reason);
}

function hear(value: object, item: Item, outcome: unknown, turn: number, run: Run): void {
  const [body] = Object.entries(value).filter(([key, text]) => BODY_KEYS.includes(key) && typeof text === "string");
  if (!body) return;
  const [key, text] = body;
  run.said.splice(turn, 0, { author: item.author, text: String(text), band: item.band, item, path: pathTo(item.path, key), outcome });
}

/** The same for the comments of one author in a thread. */
function judgeThread(run: Run): void {
  const judge = (text: string, { item, path }: Comment) => judgedAs(text, path, item, run);
  for (const { comments, text, verdict: judged } of run.units < 0 ? [] : splitAmong(run.said, judge)) {
    const [first] = comments;
    if (first) expose(text, comments.map(({ path }) => path).join(" + "), first.item, run);
    for (const { item, outcome } of comments) {
      note(item, "withhold", judged.reason);
      settle(item, outcome, run);
    }
  }
}

/** Applies what was found in an item to the item as a whole. */
function settle(item: Item, outcome: unknown, run: Run): void {
  if (item.band === "withhold") {
    run.withheld += 1;
    for (const { holder, key } of item.prose) set(holder, key, "");
  }
  if (item.band !== "allow" && isObject(outcome)) set(outcome as Holder, FILTER_KEY, { band: item.band, reason: item.reason });
}

function note(item: Item, band: Band, reason: string | null): void {
  if (worse(item.band, band) === item.band) return;
  item.band = band;
  item.reason = reason;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function at(holder: Holder, key: string | number): unknown {
  return (holder as { [key: string | number]: unknown })[key];
}

function set(holder: Holder, key: string | number, value: unknown): void {
  (holder as { [key: string | number]: unknown })[key] = value;
}
