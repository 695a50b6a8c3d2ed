import type { Span } from "../server/filter/schema.ts";

/** A stretch of a text and the ids of the rules that found something there. */
export type Piece = { text: string; rules: string[] };

/** Findings that are marked; a text made to be found everywhere would otherwise be all marks. */
const MOST_SPANS = 500;

/** Cuts a text, up to `max` UTF-16 units, at the ends of its spans, which may overlap; `more` is how many units were left out. */
export function piecesOf(text: string, spans: Span[], max: number): { pieces: Piece[]; more: number } {
  const end = Math.min(text.length, isInsidePair(text, max) ? max - 1 : max);
  const whole = spans
    .slice(0, MOST_SPANS)
    .map(({ start, end: last, rule }) => ({ start: before(text, start), end: Math.min(end, after(text, last)), rule }))
    .filter((span) => span.start < span.end);
  const edges = [...new Set([0, end, ...whole.flatMap((span) => [span.start, span.end])])].toSorted((one, other) => one - other);
  const pieces: Piece[] = [];
  for (const [index, from] of edges.entries()) {
    const to = edges[index + 1];
    if (to === undefined) break;
    const rules = [...new Set(whole.filter((span) => span.start <= from && span.end >= to).map(({ rule }) => rule))];
    const last = pieces.at(-1);
    if (last !== undefined && last.rules.join(" ") === rules.join(" ")) last.text += text.slice(from, to);
    else pieces.push({ text: text.slice(from, to), rules });
  }
  return { pieces, more: text.length - end };
}

function before(text: string, at: number): number {
  return isInsidePair(text, at) ? at - 1 : at;
}

function after(text: string, at: number): number {
  return isInsidePair(text, at) ? at + 1 : at;
}

/** Whether an offset lies between the two halves of a character. */
function isInsidePair(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
