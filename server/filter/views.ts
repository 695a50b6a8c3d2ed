import { maskOf } from "./concepts.ts";
import type { Copy } from "./copy.ts";
import { unbased, unbased85, unescaped, unmorsed, unnumbered } from "./disguises/encodings.ts";
import {
  backwards,
  backwardsByWord,
  counted,
  cutApart,
  gathered,
  joined,
  rotated,
  seamless,
  turned,
  unleeted,
} from "./disguises/letters.ts";
import { mayBeShifted, unshifted } from "./disguises/shifts.ts";
import { hasPigLatin, hasSlips, respelled, unpigged } from "./disguises/spelling.ts";
import { normalise, type Normalised } from "./normalise.ts";
import type { Reading } from "./reading.ts";
import { signsOf } from "./units.ts";

/**
 * One way to read a text. `raw` is the text as this view has it, `copy` its normalised form, `starts` where each unit of `raw` came from in the
 * original (null: it is the original). `depth` counts the disguises that were undone.
 */
export type View = { raw: string; copy: Normalised; starts: Uint32Array | null; depth: number; via: string };

/** Bounds of one text's views: disguises upon disguises, views, and units of all views but the first. */
const MAX_DEPTH = 3;
const MAX_VIEWS = 24;
const MAX_UNITS = 200_000;

/** Units of one view that a disguise is looked for in; Moltbook takes 40,000 for a post. */
const MAX_RAW = 45_000;

/** `once`: undone twice it comes back. `folded`: it is looked for in the normalised copy of a text, not in the text as it came. */
type Disguise = { id: string; once?: true; folded?: true; suspects(reading: Reading): boolean; undo(raw: string): Copy | null };

const rot13 = maskOf("rot13");
const atbash = maskOf("atbash");
const reversed = maskOf("reversed");

