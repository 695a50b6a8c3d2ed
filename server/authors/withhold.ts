import { kindOfKey, ownerOf } from "../filter/items.ts";
import { pathTo } from "../filter/path.ts";
import { isIdentifier } from "../filter/prose.ts";
import type { Exposure, ItemKind, Screened } from "../filter/schema.ts";
import { FILTER_KEY } from "../filter/screen.ts";
import { BLOCKED_AUTHOR, FLAGGED_BEFORE } from "../filter/verdict.ts";
import type { Trust } from "./blocklist.ts";

type Holder = { [key: string]: unknown };

/** One response on its way through: the paths of the texts that were taken out and why, and how many items that makes. */
type Walk = Trust & { hidden: Map<string, string>; withheld: number };

/** Where a value stands (its path is made only for what is hidden): `blocked` says why the item around it is withheld, null where it is not, `listed` that it is an element of a list. */
type Place = { path: () => string; key: string | null; kind: ItemKind; isItem: boolean; listed: boolean; blocked: string | null };

/**
 * A screened response without the words of blocked authors, nor such of suspects as the filter would mark: each item of theirs keeps its ids, plain handles, numbers and times, says that it is
 * withheld, and is counted. `raw` is what was screened: authors are read from there, since the filter may have cut them out. An item that names
 * nobody belongs to whoever wrote what encloses it. `source` is the request that was answered: what encloses the answer to a write, which is the
 * agent's own, is left alone. The screened value is changed in place.
 */
export function withholdBlocked(screened: Screened, raw: unknown, source: string, { isBlocked, isSuspect }: Trust): Screened {
  const walk: Walk = { isBlocked, isSuspect, hidden: new Map(), withheld: 0 };
  const box: Holder = { value: screened.value };
  visit(
    box,
    "value",
    raw,
    { path: () => "", key: null, kind: "other", isItem: source.startsWith("GET "), listed: false, blocked: null },
    walk,
  );
  if (walk.hidden.size === 0) return screened;
  const exposures = screened.exposures.map((exposure) => {
    const reason = reasonOf(exposure, walk);
    return reason === undefined ? exposure : withheld(exposure, reason);
  });
  return { value: box.value, exposures, withheld: screened.withheld + walk.withheld };
}

function visit(holder: Holder, key: string, raw: unknown, place: Place, walk: Walk): void {
  const value = holder[key];
  if (typeof value === "string") {
    if (place.blocked === null) return;
    walk.hidden.set(place.path(), place.blocked);
    if (!isIdentifier(value)) holder[key] = "";
  } else if (Array.isArray(value)) visitList(value, raw, place, walk);
  else if (isObject(value)) visitObject(value, raw, place, walk);
}

function visitList(list: unknown[], raw: unknown, place: Place, walk: Walk): void {
  const from: unknown[] = Array.isArray(raw) ? raw : [];
  for (const [index, value] of list.entries()) {
    const inside = { ...place, path: () => `${place.path()}[${index}]`, isItem: isObject(value), listed: true };
    visit(list as unknown as Holder, String(index), from[index], inside, walk);
  }
}

function visitObject(object: Holder, raw: unknown, place: Place, walk: Walk): void {
  const from = isObject(raw) ? raw : {};
  const kind = place.isItem ? ownerOf(from, place.kind, place.key).kind : place.kind;
  const names = place.isItem ? namesIn(from, kind, place.key === null) : [];
  const blocked = names.length === 0 ? place.blocked : reasonAgainst(names, object, walk);
  for (const [name, value] of Object.entries(object)) {
    if (name === FILTER_KEY) continue;
    const known = kindOfKey(name);
    const isItem = isObject(value) && known !== undefined;
    visit(
      object,
      name,
      from[name],
      { path: () => pathTo(place.path(), name), key: name, kind: known ?? kind, isItem, listed: false, blocked },
      walk,
    );
  }
  if (!place.isItem || blocked === null) return;
  const isCounted = (object[FILTER_KEY] as { band?: unknown } | undefined)?.band === "withhold";
  // What only belongs to an item, like its author, is not one more.
  if (!isCounted && (place.listed || place.blocked === null)) walk.withheld += 1;
  object[FILTER_KEY] = { band: "withhold", reason: blocked };
}

/** Why an item is withheld for who wrote it: what is marked or redacted counts against those who have lost trust. */
function reasonAgainst(names: string[], item: Holder, { isBlocked, isSuspect }: Walk): string | null {
  if (names.some(isBlocked)) return BLOCKED_AUTHOR;
  const band = (item[FILTER_KEY] as { band?: unknown } | undefined)?.band;
  return (band === "mark" || band === "redact") && names.some(isSuspect) ? FLAGGED_BEFORE : null;
}

/** Keys that name who speaks, in both of Moltbook's spellings. */
const SPEAKERS = new Set(
  ["author", "author_name", "from", "from_agent", "sender", "sender_name", "with_agent", "created_by", "latest_commenters"].flatMap(
    (key) => [key, key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())],
  ),
);

/** Who speaks in an item. A notification quotes its comment's author, and begins with a name; the answer about an agent holds its words. */
function namesIn(item: Holder, kind: ItemKind, isWhole: boolean): string[] {
  const names = Object.entries(item).flatMap(([key, value]) => (speaks(key, kind, isWhole) ? namesOf(value) : []));
  if (kind !== "notification") return names;
  const { comment, content, message } = item;
  const quoted = isObject(comment) ? namesIn(comment, "comment", false) : [];
  const line = typeof content === "string" ? content : message;
  const [first = ""] = typeof line === "string" ? line.trimStart().split(/[\s,:]/, 1) : [];
  const told = [...names, ...quoted];
  return told.length > 0 || first === "" ? told : [first];
}

function speaks(key: string, kind: ItemKind, isWhole: boolean): boolean {
  return SPEAKERS.has(key) || (key === "name" && kind === "agent") || (key === "agent" && isWhole);
}

function namesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesOf);
  const name = isObject(value) ? value["name"] : value;
  return typeof name === "string" && name !== "" ? [name] : [];
}

/** A text that was judged as part of two fields belongs to the first. */
function reasonOf({ field }: Exposure, { hidden }: Walk): string | undefined {
  return hidden.get(field) ?? hidden.get(field.split(" + ", 1)[0] ?? "");
}

function withheld(exposure: Exposure, reason: string): Exposure {
  return { ...exposure, verdict: { ...exposure.verdict, band: "withhold", flag: true, reason } };
}

function isObject(value: unknown): value is Holder {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
