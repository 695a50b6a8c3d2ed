import { candidatesAmong } from "./clues.ts";
import { mentionsIn } from "./mention.ts";
import { normalise, type Normalised, originalRange } from "./normalise.ts";
import type { Rule } from "./rule.ts";
import { RULES } from "./rules.ts";
import { Band, type FilterContext, type Span, type Verdict } from "./schema.ts";

/** Changes with every change of a rule, a weight or the normalisation, so that a stored verdict can be explained and replayed. */
export const FILTER_VERSION = "rules-1";

/** Texts longer than this (UTF-16 units) are withheld unread; Moltbook's own limit for a post is 40,000 characters. */
export const MAX_TEXT = 2_000_000;

/** Reason of a text beyond the bounds. */
export const OVERSIZED = "oversized text";
const UNREADABLE = "unreadable text";

/** Reason of a text that rules alone would let pass, and that the model has not cleared. */
export const SUSPECTED = "suspected injection";

/** Every reason that a verdict can give: a closed vocabulary, so that a reason never carries words of the text. */
export const REASONS: ReadonlySet<string> = new Set([...RULES.map((rule) => rule.reason), OVERSIZED, UNREADABLE, SUSPECTED]);

/** Joint score of unquoted hits from which a text is withheld, whatever their own bands. */
export const WITHHOLD_SCORE = 0.85;

/** Hits of one rule that are looked at: more would change no verdict. */
const HITS_PER_RULE = 16;

/** A handle, slug or address, which is also read with its separators as spaces: `ignore-all-rules`. */
const SLUG = /^[\w\-.+/:?&=#%~]{1,300}$/;

type Finding = Span & { family: string; reason: string; weight: number; band: Band; mentioned: boolean };

/**
 * A judge of single texts by the given rules. The score combines the strongest hit of each rule family (1 − ∏(1 − weight)); the band is the
 * worst of any hit, or withhold where the hits together weigh enough. Nothing is allowed because something broke: a rule that throws leaves
 * at least a mark and `degraded`, a text that cannot be read is withheld. A verification challenge is at most marked, since the agent has to
 * answer it. A judge never throws.
 */
export function judgeBy(rules: readonly Rule[]): (text: string, context: FilterContext) => Verdict {
  const candidates = candidatesAmong(rules);
  return (text, context) => {
    const judged = judge(text, candidates);
    return context.kind === "challenge" && judged.flag ? { ...judged, band: "mark" } : judged;
  };
}

/** The filter's one question, asked of every string that reaches the agent: what is to be done with this text? See `judgeBy`. */
export const verdict = judgeBy(RULES);

/** The graver of two bands. */
export function worse(one: Band, other: Band): Band {
  return Band.options.indexOf(one) >= Band.options.indexOf(other) ? one : other;
}

function judge(text: string, candidates: (text: string) => Rule[]): Verdict {
  const findings: Finding[] = [];
  let degraded = false;
  try {
    if (text.length > MAX_TEXT) return unread(OVERSIZED);
    for (const copy of copiesOf(text)) {
      const isMentioned = mentionsIn(copy.text);
      for (const rule of candidates(copy.text)) {
        if (rule.on === "raw" && !copy.hidden) continue;
        try {
          findings.push(...findingsOf(rule, text, copy, isMentioned));
        } catch {
          degraded = true;
        }
      }
    }
  } catch {
    return unread(UNREADABLE);
  }
  return conclude(findings, degraded);
}

function unread(reason: string): Verdict {
  return { band: "withhold", score: 1, flag: true, rules: [], reason, spans: [], version: FILTER_VERSION, degraded: true };
}

/** The copies to match: the normalised one, and of a slug also one that reads like a sentence. */
function copiesOf(text: string): Normalised[] {
  const copy = normalise(text);
  return SLUG.test(copy.text) ? [copy, { ...copy, text: copy.text.replace(/[-_.+/=&]/g, " ") }] : [copy];
}

function findingsOf(rule: Rule, original: string, copy: Normalised, isMentioned: (start: number, end: number) => boolean): Finding[] {
  const text = rule.on === "raw" ? original : copy.text;
  const findings: Finding[] = [];
  rule.pattern.lastIndex = 0;
  for (let match = rule.pattern.exec(text); match !== null && findings.length < HITS_PER_RULE; match = rule.pattern.exec(text)) {
    const start = match.index;
    const end = start + match[0].length;
    if (rule.unless?.test(text.slice(Math.max(0, start - 60), start))) continue;
    const mentioned = rule.quotable && isMentioned(start, end);
    const range = rule.on === "raw" ? { start, end } : originalRange(copy, start, end);
    const { id, family, reason } = rule;
    findings.push({
      ...range,
      rule: id,
      family,
      reason,
      mentioned,
      weight: mentioned ? rule.weight / 2 : rule.weight,
      band: mentioned ? "mark" : rule.band,
    });
  }
  return findings;
}

function conclude(findings: Finding[], degraded: boolean): Verdict {
  const together = scoreOf(findings.filter((finding) => !finding.mentioned)) >= WITHHOLD_SCORE ? "withhold" : "allow";
  const band = findings.reduce((worst, finding) => worse(worst, finding.band), worse(together, degraded ? "mark" : "allow"));
  const gravest = findings.toSorted((one, other) => gravity(other) - gravity(one))[0];
  return {
    band,
    score: scoreOf(findings),
    flag: band !== "allow",
    rules: [...new Set(findings.map((finding) => finding.rule))],
    reason: gravest?.reason ?? (degraded ? UNREADABLE : null),
    spans: findings.map(({ start, end, rule }) => ({ start, end, rule })).toSorted((one, other) => one.start - other.start),
    version: FILTER_VERSION,
    degraded,
  };
}

/** 1 − ∏(1 − weight) over the strongest finding of each family, to four decimals. */
function scoreOf(findings: Finding[]): number {
  const strongest = new Map<string, number>();
  for (const { family, weight } of findings) strongest.set(family, Math.max(weight, strongest.get(family) ?? 0));
  const doubt = [...strongest.values()].reduce((left, weight) => left * (1 - weight), 1);
  return Math.round((1 - doubt) * 10_000) / 10_000;
}

function gravity(finding: Finding): number {
  return Band.options.indexOf(finding.band) + finding.weight;
}
