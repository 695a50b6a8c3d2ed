import { type Hit, isWorthTrying, patternHits, phraseHits, type Prepared, prepared } from "./matching.ts";
import { type Vote, voteOf, WEIGHTS, type Weights, WEIGHTS_ID } from "./model/vote.ts";
import { read, type Reading } from "./reading.ts";
import type { Rule } from "./rule.ts";
import { RULES } from "./rules.ts";
import { FAST_MODEL } from "./rules/model.ts";
import { Band, type FilterContext, type Span, type Verdict } from "./schema.ts";
import { firstView, newAllowance, rangeIn, type View, viewsBehind } from "./views.ts";

/** Changes with every change of a rule, a weight, the lexicon or the normalisation, so that a stored verdict can be explained and replayed. */
export const FILTER_VERSION = `rules-4+model-${WEIGHTS_ID}`;

/** Texts longer than this (UTF-16 units) are withheld unread; Moltbook's own limit for a post is 40,000 characters. */
export const MAX_TEXT = 2_000_000;

/** Reason of a text beyond the bounds. */
export const OVERSIZED = "oversized text";
const UNREADABLE = "unreadable text";

/** Reason of a text that rules alone would let pass, and that the model has not cleared. */
export const SUSPECTED = "suspected injection";

/** Reason of whatever an author has written whom the operator, or the author's own record, has blocked. */
export const BLOCKED_AUTHOR = "blocked author";

/** Reason of a text that would be marked, and is kept back because its author has lost trust: other texts of theirs were kept back of late. */
export const FLAGGED_BEFORE = "author flagged before";

/** Every reason that a verdict can give: a closed vocabulary, so that a reason never carries words of the text. */
export const REASONS: ReadonlySet<string> = new Set([
  ...RULES.map((rule) => rule.reason),
  OVERSIZED,
  UNREADABLE,
  SUSPECTED,
  BLOCKED_AUTHOR,
  FLAGGED_BEFORE,
]);

/** Joint score of unquoted hits from which a text is marked and withheld, whatever their own bands. */
const MARK_SCORE = 0.5;
export const WITHHOLD_SCORE = 0.85;

