import * as z from "zod";

/** What the filter decided for a text, mildest first: pass, pass with a warning, pass with spans removed, keep back. */
export const Band = z.enum(["allow", "mark", "redact", "withhold"]);
export type Band = z.infer<typeof Band>;

/** Kind of Moltbook item that a text belongs to. */
export const ItemKind = z.enum(["post", "comment", "agent", "submolt", "notification", "message", "challenge", "other"]);
export type ItemKind = z.infer<typeof ItemKind>;

/** A place in a text: UTF-16 offsets into the original, end exclusive, and the id of the rule that matched there. */
export const Span = z.object({ start: z.int().min(0), end: z.int().min(0), rule: z.string() });
export type Span = z.infer<typeof Span>;

/**
 * The filter's answer for one text. `score` runs from 0 to 1; `flag` is true for every band worse than allow; `rules` holds rule ids;
 * `reason` is the class of the worst finding, fit for an agent's eyes; `degraded` says that some rule could not be applied.
 */
export const Verdict = z.object({
  band: Band,
  score: z.number().min(0).max(1),
  flag: z.boolean(),
  rules: z.array(z.string()),
  reason: z.string().nullable(),
  spans: z.array(Span),
  version: z.string(),
  degraded: z.boolean(),
});
export type Verdict = z.infer<typeof Verdict>;

/** Where a text comes from: the tool or endpoint, the item's kind, the JSON path inside the response, and the author's handle. */
export type FilterContext = { source: string; kind: ItemKind; field: string; author: string | null };

/** Judges one text. */
export type Judge = (text: string, context: FilterContext) => Verdict;

/** One text that reached, or would have reached, the agent. `field` is a JSON path such as `posts[3].title`; `contentHash` is sha256 hex of `text`. */
export const Exposure = z.object({
  kind: ItemKind,
  itemId: z.string().nullable(),
  author: z.string().nullable(),
  field: z.string(),
  text: z.string(),
  contentHash: z.string(),
  verdict: Verdict,
});
export type Exposure = z.infer<typeof Exposure>;

/** A response after the filter: the value for the agent, what it was exposed to, and how many items were kept back. */
export type Screened = { value: unknown; exposures: Exposure[]; withheld: number };

/** Filters a whole response; `source` names the tool or endpoint that it answers. */
export type Screen = (value: unknown, source: string) => Screened;