const JOINING = signsOf('"+');
const JOINED = /["'] ?\+ ?["']/;
const ESCAPING = signsOf("%\\=+");
const ESCAPE = /%[0-9a-f]{2}|\\[xu0-7][0-9a-f{]|=[0-9a-f]{2}=[0-9a-f]{2}|u\+[0-9a-f]{4}|<~/i;
const UNBROKEN = /[!-~]{25}/;
const UPSIDE_DOWN = /[ǝɹʇʌʍʎɯɥ][^\n]{0,20}[ǝɹʇʌʍʎɯɥ]/;
const MORSE = /(?:[.\-·−–]{1,6}[ /|]{1,3}){5}/;

/** Every disguise: a cheap sign that a text may wear it, seen while the text was read, and how to take it off. */
const DISGUISES: Disguise[] = [
  { id: "escapes", suspects: ({ signs, text }) => (signs & ESCAPING) !== 0 && ESCAPE.test(text), undo: unescaped },
  { id: "numbers", suspects: ({ shorts, oddest, mixed }) => shorts >= 6 || oddest >= 16 || mixed >= 7, undo: unnumbered },
  { id: "base", suspects: ({ oddest }) => oddest >= 12, undo: unbased },
  { id: "base85", suspects: ({ signs, text }) => countBits(signs) >= 5 && UNBROKEN.test(text), undo: unbased85 },
  { id: "morse", suspects: ({ words, text }) => words * 8 < text.length && MORSE.test(text), undo: unmorsed },
  { id: "spaced", suspects: ({ singles }) => singles >= 4, undo: joined },
  { id: "leet", suspects: ({ mixed, signs }) => mixed >= 2 || (mixed >= 1 && (signs & signsOf("@$|+")) !== 0), undo: unleeted },
  { id: "seams", suspects: ({ seams, signs, text }) => seams >= 3 || ((signs & JOINING) === JOINING && JOINED.test(text)), undo: seamless },
  { id: "scattered", folded: true, suspects: ({ shorts }) => shorts >= 8, undo: gathered },
  { id: "misspelled", folded: true, suspects: hasSlips, undo: respelled },
  { id: "pig-latin", folded: true, suspects: hasPigLatin, undo: unpigged },
  { id: "shifted", once: true, folded: true, suspects: mayBeShifted, undo: unshifted },
  { id: "upside-down", once: true, suspects: ({ isForeign, text }) => isForeign && UPSIDE_DOWN.test(text), undo: turned },
  { id: "run-together", suspects: ({ longest }) => longest >= 20, undo: cutApart },
  { id: "rot13", once: true, suspects: (reading) => hinted(reading, rot13), undo: rotated },
  { id: "atbash", once: true, suspects: (reading) => hinted(reading, atbash), undo: counted },
  { id: "backwards", once: true, suspects: (reading) => hinted(reading, reversed), undo: backwards },
  { id: "backwards-words", once: true, suspects: (reading) => hinted(reading, reversed), undo: backwardsByWord },
];

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** Words in disguise that make a text suspect: one may be chance. */
const HINTS = 2;

function hinted({ anyLo, anyHi, lo, hi, events, eventCount }: Reading, mask: { lo: number; hi: number }): boolean {
  if (((anyLo & mask.lo) | (anyHi & mask.hi)) === 0) return false;
  let hints = 0;
  for (let index = 0; index < eventCount && hints < HINTS; index++) {
    const word = events[index] as number;
    if ((((lo[word] as number) & mask.lo) | ((hi[word] as number) & mask.hi)) !== 0) hints += 1;
  }
  return hints >= HINTS;
}

/** The text as it came. */
export function firstView(text: string): View {
  return { raw: text, copy: normalise(text), starts: null, depth: 0, via: "" };
}

/** What views of one text may still cost. */
export type Allowance = { views: number; units: number; seen: Set<string>; spent: boolean };

export function newAllowance(): Allowance {
  return { views: MAX_VIEWS, units: MAX_UNITS, seen: new Set(), spent: false };
}

/** The views in which a disguise that `reading` (of `view`) hints at is undone, within the allowance; `spent` says that some had to be left out. */
export function viewsBehind(view: View, reading: Reading, allowance: Allowance): View[] {
  if (view.depth >= MAX_DEPTH) return [];
  const views: View[] = [];
  for (const disguise of DISGUISES) {
    if ((disguise.once && disguise.id === view.via) || !disguise.suspects(reading)) continue;
    if (allowance.views === 0 || allowance.units <= 0) {
      if (view.depth === 0 || allowance.units <= 0) allowance.spent = true;
      break;
    }
    const source = disguise.folded ? view.copy.text : view.raw;
    const raw = source.slice(0, Math.min(MAX_RAW, allowance.units));
    const copy = disguise.undo(raw);
    allowance.units -= copy === null ? raw.length >> 3 : raw.length;
    if (raw.length < source.length) allowance.spent = true;
    if (copy === null || copy.text === source || allowance.seen.has(copy.text)) continue;
    allowance.seen.add(copy.text);
    allowance.views -= 1;
    views.push({
      raw: copy.text,
      copy: normalise(copy.text),
      starts: composed(disguise.folded && view.copy.starts !== null ? composed(view.starts, view.copy.starts) : view.starts, copy.starts),
      depth: view.depth + 1,
      via: disguise.id,
    });
  }
  return views;
}

function composed(outer: Uint32Array | null, inner: Uint32Array): Uint32Array {
  return outer === null ? inner : inner.map((start) => outer[start] ?? (outer.at(-1) as number));
}

/** The original's range that a non-empty range of a view's normalised copy came from. */
export function rangeIn(view: View, start: number, end: number, length: number): { start: number; end: number } {
  const raw = rangeOf(view.copy.starts, start, end);
  if (view.starts === null) return raw;
  const { start: first, end: last } = rangeOf(view.starts, raw.start, raw.end);
  return { start: Math.min(first, last, length - 1), end: Math.min(Math.max(first, last, first + 1), length) };
}

function rangeOf(starts: Uint32Array | null, start: number, end: number): { start: number; end: number } {
  if (starts === null) return { start, end };
  let after = end;
  while (after < starts.length - 1 && starts[after] === starts[end - 1]) after += 1;
  return { start: starts[start] ?? 0, end: starts[after] ?? 0 };
}
