/** A sentence of a report. Quoted titles are taken out of `words` (as `§0`, `§1`…) and kept in `quotes`, so that nothing in them is read. */
export type Sentence = { words: string[]; quotes: string[]; isQuestion: boolean; text: string };

const MOST_TEXT = 200_000;
const LONGEST_SENTENCE = 600;
const QUOTE = "§";
/** Quotation marks of all kinds, and the text of a Markdown link. No alternative can run beyond the next mark of its kind. */
const QUOTED =
  /“([^“”\n]{1,300})”|"([^"\n]{1,300})"|«([^«»\n]{1,300})»|„([^„“”\n]{1,300})[“”]|`([^`\n]{1,300})`|(?<=[\s(:])['‘]([^'‘’\n]{2,300}(?:['’](?=\w)[^'‘’\n]{1,300}){0,6})['’](?=[\s.,;:!?)]|$)|\[([^[\]\n]{1,300})\]\([^()\s]{1,300}\)/g;
const BULLET = /^\s{0,20}(?:(?:[-*•‣▪+–—]|✓|✔|✅|☑️?|\d{1,3}[.)]|#{1,6}|\[[xX]\])\s+){0,4}/u;
const UNDONE = /^\s{0,20}(?:[-*•]\s{0,3})?(?:\[ \]|❌|✗|✘|🚫|⏭)/u;
const IS_BULLET = /^\s{0,20}(?:[-*•‣▪+]|\d{1,3}[.)])\s/;
/** A heading over things that were not done, or not by this run. */
const NOT_NOW =
  /\b(?:plan|plans|planned|next|todo|to do|skipped|not done|could|would|ideas?|considered|later|tomorrow|previous|earlier|rules|never)\b/i;
const WORD = /§\d+|[@#]?[\p{L}\p{N}_][\p{L}\p{N}_'’-]*(?:\/[\p{L}\p{N}_-]+)?|[,:;()[\]—–→|&/!-]/gu;

/**
 * The sentences of a report, without what it quotes (fences, lines that begin with ">"), what it ticks off as undone, and what stands under a
 * heading such as "Next time:". Takes the first 200 000 characters, and 600 of a sentence. Linear in the text.
 */
export function sentencesOf(report: string): Sentence[] {
  const sentences: Sentence[] = [];
  let inFence = false;
  let isIgnored = false;
  for (const line of report.slice(0, MOST_TEXT).split("\n")) {
    if (/^\s{0,20}(?:```|~~~)/.test(line)) inFence = !inFence;
    else if (inFence || /^\s{0,20}>/.test(line) || UNDONE.test(line)) continue;
    else {
      const isHeading = /^\s{0,20}#{1,6} |[:：]\**\s*$/.test(line);
      if (isHeading || !IS_BULLET.test(line)) isIgnored = isHeading && NOT_NOW.test(line);
      if (!isIgnored && !isHeading) sentences.push(...sentencesIn(line));
    }
  }
  return sentences;
}

function sentencesIn(line: string): Sentence[] {
  const quotes: string[] = [];
  const plain = line
    .replace(BULLET, "")
    .replaceAll("§", "")
    .replace(/(?<=^|\s)\(?\d{1,2}\) /g, "; ")
    .replace(/\*{1,3}|__/g, "")
    .replace(QUOTED, (_whole, ...groups: (string | undefined)[]) => {
      quotes.push(groups.slice(0, 7).find((group) => group !== undefined) ?? "");
      return ` ${QUOTE}${quotes.length - 1} `;
    });
  return plain.split(/(?<=[.!?…;])(?=\s|$)/).flatMap((part) => sentenceOf(part.slice(0, LONGEST_SENTENCE), quotes));
}

function sentenceOf(part: string, quotes: string[]): Sentence[] {
  const words = (part.match(WORD) ?? []).map((word) => word.replaceAll("’", "'"));
  return words.length === 0 ? [] : [{ words, quotes, isQuestion: part.trimEnd().endsWith("?"), text: part }];
}

/** The words as they stood, quotes put back. */
export function spoken(words: string[], quotes: string[]): string {
  const text = words.map((word) => (word.startsWith(QUOTE) ? `“${quotes[Number(word.slice(1))] ?? ""}”` : word)).join(" ");
  return text
    .replace(/ ([,:;)\]!])/g, "$1")
    .replace(/([([]) /g, "$1")
    .trim();
}