/** A number, a time or a UUID, of which an answer has many: nothing that could be read. */
const WORDLESS = /^(?:[\d:.+-]{0,32}|\d[\d-]{7,9}[T ][\d:.]{5,18}(?:Z|[+-][\d:]{2,5})?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

type Finding = Span & { shadow: boolean; insists: boolean; family: string; reason: string; weight: number; band: Band; mentioned: boolean };

/**
 * A judge of single texts by the given rules. Each view of the text is read, and the findings of all of them count. The score combines the strongest
 * finding of each rule family (1 − ∏(1 − weight)); the band is the worst of any finding, or what the findings together weigh. Nothing is allowed
 * because something broke: a rule that throws, or views left out, leave at least a mark and `degraded`; a text that cannot be read is withheld. A
 * verification challenge is at most marked, since the agent has to answer it. A judge never throws.
 */
export function judgeBy(rules: readonly Rule[], weights: Weights | null = WEIGHTS): (text: string, context: FilterContext) => Verdict {
  const ready = prepared(rules);
  return (text, context) => {
    const judged = judge(text, ready, weights);
    return context.kind === "challenge" && judged.flag ? { ...judged, band: "mark" } : judged;
  };
}

/** The filter's one question, asked of every string that reaches the agent: what is to be done with this text? See `judgeBy`. */
export const verdict = judgeBy(RULES);

/** The graver of two bands. */
export function worse(one: Band, other: Band): Band {
  return Band.options.indexOf(one) >= Band.options.indexOf(other) ? one : other;
}

function judge(text: string, ready: Prepared, weights: Weights | null): Verdict {
  try {
    if (text.length > MAX_TEXT) return unread(OVERSIZED);
    if (text.length <= 40 && WORDLESS.test(text)) return ALLOWED;
    const findings: Finding[] = [];
    const allowance = newAllowance();
    let degraded = false;
    const views = [firstView(text)];
    for (let view = views.shift(); view !== undefined; view = views.shift()) {
      const reading = read(view.copy.text);
      const hits: Hit[] = [];
      if (!tryRules(view, reading, ready, hits)) degraded = true;
      for (const hit of hits) findings.push(findingOf(hit, view, text.length));
      const vote = weights === null ? null : voteOf(weights, reading);
      if (vote !== null) findings.push(findingOfVote(vote, view, text.length));
      views.push(...viewsBehind(view, reading, allowance));
    }
    return conclude(findings, degraded || allowance.spent);
  } catch {
    return unread(UNREADABLE);
  }
}

/** The model's word as a finding: it adds its weight to what the rules found. */
function findingOfVote({ weight, start, end }: Vote, view: View, length: number): Finding {
  const { id, family, reason } = FAST_MODEL;
  return {
    ...rangeIn(view, start, end, length),
    rule: id,
    shadow: false,
    insists: false,
    family,
    reason,
    mentioned: false,
    weight,
    band: "allow",
  };
}

/** Adds the hits of all rules in a view; false when some rule broke. */
function tryRules(view: View, reading: Reading, ready: Prepared, hits: Hit[]): boolean {
  let whole = true;
  phraseHits(ready, reading, hits);
  for (const pattern of ready.patterns) {
    const { rule } = pattern;
    if (rule.on === "raw") {
      if (view.depth > 0 || !(view.copy.hidden || view.copy.alike)) continue;
    } else if (!isWorthTrying(pattern, reading)) continue;
    try {
      patternHits(rule, rule.on === "raw" ? view.raw : view.copy.text, hits);
    } catch {
      whole = false;
    }
  }
  return whole;
}

function unread(reason: string): Verdict {
  return { band: "withhold", score: 1, flag: true, rules: [], reason, spans: [], version: FILTER_VERSION, degraded: true };
}

/** A hit that is so much of its text is what the text is for: a mild rule's weight then grows by half. */
const MAIN_SHARE = 0.12;

function findingOf({ rule, start, end, mentioned }: Hit, view: View, length: number): Finding {
  const range = rule.on === "raw" ? { start, end } : rangeIn(view, start, end, length);
  const { id, family, reason } = rule;
  const isMain = rule.band === "allow" && !rule.across && end - start >= view.copy.text.length * MAIN_SHARE;
  const weight = isMain ? rule.weight * 1.5 : rule.weight;
  return {
    ...range,
    rule: id,
    shadow: rule.shadow === true,
    insists: rule.band === "allow" && rule.phrases !== undefined,
    family,
    reason,
    mentioned,
    weight: mentioned ? weight / 2 : weight,
    band: mentioned && rule.band !== "allow" ? "mark" : rule.band,
  };
}

function conclude(all: Finding[], degraded: boolean): Verdict {
  if (all.length === 0 && !degraded) return ALLOWED;
  const [reporting = [], acting = []] = [true, false].map((shadow) => all.filter((finding) => finding.shadow === shadow));
  const findings = withoutEchoes(insisted(acting));
  const score = scoreOf(findings);
  const plain = scoreOf(findings.filter((finding) => !finding.mentioned));
  const together =
    plain >= WITHHOLD_SCORE && findings.some(({ rule }) => rule !== FAST_MODEL.id)
      ? "withhold"
      : score >= MARK_SCORE || degraded
        ? "mark"
        : "allow";
  const band = findings.reduce((worst, finding) => worse(worst, finding.band), together as Band);
  const gravest = findings.toSorted((one, other) => gravity(other) - gravity(one))[0];
  return {
    band,
    score,
    flag: band !== "allow",
    rules: [...new Set([...findings, ...reporting].map((finding) => finding.rule))],
    reason: band === "allow" ? null : (gravest?.reason ?? UNREADABLE),
    spans: spansOf(findings),
    version: FILTER_VERSION,
    degraded,
  };
}

/** Hits of one mild rule from which a text insists: its weight then grows by half too. */
const INSISTING = 4;

function insisted(findings: Finding[]): Finding[] {
  const places = new Map<string, Set<number>>();
  for (const { rule, start } of findings) places.set(rule, (places.get(rule) ?? new Set()).add(start));
  return findings.map((finding) =>
    finding.insists && (places.get(finding.rule)?.size ?? 0) >= INSISTING
      ? { ...finding, weight: Math.min(0.6, finding.weight * 1.5) }
      : finding,
  );
}

/** The findings without the mild ones of a family that has a graver one: they say the same thing again. */
function withoutEchoes(findings: Finding[]): Finding[] {
  const grave = new Set(findings.filter((finding) => finding.band !== "allow").map((finding) => finding.family));
  return findings.filter((finding) => finding.band !== "allow" || !grave.has(finding.family));
}

const ALLOWED: Verdict = Object.freeze({
  band: "allow",
  score: 0,
  flag: false,
  rules: [],
  reason: null,
  spans: [],
  version: FILTER_VERSION,
  degraded: false,
});

/** 1 − ∏(1 − weight) over the strongest finding of each family, to four decimals. */
function scoreOf(findings: Finding[]): number {
  const strongest = new Map<string, number>();
  for (const { family, weight } of findings) strongest.set(family, Math.max(weight, strongest.get(family) ?? 0));
  const doubt = [...strongest.values()].reduce((left, weight) => left * (1 - weight), 1);
  return Math.round((1 - doubt) * 10_000) / 10_000;
}

/** The findings' places in order; those that different views show at the same place count once. */
function spansOf(findings: Finding[]): Span[] {
  const spans = new Map(findings.map(({ start, end, rule }) => [`${start} ${end} ${rule}`, { start, end, rule }]));
  return [...spans.values()].toSorted((one, other) => one.start - other.start || one.end - other.end);
}

function gravity(finding: Finding): number {
  return Band.options.indexOf(finding.band) + finding.weight;
}
