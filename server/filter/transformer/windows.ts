/** Tokens that two neighbouring windows share, so that an attack on their border is seen whole by one of them. */
const OVERLAP = 64;

/** Windows that the model judges at once: more take more memory and hardly less time. */
const BATCH = 4;

/** A part of a text, by the text's index, as the model takes it: its tokens between those that open and close a text. */
export type Window = { text: number; ids: number[] };

/** The tokens of texts, cut into overlapping windows of at most `size` with `open` before and `close` after each. An empty text has one window. */
export function windowsOf(texts: number[][], open: number[], close: number[], size: number): Window[] {
  const room = size - open.length - close.length;
  return texts.flatMap((ids, text) => {
    const windows: Window[] = [];
    for (let start = 0; ; start += room - OVERLAP) {
      windows.push({ text, ids: [...open, ...ids.slice(start, start + room), ...close] });
      if (start + room >= ids.length) return windows;
    }
  });
}

/** Windows in batches, short ones together: the shorter ones of a batch are filled up to its longest. */
export function batchesOf(windows: Window[]): Window[][] {
  const sorted = windows.toSorted((one, other) => one.ids.length - other.ids.length);
  return Array.from({ length: Math.ceil(sorted.length / BATCH) }, (_, index) => sorted.slice(index * BATCH, (index + 1) * BATCH));
}
