import { plural } from "./format.ts";
import { Segments } from "./parts.tsx";
import { segmentsOf } from "./visible.ts";

/** A stretch of the one text, of the other, or of both. */
export type Piece = { text: string; change: "kept" | "added" | "removed" };

/** How a difference is looked at; it lives in the address. */
export type Look = { view: "unified" | "side"; by: "words" | "lines"; whitespace: "keep" | "ignore" };

const LOOKS: [string, Partial<Look>][] = [
  ["In one column", { view: "unified" }],
  ["Side by side", { view: "side" }],
  ["By words", { by: "words" }],
  ["By lines", { by: "lines" }],
  ["Blanks count", { whitespace: "keep" }],
  ["Blanks ignored", { whitespace: "ignore" }],
];

/** Lines that stay around a change when what is unchanged is folded away. */
const CONTEXT = 3;

/** The difference of two texts, hostile ones too, and the ways to look at it: links to `address`, which may have a query already; none without it. */
export function DifferenceView({ pieces, look, address }: { pieces: Piece[]; look: Look; address: string | null }) {
  const isSame = pieces.every(({ change }) => change === "kept");
  return (
    <>
      {address === null ? null : (
        <nav class="filters diff-looks" aria-label="How the difference is shown">
          {LOOKS.map(([word, to]) => (
            <LookLink look={look} to={to} address={address} word={word} />
          ))}
        </nav>
      )}
      {isSame ? <p class="quiet-note">There is no difference.</p> : null}
      {isSame ? null : look.view === "side" ? <Sides pieces={pieces} /> : <Unified pieces={pieces} />}
    </>
  );
}

function LookLink({ look, to, address, word }: { look: Look; to: Partial<Look>; address: string; word: string }) {
  const query = new URLSearchParams({ ...look, ...to }).toString();
  const isCurrent = Object.entries(to).every(([name, value]) => look[name as keyof Look] === value);
  return (
    <a href={`${address}${address.includes("?") ? "&" : "?"}${query}#changes`} aria-current={isCurrent ? "true" : undefined} safe>
      {word}
    </a>
  );
}

function Unified({ pieces }: { pieces: Piece[] }) {
  return (
    <div class="diff" tabindex="0" role="group" aria-label="Difference" translate="no">
      {pieces.map((piece, at) => (
        <Stretch piece={piece} isFirst={at === 0} isLast={at === pieces.length - 1} />
      ))}
    </div>
  );
}

function Sides({ pieces }: { pieces: Piece[] }) {
  return (
    <div class="diff diff-sides" tabindex="0" role="group" aria-label="Difference, before and after" translate="no">
      {rowsOf(pieces).map((row) =>
        row.every(({ change }) => change === "kept") ? (
          <div class="diff-both">
            {row.map((piece) => (
              <Stretch piece={piece} isFirst={false} isLast={false} />
            ))}
          </div>
        ) : (
          <>
            <Side pieces={row.filter(({ change }) => change !== "added")} name="Before" />
            <Side pieces={row.filter(({ change }) => change !== "removed")} name="After" />
          </>
        ),
      )}
    </div>
  );
}

function Side({ pieces, name }: { pieces: Piece[]; name: string }) {
  return (
    <div class="diff-side" role="group" aria-label={name}>
      {pieces.map((piece) => (
        <Words piece={piece} />
      ))}
    </div>
  );
}

/** Changes with what little is unchanged between them, and longer unchanged stretches by themselves. */
export function rowsOf(pieces: Piece[]): Piece[][] {
  const rows: Piece[][] = [];
  let isOpen = false;
  for (const piece of pieces) {
    const isBreak = piece.change === "kept" && piece.text.split("\n").length > 2;
    if (isBreak || !isOpen) rows.push([piece]);
    else rows.at(-1)?.push(piece);
    isOpen = !isBreak;
  }
  return rows;
}

/** A piece in its place; of a long unchanged one the middle is folded away. */
function Stretch({ piece, isFirst, isLast }: { piece: Piece; isFirst: boolean; isLast: boolean }) {
  const lines = piece.text.split("\n");
  const head = isFirst ? 0 : CONTEXT;
  const tail = isLast ? 0 : CONTEXT + 1;
  const folded = lines.length - head - tail;
  if (piece.change !== "kept" || folded < 4) return <Words piece={piece} />;
  const part = (from: number, to: number): Piece => ({ text: lines.slice(from, to).join("\n"), change: "kept" });
  return (
    <>
      {head === 0 ? null : <Words piece={part(0, head)} />}
      <details class="diff-kept">
        <summary safe>{`${plural(folded, "line")} unchanged`}</summary>
        <Words piece={part(head, lines.length - tail)} />
      </details>
      {tail === 0 ? null : <Words piece={part(lines.length - tail, lines.length)} />}
    </>
  );
}

/** Longest piece that is shown: longer than any prompt or document, since nobody approves what they were not shown. */
const LONGEST = 300_000;

function Words({ piece }: { piece: Piece }) {
  const { segments } = segmentsOf(piece.text, LONGEST);
  if (piece.change === "kept")
    return (
      <bdi class="untrusted">
        <Segments segments={segments} />
      </bdi>
    );
  const Tag = piece.change === "added" ? "ins" : "del";
  return (
    <Tag>
      <bdi class="untrusted">
        <Segments segments={segments} />
      </bdi>
    </Tag>
  );
}
