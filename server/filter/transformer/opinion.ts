import type { ItemKind, Verdict } from "../schema.ts";
import { FILTER_VERSION, SUSPECTED, WITHHOLD_SCORE, worse } from "../verdict.ts";

/** From this score up to where the rules withhold by themselves, a text is doubtful: only then is the model asked. */
const DOUBT_SCORE = 0.1;

/** Weight of the model beside the families of rules: with it a text that the rules would pass is marked at most, a marked one can be withheld. */
const WEIGHT = 0.6;

/** What the vote is called among the rules of a verdict. */
const RULE = "transformer";

/** What the model says of a text: how likely it is an attack, 0 to 1, or null where it did not answer; and which model that was. */
export type Opinion = { score: number | null; model: string };

/** Whether the rules are unsure of a text: they have found something and do not withhold it, or could not be applied. */
export function isDoubtful({ band, score, degraded }: Verdict): boolean {
  return band !== "withhold" && (degraded || score >= DOUBT_SCORE);
}

/**
 * A doubtful text's verdict with the model's opinion in it, never milder than it was. An opinion of `threshold` or more joins the score as one more
 * family of rules would (1 − ∏(1 − weight)), and marks the text, or withholds it where the joint score is high enough. Without an opinion the verdict
 * stands, but nothing passes because something broke: it is `degraded`, and at least a mark.
 */
export function revised(verdict: Verdict, { score, model }: Opinion, threshold: number, kind: ItemKind): Verdict {
  const version = `${FILTER_VERSION}+${model}`;
  if (score !== null && score < threshold) return { ...verdict, version };
  const marked = { ...verdict, version, band: worse(verdict.band, "mark"), flag: true, reason: verdict.reason ?? SUSPECTED };
  if (score === null) return { ...marked, degraded: true };
  const joint = Math.round((1 - (1 - verdict.score) * (1 - WEIGHT * score)) * 10_000) / 10_000;
  const isWithheld = joint >= WITHHOLD_SCORE && kind !== "challenge";
  return { ...marked, band: isWithheld ? "withhold" : marked.band, score: joint, rules: [...verdict.rules, RULE] };
}
