/** A stretch of text. `hidden`: it names characters that a reader would not see, or that would change what is seen around them. */
export type Segment = { text: string; hidden: boolean };

/**
 * Characters that deceive: controls (ANSI escapes begin with one), format characters such as zero-width and bidirectional ones, tag
 * characters, lone surrogates, line separators, and whatever Unicode lets a renderer ignore (UAX 44, Default_Ignorable_Code_Point).
 * Line feeds and tabs are plain, and so are the joiners and selectors inside an emoji. Piles of combining marks count as hidden too.
 */
const IN_EMOJI = /(?<=\p{Emoji}[\u{FE0F}\p{Emoji_Modifier}]?)(?:\u{FE0F}|\u{200D}(?=\p{Emoji}))/v;
const DECEPTIVE = /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\n\t]]/v;
const HIDDEN = new RegExp(`((?:(?!${IN_EMOJI.source})${DECEPTIVE.source})+|\\p{M}{6,})`, "v");

/**
 * Cuts hostile text into what may be shown as it is and what must be named instead, after at most `max` UTF-16 units;
 * `more` is how many were left out.
 */
export function segmentsOf(text: string, max: number): { segments: Segment[]; more: number } {
  const splitsPair = text.length > max && /[\uD800-\uDBFF]/.test(text.charAt(max - 1));
  const end = splitsPair ? max - 1 : max;
  const segments = text
    .slice(0, end)
    .replaceAll("\r\n", "\n")
    .split(HIDDEN)
    .map((part, index) => (index % 2 === 0 ? { text: part, hidden: false } : { text: `⟨${nameOf(part)}⟩`, hidden: true }))
    .filter((segment) => segment.text !== "");
  return { segments, more: Math.max(0, text.length - end) };
}

/** "U+202E", "U+200B ×12", "U+200B U+200C U+200D … 38 characters", or what tag characters spell out. */
function nameOf(run: string): string {
  const points = Array.from(run, (character) => character.codePointAt(0) ?? 0);
  const spelled = points
    .filter((point) => point >= 0xe0020 && point < 0xe007f)
    .map((point) => String.fromCodePoint(point - 0xe0000))
    .join("");
  if (spelled !== "") return `hidden tags: ${spelled}`;
  const [first = 0] = points;
  if (points.every((point) => point === first)) return points.length === 1 ? hex(first) : `${hex(first)} ×${points.length}`;
  return points.length <= 4 ? points.map(hex).join(" ") : `${points.slice(0, 3).map(hex).join(" ")} … ${points.length} characters`;
}

function hex(point: number): string {
  return `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
}
