/** A text made from another one. `starts` gives, for each UTF-16 unit and for the end, the offset in the text it was made from. */
export type Copy = { text: string; starts: Uint32Array };

/** A copy under construction. */
export type Draft = { parts: string[]; starts: number[] };

/** Starts a copy. */
export function newDraft(): Draft {
  return { parts: [], starts: [] };
}

/** Adds the units of `source` from `start` to `end` as they are. */
export function keep(draft: Draft, source: string, start: number, end: number): void {
  draft.parts.push(source.slice(start, end));
  for (let at = start; at < end; at++) draft.starts.push(at);
}

/** Adds a text that stands for the source's units from `start` on. */
export function put(draft: Draft, text: string, start: number): void {
  draft.parts.push(text);
  for (let index = 0; index < text.length; index++) draft.starts.push(start);
}

/** The finished copy of a source. */
export function finish({ parts, starts }: Draft, source: string): Copy {
  const all = new Uint32Array(starts.length + 1);
  all.set(starts);
  all[starts.length] = source.length;
  return { text: parts.join(""), starts: all };
}

/** A copy in which each match of a pattern (with the g flag) is replaced by what `replacement` makes of it; null keeps it. Null: nothing changed. */
export function replaced(source: string, pattern: RegExp, replacement: (match: RegExpMatchArray) => string | null): Copy | null {
  const draft = newDraft();
  let end = 0;
  let changed = false;
  for (const match of source.matchAll(pattern)) {
    const text = replacement(match);
    if (text === null) continue;
    changed = true;
    keep(draft, source, end, match.index);
    put(draft, text, match.index);
    end = match.index + match[0].length;
  }
  if (!changed) return null;
  keep(draft, source, end, source.length);
  return finish(draft, source);
}

/** A copy of the same length in which each unit stands for the same unit of the source. */
export function aligned(source: string, text: string): Copy {
  return { text, starts: Uint32Array.from({ length: source.length + 1 }, (_, at) => at) };
}
