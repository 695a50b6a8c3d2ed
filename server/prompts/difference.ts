import { type Change, diffLines, diffWordsWithSpace } from "diff";

/** A stretch of the one text, of the other, or of both. */
export type Piece = { text: string; change: "kept" | "added" | "removed" };

/** `by` words or whole lines; `ignoreSpace`: lines that differ by blanks at their ends and their indentation alone are the same. */
export type Reading = { by: "words" | "lines"; ignoreSpace: boolean };

/**
 * Edits beyond which two texts are too different for their difference to be worth its time, which grows with the square of the edits: of lines, of the
 * words of a stretch, and of all stretches together.
 */
const MOST_EDITS = { lines: 600, words: 400, together: 5000 };

/**
 * What has to be taken out of `before` and put into `after`, in order: the kept and added pieces make up `after`, the kept and removed ones
 * `before` (with `ignoreSpace`, but for blanks). Myers' algorithm, line by line; by words, only the lines that changed are read again word
 * by word. Bounded for any two texts: what differs too much is replaced as a whole.
 */
export function differenceOf(before: string, after: string, { by, ignoreSpace }: Reading): Piece[] {
  const options = { ignoreWhitespace: ignoreSpace, maxEditLength: MOST_EDITS.lines };
  const lines = piecesOf(diffLines(before, after, options), before, after);
  return by === "lines" ? lines : wordwise(lines);
}

/** How many characters a difference adds, and how many it removes. */
export function sizeOf(pieces: readonly Piece[]): { added: number; removed: number } {
  const sum = (change: Piece["change"]) => pieces.reduce((total, piece) => total + (piece.change === change ? piece.text.length : 0), 0);
  return { added: sum("added"), removed: sum("removed") };
}

/** A difference as a text: every line with "+", "-" or a blank before it, and of what is kept only the three lines on either side. */
export function patchOf(before: string, after: string): string {
  const pieces = differenceOf(before, after, { by: "lines", ignoreSpace: false });
  return pieces.flatMap((piece, at) => marked(piece, at === 0, at === pieces.length - 1)).join("\n");
}

type Found = ReturnType<typeof diffLines> | undefined;

function piecesOf(found: Found, before: string, after: string): Piece[] {
  const pieces: Piece[] = found
    ? found.map(({ value, added, removed }) => ({ text: value, change: added ? "added" : removed ? "removed" : "kept" }))
    : [
        { text: before, change: "removed" },
        { text: after, change: "added" },
      ];
  return pieces.filter(({ text }) => text !== "");
}

/** Reads neighbours of which the one was removed and the other added once more, word by word, as long as there are not too many. */
function wordwise(lines: Piece[]): Piece[] {
  const pieces: Piece[] = [];
  let left = MOST_EDITS.together;
  for (let at = 0; at < lines.length; at += 1) {
    const [piece, next] = [lines[at] as Piece, lines[at + 1]];
    if (piece.change === "removed" && next?.change === "added") {
      const most = Math.min(MOST_EDITS.words, left);
      const words = diffWordsWithSpace(piece.text, next.text, { maxEditLength: most });
      left -= words ? editsIn(words) : most;
      pieces.push(...piecesOf(words, piece.text, next.text));
      at += 1;
    } else pieces.push(piece);
  }
  return pieces;
}

function editsIn(words: Change[]): number {
  return words.reduce((sum, { added, removed, count }) => sum + (added || removed ? count : 0), 0);
}

const SIGN: Record<Piece["change"], string> = { kept: " ", added: "+", removed: "-" };
const CONTEXT = 3;

function marked({ text, change }: Piece, isFirst: boolean, isLast: boolean): string[] {
  const lines = text.replace(/\n$/, "").split("\n");
  const [head, tail] = [isFirst ? 0 : CONTEXT, isLast ? 0 : CONTEXT];
  const isLong = change === "kept" && lines.length > head + tail;
  const shown = isLong ? [...lines.slice(0, head), null, ...(tail === 0 ? [] : lines.slice(-tail))] : lines;
  return shown.map((line) => (line === null ? "…" : SIGN[change] + line));
}
