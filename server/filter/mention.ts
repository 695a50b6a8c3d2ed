/** Words before a hit that announce an example or a report rather than an order; words of speech and denial only right before it. */
const CUES = [
  /\b(?:examples? of|for example|e\.g\.?|such as|detect(?:s|ing|ion)?|injections?|payloads?|attack(?:s|ers?)?|jailbreaks?|phrases?|patterns?)\b[^\n.!?]{0,100}$/i,
  /\b(?:asks?|asked|asking|told|tells|telling|tried|tries|trying|says?|said|saying|claims?|contains?|contained)\b[^\n.!?]{0,25}$/i,
  /\b(?:never|don't|do not|won't|refused to) $/i,
];

/** Units looked at on either side of a hit, so that the cost per hit is bounded. */
const WINDOW = 400;

/** A quotation that is most of its text is the text's own voice. */
const QUOTED_SHARE = 0.6;

/** Code fences looked at; a text with more is no discussion. */
const FENCES = 200;

/** A test for one text: does [start, end) stand in quotes, code, a quoted line, or after words that announce an example (spoken about, not spoken)? */
export function mentionsIn(text: string): (start: number, end: number) => boolean {
  let fences: number[] | null = null;
  return (start, end) => {
    const before = text.slice(Math.max(0, start - WINDOW), start);
    const lineBefore = before.slice(before.lastIndexOf("\n") + 1);
    const lineAfter = text.slice(end, end + WINDOW).split("\n", 1)[0] ?? "";
    if (/^ ?>/.test(lineBefore) || CUES.some((cue) => cue.test(lineBefore))) return true;
    fences ??= fencesOf(text);
    const around = [
      fenced(fences, text.length, start, end),
      paired(lineBefore, lineAfter, '"'),
      paired(lineBefore, lineAfter, "`"),
      inSingleQuotes(lineBefore, lineAfter),
    ];
    return around.some((units) => units !== null && units + end - start < text.length * QUOTED_SHARE);
  };
}

function fencesOf(text: string): number[] {
  const fences: number[] = [];
  for (let at = text.indexOf("```"); at >= 0 && fences.length < FENCES; at = text.indexOf("```", at + 3)) fences.push(at);
  return fences;
}

/** Units of the code block around a hit, besides the hit; null outside blocks. A block left open runs to the end of the text. */
function fenced(fences: number[], length: number, start: number, end: number): number | null {
  const opened = fences.filter((fence) => fence < start);
  const open = opened.at(-1);
  const close = fences[opened.length] ?? length;
  return open === undefined || opened.length % 2 === 0 || close < end ? null : start - open + close - end;
}

/** Units between a pair of equal marks around a hit on its line; null when the marks before it are balanced. */
function paired(lineBefore: string, lineAfter: string, mark: string): number | null {
  const close = lineAfter.indexOf(mark);
  if (close < 0 || lineBefore.split(mark).length % 2 === 1) return null;
  return lineBefore.length - lineBefore.lastIndexOf(mark) + close;
}

/** As `paired`, for single quotes, which also serve as apostrophes: an opening one follows no letter, a closing one precedes none. */
function inSingleQuotes(lineBefore: string, lineAfter: string): number | null {
  const open = /(?:^|[\s(:[])'(?!\s)[^'\n]{0,200}$/.exec(lineBefore);
  const close = /'(?!\w)/.exec(lineAfter);
  return open === null || close === null ? null : lineBefore.length - open.index + close.index;
}
