import { defang } from "./defang.ts";
import { normalise, originalRange } from "./normalise.ts";
import { isProse } from "./prose.ts";
import { Band } from "./schema.ts";
import { FILTER_KEY } from "./screen.ts";
import { REASONS } from "./verdict.ts";

/** A fence's tag however it is spelled, in a normalised copy; only its first character matters. */
const TAG = /[<‹〈⟨˂ᐸ❮][\s/\\⁄∕]{0,4}untrusted/gi;

/** Whatever can become a tag's first character in a normalised copy: few texts have any, and only they are looked through. */
const OPENER = /[<&\u02c2\u1438\u2039\u2329\u276e\u27e8\u3008\ufe3f\ufe64\uff1c]|\udb40\udc3c/;

/** A marker for one result: 8 random hexadecimal digits, so that a text cannot know the tag that closes its fence. */
export function newMarker(): string {
  return crypto.getRandomValues(new Uint8Array(4)).toHex();
}

/**
 * A copy of a screened value in which every prose string stands between `<untrusted-MARKER>` and `</untrusted-MARKER>`. No string or key keeps a
 * tag of such a fence, in any spelling that the normalisation sees through: its `<` becomes `[`. Addresses that could carry data out are taken apart (see `defang`). The filter's own annotations, in exactly their
 * shape, stay as they are.
 */
export function fence(value: unknown, marker: string): unknown {
  if (typeof value === "string") {
    const text = defang(value);
    return isProse(text) ? `<untrusted-${marker}>${withoutTags(text)}</untrusted-${marker}>` : withoutTags(text);
  }
  if (Array.isArray(value)) return value.map((element: unknown) => fence(element, marker));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([key, field]) => [withoutTags(key), isAnnotation(key, field) ? field : fence(field, marker)]);
  return Object.fromEntries(fields);
}

function withoutTags(text: string): string {
  if (!OPENER.test(text)) return text;
  const copy = normalise(text);
  let kept = "";
  let end = 0;
  for (const match of copy.text.matchAll(TAG)) {
    const range = originalRange(copy, match.index, match.index + 1);
    kept += `${text.slice(end, range.start)}[`;
    end = range.end;
  }
  return kept + text.slice(end);
}

/** What the filter itself has added: its mark on an object, or the notice that a shape has made of the mark. */
function isAnnotation(key: string, field: unknown): boolean {
  if (key === "notice" && typeof field === "string") return isNotice(field);
  if (key !== FILTER_KEY || typeof field !== "object" || field === null || Object.keys(field).length !== 2) return false;
  if (!("band" in field) || !("reason" in field)) return false;
  return Band.safeParse(field.band).success && typeof field.reason === "string" && REASONS.has(field.reason);
}

function isNotice(text: string): boolean {
  const [, reason] = /^(?:caution|redacted|withheld): (.{1,80})$/.exec(text) ?? [];
  return reason !== undefined && REASONS.has(reason);
}
